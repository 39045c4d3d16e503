//! What the verbs of the command line do.

pub mod ask;
pub mod check;
pub mod import;
pub mod onboard;
mod remote;
pub mod replay;
pub mod search;
pub mod serve;

use std::error::Error;
use std::process::ExitCode;

/// What a verb comes to; an error is printed for the person who typed it.
pub type Done = Result<ExitCode, Box<dyn Error>>;

/// `queryforge duckdb-worker`: see [`crate::target::duckdb`].
pub fn duckdb_worker() -> Done {
    crate::target::duckdb::worker::serve()?;
    Ok(ExitCode::SUCCESS)
}
