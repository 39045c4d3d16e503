//! Identifiers: one newtype per noun, all UUIDs.
//!
//! Ours are version 7, so that rows sort by the time they were made; the ones a client makes
//! (turns, messages) may be of any version.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type,
            utoipa::ToSchema,
        )]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new one, later than every one made before it in this process.
            #[allow(clippy::new_without_default, reason = "an id is made on purpose, never by default")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

id! {
    /// The unit of isolation: people, connections, datasets, knowledge.
    WorkspaceId;
    /// Where a target database is, and how to reach it.
    ConnectionId;
    /// A named schema plus its knowledge.
    DatasetId;
    /// One chat; `threadId` on the wire.
    ConversationId;
    /// One question and everything done to answer it; made by the client, `runId` on the wire.
    TurnId;
    /// One message of a conversation; a user's is made by the client.
    MessageId;
    /// The stored rows of one executed query.
    ResultId;
    /// What somebody said about a turn.
    FeedbackId;
    /// An expert's note on a table or column.
    AnnotationId;
    /// A question and the query that answers it.
    ExampleId;
    /// A join that an expert declared.
    RelationshipId;
    /// A word of the organisation and what it means for a query.
    DirectiveId;
    /// An answer that an expert should look at.
    ReviewItemId;
}
