//! The one integration test binary: real PostgreSQL, real sockets, a model scripted over HTTP.

mod agreement;
mod answers;
mod bad_servers;
mod closing;
mod duckdb;
mod engines;
mod events;
mod faults;
mod golden;
mod layers;
mod llm;
mod manners;
mod models;
mod questions;
mod redis;
mod rest;
mod sockets;
mod startup;
mod support;
