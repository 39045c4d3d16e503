//! What is known about a dataset: search over its schema, examples, glossary.

pub mod samples;
pub mod search;
