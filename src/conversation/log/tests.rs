use super::*;
use crate::protocol::StageName;

fn log() -> ConversationLog {
    let log = ConversationLog::new(ConversationId::new(), 0, None, None);
    log.begin_turn(TurnId::new(), Vec::new(), 0);
    log.extend_sequence(1..=10_000);
    log
}

fn follower() -> ConversationLog {
    ConversationLog::new(ConversationId::new(), 0, None, None)
}

/// What an owner writes into its stream.
fn streamed(log: &ConversationLog) -> Vec<StreamFrame> {
    let mut previous = log.floor();
    frames(log.read_after(previous, usize::MAX))
        .into_iter()
        .map(|frame| StreamFrame {
            seq: frame.seq,
            previous: Some(std::mem::replace(&mut previous, frame.seq)),
            bytes: frame.bytes,
        })
        .collect()
}

fn take(log: &ConversationLog, frame: &StreamFrame) -> Taken {
    let (seq, bytes) = (frame.seq, frame.bytes.clone());
    log.append_foreign(Frame { seq, bytes }, frame.previous)
}

/// A turn with every kind of event that is folded.
fn turn_of_all_kinds() -> ConversationLog {
    let log = log();
    let said = WireMessage::User {
        id: "u".into(),
        content: "how many?".into(),
    };
    let run = TurnId::new();
    log.begin_turn(run, vec![said.clone()], 0);
    log.extend_sequence(1..=100);
    log.append(
        &Event::RunStarted {
            thread_id: ConversationId::new(),
            run_id: run,
            protocol_version: PROTOCOL_VERSION,
            input: Some(Box::new(crate::protocol::EchoedInput {
                thread_id: ConversationId::new(),
                run_id: run,
                messages: vec![said],
                tools: [],
                context: [],
                forwarded_props: None,
                resume: Vec::new(),
            })),
        },
        None,
    );
    let attempt = Qf {
        attempt: Some(2),
        kind: Some(crate::protocol::TextKind::Query),
        ms: Some(5),
        finding: Some("found".into()),
        ..Qf::default()
    };
    let step_name = crate::protocol::StageName::QueryGeneration;
    log.append(&Event::StepStarted { step_name }, Some(&attempt));
    let message_id = || "m".to_owned();
    log.append(
        &Event::TextMessageStart {
            message_id: message_id(),
            role: "assistant",
        },
        Some(&attempt),
    );
    log.append(&delta("select "), None);
    log.append(&delta("1"), None);
    log.append(
        &Event::TextMessageEnd {
            message_id: message_id(),
        },
        None,
    );
    log.append(&Event::StepFinished { step_name }, Some(&attempt));
    log.append(&Event::StepStarted { step_name }, Some(&attempt));
    log.append(
        &Event::TextMessageStart {
            message_id: "n".into(),
            role: "assistant",
        },
        Some(&attempt),
    );
    log
}

#[test]
fn a_follower_folds_and_serves_exactly_what_the_owner_does() {
    let owner = turn_of_all_kinds();
    let follower = follower();
    for frame in streamed(&owner) {
        assert_eq!(take(&follower, &frame), Taken::Added { terminal: false });
        assert_eq!(take(&follower, &frame), Taken::Known, "once is enough");
    }
    assert_eq!(follower.progress(), owner.progress());
    assert_eq!(
        follower.read_after(0, usize::MAX),
        owner.read_after(0, usize::MAX)
    );
    // and what it has saved is what another log can begin with
    let saved = owner.progress();
    let text = serde_json::to_string(&saved.open).expect("JSON");
    assert_eq!(
        serde_json::from_str::<crate::store::OpenItems>(&text).expect("JSON"),
        saved.open
    );
    let late = ConversationLog::new(
        ConversationId::new(),
        saved.seq,
        Some(TurnFold::saved(TurnId::new(), saved.clone())),
        None,
    );
    assert_eq!(late.progress(), saved);
}

#[test]
fn a_hole_in_a_stream_is_seen_although_gaps_are_legal() {
    let owner = turn_of_all_kinds();
    let all = streamed(&owner);
    let follower = follower();
    take(&follower, &all[0]);
    assert_eq!(take(&follower, &all[2]), Taken::Hole);
    assert_eq!(follower.tip(), all[0].seq, "nothing was added");
    // whoever ends a dead owner's turn does not know what came before
    let end = StreamFrame {
        seq: 5000,
        previous: None,
        bytes: Event::RunError {
            message: "x".into(),
            code: "SERVER_RESTART".into(),
        }
        .encode(Some(5000), None),
    };
    assert_eq!(take(&follower, &end), Taken::Added { terminal: true });
    assert!(!follower.is_running());
}

#[test]
fn what_came_before_a_log_was_opened_can_be_put_back() {
    let owner = turn_of_all_kinds();
    let all = streamed(&owner);
    let floor = all[4].seq;
    let late = ConversationLog::new(ConversationId::new(), floor, None, None);
    take(&late, &all[5]);
    assert!(!late.holds(all[1].seq));
    late.prepend(&all);
    assert!(late.holds(all[1].seq) && late.holds(0));
    let whole = frames(owner.read_after(0, usize::MAX));
    assert_eq!(frames(late.read_after(0, usize::MAX)), whole[..6]);
    // what does not join is left out
    let other = ConversationLog::new(ConversationId::new(), 3000, None, None);
    other.prepend(&all);
    assert_eq!(other.floor(), 3000);
    let late = ConversationLog::new(ConversationId::new(), floor, None, None);
    late.prepend(&[&all[..2], &all[3..]].concat());
    assert_eq!(late.floor(), all[2].seq, "there is a hole before");
}

