//! What the integration tests share.

#[allow(dead_code, reason = "every kind of fault is on offer, used or not")]
pub mod model;
