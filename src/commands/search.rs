//! `queryforge search`: which tables, columns and values a question is about, for collections of questions.

use super::Done;
use crate::config::{EmbeddingProvider, EmbeddingSettings, Settings};
use crate::embedding::{self, Embedder};
use crate::knowledge::search::{LineEmbedder, search_lines};
use clap::Args;
use futures::future::try_join_all;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

#[derive(Args)]
pub struct Arguments {
    /// By words alone, whatever EMBEDDING_PROVIDER says
    #[arg(long, conflicts_with = "model")]
    lexical: bool,
    /// By meaning as well, with the sentence transformer in this folder
    #[arg(long, value_name = "FOLDER")]
    model: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Done {
    let settings = match &arguments.model {
        _ if arguments.lexical => None,
        Some(folder) => Some(EmbeddingSettings {
            provider: EmbeddingProvider::Local {
                folder: folder.clone(),
            },
            dimension: 0,
            question_wait: Duration::MAX,
        }),
        None => Settings::from_env()?.embedding,
    };
    // the answers are on the standard output, each line of its own
    let mut left_out = |note: &str| eprintln!("left out: {note}");
    let input = io::stdin().lock();
    let output = io::BufWriter::new(io::stdout().lock());
    let Some(settings) = settings else {
        search_lines(input, output, None, &mut left_out)?;
        return Ok(ExitCode::SUCCESS);
    };
    crate::llm::install_crypto();
    let embedder = embedding::configured(&settings)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let embed = |texts: &[String]| {
        runtime
            .block_on(in_parallel(&embedder, texts))
            .map_err(|error| error.to_string())
    };
    let embedder = LineEmbedder {
        id: embedder.id(),
        embed: &embed,
    };
    search_lines(input, output, Some(&embedder), &mut left_out)?;
    Ok(ExitCode::SUCCESS)
}

/// A local model computes on one core: nobody else wants the others here.
async fn in_parallel(
    embedder: &Arc<dyn Embedder>,
    texts: &[String],
) -> Result<Vec<Vec<f32>>, embedding::EmbedError> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let part = texts.len().div_ceil(cores).max(16);
    let parts = texts.chunks(part).map(|part| embedder.embed(part));
    Ok(try_join_all(parts).await?.concat())
}