#[test]
fn a_log_that_missed_a_turn_sends_its_readers_for_a_snapshot() {
    let log = log();
    log.append(&delta("a"), None);
    let cursor = log.tip();
    log.begin_turn(TurnId::new(), Vec::new(), 9000);
    assert_eq!(log.read_after(cursor, 1), Tail::Gone);
    log.extend_sequence(9001..=9100);
    log.append(&delta("b"), None);
    assert!(log.holds(9000) && !log.holds(cursor));
}

fn delta(text: &str) -> Event {
    Event::TextMessageContent {
        message_id: "m".into(),
        delta: text.into(),
    }
}

fn frames(tail: Tail) -> Vec<Frame> {
    match tail {
        Tail::Frames(frames) => frames,
        Tail::Gone => panic!("the cursor is gone"),
    }
}

#[test]
fn every_cut_gives_the_same_bytes_as_an_undisturbed_reader() {
    let log = log();
    for number in 0..300 {
        log.append(&delta(&number.to_string()), None);
    }
    let whole = frames(log.read_after(0, usize::MAX));
    assert_eq!(whole.len(), 300);
    for cut in 0..300 {
        let mut read = frames(log.read_after(0, usize::MAX));
        read.truncate(cut);
        let cursor = read.last().map_or(0, |frame| frame.seq);
        assert!(log.holds(cursor));
        read.extend(frames(log.read_after(cursor, usize::MAX)));
        assert_eq!(read, whole);
    }
}

#[test]
fn a_log_that_is_full_drops_its_oldest_and_says_so() {
    let log = log();
    for _ in 0..MAX_LOG_FRAMES + 10 {
        log.append(&delta("x"), None);
    }
    assert_eq!(log.read_after(0, usize::MAX), Tail::Gone);
    assert!(!log.holds(0));
    assert!(log.holds(10), "the floor itself can be resumed from");
    assert_eq!(frames(log.read_after(10, usize::MAX)).len(), MAX_LOG_FRAMES);
}

#[test]
fn gaps_between_blocks_are_legal_and_cannot_be_resumed_from() {
    let log = ConversationLog::new(ConversationId::new(), 0, None, None);
    log.begin_turn(TurnId::new(), Vec::new(), 0);
    log.extend_sequence(1..=1);
    log.append(&delta("a"), None);
    log.extend_sequence(4097..=4097);
    log.append(&delta("b"), None);
    assert_eq!(log.tip(), 4097);
    assert!(log.holds(1) && !log.holds(2) && !log.holds(9999));
    assert_eq!(log.remaining_sequence(), 0);
}

#[tokio::test]
async fn readers_of_a_retired_log_are_woken_and_sent_away() {
    let log = log();
    log.append(&delta("a"), None);
    let cursor = log.tip();
    let mut tip = log.watch();
    log.retire();
    tip.wait_for(|tip| *tip > cursor)
        .await
        .expect("the log is still there");
    assert_eq!(log.read_after(cursor, 1), Tail::Gone);
    assert!(!log.holds(cursor));
}

#[test]
fn a_batch_is_bounded_but_never_empty_while_there_is_more() {
    let log = log();
    for _ in 0..10 {
        log.append(&delta("some text"), None);
    }
    assert_eq!(frames(log.read_after(0, 1)).len(), 1);
    let size = frames(log.read_after(0, 1))[0].bytes.len();
    assert_eq!(frames(log.read_after(0, size * 3)).len(), 3);
}

#[test]
fn a_snapshot_in_mid_turn_carries_the_partial_text_and_what_is_open() {
    let log = log();
    let attempt = Qf {
        attempt: Some(2),
        ..Qf::default()
    };
    log.append(
        &Event::StepStarted {
            step_name: StageName::QueryGeneration,
        },
        Some(&attempt),
    );
    log.append(
        &Event::TextMessageStart {
            message_id: "m".into(),
            role: "assistant",
        },
        None,
    );
    log.append(&delta("select "), None);
    log.append(&delta("1"), None);
    let (frames, cursor) = log.snapshot(&[], log.turns_begun()).expect("not overtaken");
    assert_eq!(cursor, 4);
    let types: Vec<String> = frames
        .iter()
        .map(|frame| {
            let event: serde_json::Value =
                serde_json::from_slice(&frame.bytes).expect("a frame is JSON");
            if event["type"] == "MESSAGES_SNAPSHOT" {
                assert_eq!(event["messages"][0]["content"], "select 1");
            }
            event["type"].as_str().expect("typed").to_owned()
        })
        .collect();
    assert_eq!(
        types,
        [
            "RUN_STARTED",
            "MESSAGES_SNAPSHOT",
            "STEP_STARTED",
            "TEXT_MESSAGE_START"
        ]
    );
    assert_eq!(frames.last().map(|frame| frame.seq), Some(4));
    assert_eq!(
        log.snapshot(&[], 0),
        None,
        "a history read too early is refused"
    );
}
