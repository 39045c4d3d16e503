//! What is known about a dataset: its schema ready to be asked, search over it, what experts added, examples.

pub mod configured;
pub mod drift;
pub mod enrichment;
pub mod example_files;
pub mod examples;
pub mod learning;
pub mod live;
pub mod meaning;
pub mod onboarding;
pub mod overlay;
pub mod overview;
pub mod samples;
pub mod search;
pub mod wording;

pub use live::{DatasetError, Datasets, LiveDataset, Refreshed};
