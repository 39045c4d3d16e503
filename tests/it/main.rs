//! The one integration test binary: real PostgreSQL, real sockets, a model scripted over HTTP.

mod agreement;
mod answers;
mod autobahn;
mod bad_servers;
mod closing;
mod cost;
mod duckdb;
mod engines;
mod events;
mod faults;
mod golden;
mod harmless;
mod knowledge;
mod layers;
mod llm;
mod manners;
mod meaning;
mod models;
mod processes;
mod questions;
mod redis;
mod rest;
mod sockets;
mod stalled;
mod startup;
mod support;
