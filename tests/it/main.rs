//! The one integration test binary: real PostgreSQL, real sockets, a model scripted over HTTP.

mod answers;
mod bad_servers;
mod duckdb;
mod engines;
mod golden;
mod layers;
mod llm;
mod questions;
mod redis;
mod rest;
mod sockets;
mod startup;
mod support;
