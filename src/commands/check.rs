//! `queryforge check`: a linter for collections of queries.

use super::Done;
use clap::Args;
use std::io;
use std::process::ExitCode;

#[derive(Args)]
pub struct Arguments {
    /// Say which layer decided
    #[arg(long)]
    explain: bool,
}

pub fn run(arguments: &Arguments) -> Done {
    let output = io::BufWriter::new(io::stdout().lock());
    crate::query::lint::check_lines(io::stdin().lock(), output, arguments.explain)?;
    Ok(ExitCode::SUCCESS)
}
