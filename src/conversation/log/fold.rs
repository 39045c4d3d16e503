//! A turn as a client would have it after its events: what a snapshot shows and what is saved.

use super::Frame;
use crate::ids::TurnId;
use crate::protocol::{Event, Qf, RESULT_ACTIVITY, StageName, TextKind, WireMessage};
use crate::store::{OpenItems, OpenText, SavedProgress, StageRecord};
use bytes::Bytes;
use serde_json::{Value, json};

#[derive(Clone, Debug)]
pub struct TurnFold {
    pub(super) id: TurnId,
    pub(super) messages: Vec<WireMessage>,
    pub(super) open: OpenItems,
    pub(super) stages: Vec<StageRecord>,
    pub(super) terminal: Option<Frame>,
}

impl TurnFold {
    pub(super) fn begun(id: TurnId, said: Vec<WireMessage>) -> Self {
        Self {
            id,
            messages: said,
            open: OpenItems::default(),
            stages: Vec::new(),
            terminal: None,
        }
    }

    /// A turn that has ended, with its terminal event; its messages are the store's.
    pub fn ended(id: TurnId, seq: u64, bytes: Bytes) -> Self {
        Self {
            terminal: Some(Frame { seq, bytes }),
            ..Self::begun(id, Vec::new())
        }
    }

    /// A turn as its owner saved it.
    pub fn saved(id: TurnId, saved: SavedProgress) -> Self {
        Self {
            open: saved.open,
            stages: saved.stages,
            ..Self::begun(id, saved.messages)
        }
    }

    pub(super) fn runs(&self) -> bool {
        self.terminal.is_none()
    }

    pub(super) fn progress(&self, seq: u64) -> SavedProgress {
        SavedProgress {
            seq,
            messages: self.messages.clone(),
            stages: self.stages.clone(),
            open: self.open.clone(),
        }
    }

    /// Steps and texts that were begun and not ended, as the events that end them, innermost first.
    pub(super) fn closing_events(&self) -> Vec<(Event, Option<Qf>)> {
        let texts = self.open.texts.iter().rev().map(|text| {
            let message_id = text.id.clone();
            (Event::TextMessageEnd { message_id }, None)
        });
        let stages = self.open.stages.iter().rev().map(|(step_name, attempt)| {
            let qf = Qf {
                attempt: Some(*attempt),
                finding: Some("stopped".to_owned()),
                ..Qf::default()
            };
            (
                Event::StepFinished {
                    step_name: *step_name,
                },
                Some(qf),
            )
        });
        texts.chain(stages).collect()
    }

    pub(super) fn apply(&mut self, event: &Event, qf: Option<&Qf>) {
        match event {
            Event::StepStarted { step_name } => self.stage_started(*step_name, qf),
            Event::StepFinished { step_name } => self.stage_finished(*step_name, qf),
            Event::TextMessageStart { message_id, .. } => self.text_started(message_id, qf),
            Event::TextMessageContent { message_id, delta } => self.text_grew(message_id, delta),
            Event::TextMessageEnd { message_id } => self.text_ended(message_id),
            Event::ActivitySnapshot {
                message_id,
                content,
                ..
            } => self.activity(
                message_id,
                RESULT_ACTIVITY,
                serde_json::to_value(content).expect("a result has string keys"),
            ),
            Event::RunStarted { .. }
            | Event::MessagesSnapshot { .. }
            | Event::RunFinished { .. }
            | Event::RunError { .. } => {}
        }
    }

    /// The same for an event that another process encoded; one that is not folded changes nothing.
    pub(super) fn apply_foreign(&mut self, event: &Value) {
        let qf: Option<Qf> = serde_json::from_value(event["metadata"]["qf"].clone()).ok();
        let qf = qf.as_ref();
        let stage = || serde_json::from_value::<StageName>(event["stepName"].clone()).ok();
        let message = event["messageId"].as_str().unwrap_or_default();
        match event["type"].as_str().unwrap_or_default() {
            "STEP_STARTED" => {
                if let Some(stage) = stage() {
                    self.stage_started(stage, qf);
                }
            }
            "STEP_FINISHED" => {
                if let Some(stage) = stage() {
                    self.stage_finished(stage, qf);
                }
            }
            "TEXT_MESSAGE_START" => self.text_started(message, qf),
            "TEXT_MESSAGE_CONTENT" => {
                self.text_grew(message, event["delta"].as_str().unwrap_or_default());
            }
            "TEXT_MESSAGE_END" => self.text_ended(message),
            "ACTIVITY_SNAPSHOT" => {
                let kind = event["activityType"].as_str().unwrap_or(RESULT_ACTIVITY);
                self.activity(message, kind, event["content"].clone());
            }
            _ => {}
        }
    }

    /// The turn that this event begins, if it begins one.
    pub(super) fn of_run_started(event: &Value) -> Option<Self> {
        if event["type"] != "RUN_STARTED" {
            return None;
        }
        let id = event["runId"].as_str()?.parse().ok()?;
        let said = serde_json::from_value(event["input"]["messages"].clone()).unwrap_or_default();
        Some(Self::begun(id, said))
    }

    fn stage_started(&mut self, stage: StageName, qf: Option<&Qf>) {
        let attempt = qf.and_then(|qf| qf.attempt).unwrap_or(1);
        self.open.stages.push((stage, attempt));
    }

    fn stage_finished(&mut self, stage: StageName, qf: Option<&Qf>) {
        self.open.stages.retain(|(open, _)| *open != stage);
        self.stages.push(StageRecord {
            name: stage,
            attempt: qf.and_then(|qf| qf.attempt).unwrap_or(1),
            ms: qf.and_then(|qf| qf.ms).unwrap_or(0),
            finding: qf.and_then(|qf| qf.finding.clone()).unwrap_or_default(),
        });
    }

    fn text_started(&mut self, id: &str, qf: Option<&Qf>) {
        let kind = qf.and_then(|qf| qf.kind).unwrap_or(TextKind::Answer);
        self.open.texts.push(OpenText {
            id: id.to_owned(),
            qf: qf.cloned(),
        });
        self.messages.push(WireMessage::Assistant {
            id: id.to_owned(),
            content: String::new(),
            metadata: Some(json!({"qf": {"kind": kind}})),
        });
    }

    fn text_grew(&mut self, to: &str, delta: &str) {
        for message in self.messages.iter_mut().rev() {
            if let WireMessage::Assistant { id, content, .. } = message
                && id == to
            {
                content.push_str(delta);
                break;
            }
        }
    }

    fn text_ended(&mut self, id: &str) {
        self.open.texts.retain(|text| text.id != id);
    }

    fn activity(&mut self, id: &str, kind: &str, content: Value) {
        self.messages.retain(|message| message.id() != id);
        self.messages.push(WireMessage::Activity {
            id: id.to_owned(),
            activity_type: kind.to_owned(),
            content,
        });
    }
}

pub(in crate::conversation) fn is_terminal(event: &Value) -> bool {
    matches!(event["type"].as_str(), Some("RUN_FINISHED" | "RUN_ERROR"))
}
