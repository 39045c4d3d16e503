//! QueryForge: a question in plain language becomes a database query and its answer, in the open.

pub mod access;
pub mod answering;
pub mod app;
pub mod builtin;
pub mod cache;
pub mod commands;
pub mod config;
pub mod conversation;
pub mod embedding;
pub mod ids;
pub mod knowledge;
pub mod llm;
pub mod prompts;
pub mod protocol;
pub mod query;
pub mod schema;
pub mod server;
pub mod store;
pub mod target;
