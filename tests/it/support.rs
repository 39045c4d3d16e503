//! What the integration tests share: servers, clients that keep state as a browser would, a scripted model.

pub mod client;
pub mod embedder;
pub mod mariadb;
#[allow(dead_code, reason = "every kind of fault is on offer, used or not")]
pub mod model;
pub mod program;
pub mod proxy;
pub mod queries;
pub mod raw;
pub mod redis;
pub mod server;
pub mod sse;
pub mod tab;
