//! QueryForge: a question in plain language becomes a database query and its answer, in the open.
//!
//! # The house
//!
//! Imports point down only; `tests/it/layers.rs` holds the list and names file and line otherwise.
//!
//! ```text
//!   7                   commands      serve · migrate · ask · check · search · onboard · import · replay
//!   6                    server       HTTP, sockets, who may come in: the only module that knows axum
//!   5                 conversation    whose turn it is, cancel, log, resume
//!   4                  answering      one question to one answer, one file per stage
//!   3                     app         everything that outlives a request, built once
//!   2                  knowledge      datasets ready to be asked: snapshot, index, checker, samples
//!   1   store  cache  llm  embedding  target  prompts  builtin  telemetry   the outside world, and the built-in generator
//!   0   protocol  ids  access  query  schema  config  calibration  breaker  data and pure functions, no I/O
//!       failpoint                                                where tests may end the process; empty in a release build
//! ```
//!
//! # One question, file by file
//!
//! 1. `static/src/views` sends a `RunAgentInput` through `static/src/core/socket.ts`.
//! 2. [`server`]'s `ws.rs` decodes it and hands it to the conversation's handle.
//! 3. [`conversation`]: `submit.rs` finds what is new in it and which question it is about, `state.rs` decides
//!    (start, attach, refuse), the actor commits the turn and starts it.
//! 4. [`answering::answer`] is the recipe. Each stage emits its start and its finish with what it found.
//! 5. [`query`] proves the query harmless, [`target`] dry-runs it and runs it with limits.
//! 6. `conversation/turn.rs` commits the end and then publishes the one terminal event.
//! 7. Every socket is a cursor into the conversation's [`log`](conversation::log).
//!
//! # What always holds
//!
//! - Only [`query::check`] makes a [`query::ReadOnly`], and [`target`] runs nothing else.
//! - One running turn per conversation (a unique index says so). Every turn ends in exactly one terminal event,
//!   after its row committed.
//! - Closing a socket cancels nothing. Cancelling drops the model's stream and stops the statement on its server.
//! - Sequence numbers only rise, across crashes too: they come in blocks from the store.
//! - What belongs together in our own tables is one statement, in [`store`], or a transaction that its caller cannot cancel
//!   half-way; nobody leaves one open.
//! - Redis never holds the only copy of anything.
//! - What a model writes is text until the checker has read it. It is never formatted into SQL of ours, never used as
//!   a path, and the model holds no tool that writes.
//!
//! # Where to change what
//!
//! | change | place |
//! |---|---|
//! | an event on the wire | [`protocol`] (the compiler names the rest), `tests/golden`, `static/src/core` |
//! | a stage of answering | `src/answering/<stage>.rs`, one line in `src/answering.rs` |
//! | the words of a prompt | `prompts/<task>/`, then accept the snapshot |
//! | a model provider | `src/llm/<provider>.rs`, one arm in `app::Models` |
//! | a customer database | `src/target/<engine>.rs`, its dialect in [`query`] |
//! | what counts as read-only | `src/query/`, its function lists and `tests/corpora` |
//! | how the built-in generator reads | `src/builtin/`, `tests/questions` |
//! | a table of ours | a new file in `migrations/`, `src/store/<noun>.rs` |
//! | what is kept of a turn so that it can be played again | `answering/journal.rs`, `conversation/closing.rs`, `conversation/replay.rs` |
//! | names in traces | `telemetry/names.rs` |
//! | a setting | [`config`], and the README's table (a test compares them) |

pub mod access;
pub mod answering;
pub mod app;
pub mod breaker;
pub mod builtin;
pub mod cache;
pub mod calibration;
pub mod commands;
pub mod config;
pub mod conversation;
pub mod embedding;
pub mod failpoint;
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
pub mod telemetry;
