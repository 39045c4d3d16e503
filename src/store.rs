//! Our own PostgreSQL: conversations, turns, results, feedback, schemas.

pub mod embedded;
