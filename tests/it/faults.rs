//! What survives: processes that are killed, sockets that are cut, databases that go away.
//!
//! Each has a short form, which always runs, and a long one behind `#[ignore]`:
//!
//! ```text
//! make test-faults
//! ```
//!
//! The processes are real ones over one PostgreSQL, the model is ours and counts its calls, and
//! [`checker`] reads the tables and what every tab was shown, and decides.

mod checker;
mod dependencies;
mod drops;
mod kills;
mod questions;
