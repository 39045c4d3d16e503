//! What the verbs of the command line do.

pub mod ask;
pub mod check;
pub mod replay;
pub mod serve;

use std::error::Error;
use std::io;
use std::process::ExitCode;

/// What a verb comes to; an error is printed for the person who typed it.
pub type Done = Result<ExitCode, Box<dyn Error>>;

/// `queryforge search`: JSON lines in, JSON lines out.
pub fn search() -> Done {
    let output = io::BufWriter::new(io::stdout().lock());
    crate::knowledge::search::search_lines(io::stdin().lock(), output)?;
    Ok(ExitCode::SUCCESS)
}

/// `queryforge duckdb-worker`: see [`crate::target::duckdb`].
pub fn duckdb_worker() -> Done {
    crate::target::duckdb::worker::serve()?;
    Ok(ExitCode::SUCCESS)
}
