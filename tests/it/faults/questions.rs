//! Questions that can be told apart in the model's log, and a model that answers them.

use crate::support::model::{Recorded, Reply, ScriptedModel, anything, asked};
use std::collections::HashMap;
use std::time::Duration;
use uuid::Uuid;

/// How a question goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// One model call of about a quarter of a second.
    Straight,
    /// The first query is refused, so there is a second call.
    Twice,
    /// One call that takes longer than the second after which a text is saved.
    Slowly,
}

impl Way {
    /// Calls that an undisturbed turn makes.
    pub fn calls(self) -> usize {
        if self == Self::Twice { 2 } else { 1 }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Straight => "List the customers",
            Self::Twice => "List the customers in two attempts",
            Self::Slowly => "List the customers without haste",
        }
    }
}

/// A question nobody asked before; its mark is in the model's log, too.
pub fn question(way: Way) -> (String, String) {
    let mark = Uuid::new_v4().simple().to_string();
    (format!("{} (ref {mark})", way.words()), mark)
}

/// Long enough to be many events.
pub fn query() -> String {
    let columns: Vec<String> = (0..60).map(|n| format!("{n} as c{n}")).collect();
    format!("select {} from customers limit 3", columns.join(", "))
}

fn reply(query: &str, in_ms: u64) -> Reply {
    let text = format!("```sql\n{query}\n```\nExplanation: as asked.\nConfidence: 0.95\n");
    let pieces = text.chars().count().div_ceil(16) as u64;
    let delay = Duration::from_micros(in_ms * 1000 / pieces);
    Reply::text(text).chunked(16).delay(delay)
}

pub async fn model() -> ScriptedModel {
    let model = ScriptedModel::start().await;
    model
        .on(asked("Your last attempt was"), reply(&query(), 200))
        .on(
            asked("in two attempts"),
            reply("select no_such_column from customers", 50),
        )
        .on(asked("without haste"), reply(&query(), 1500))
        .on(anything(), reply(&query(), 200));
    model
}

/// Calls by the mark of the question they were about.
pub fn calls(model: &ScriptedModel) -> HashMap<String, usize> {
    model.tally(|request: &Recorded| {
        // earlier questions of the conversation come before the one that is asked
        let (_, after) = request.last_user.rsplit_once("(ref ")?;
        Some(after.split(')').next()?.to_owned())
    })
}
