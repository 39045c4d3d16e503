//! What is known about a dataset: its schema ready to be asked, search over it, samples to begin with.

pub mod configured;
pub mod live;
pub mod meaning;
pub mod samples;
pub mod search;

pub use live::{DatasetError, Datasets, LiveDataset};
