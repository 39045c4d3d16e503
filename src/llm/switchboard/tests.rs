//! Under tokio's paused clock: pauses, rests and limits pass at once, and their lengths are exact.

use super::*;
use crate::llm::{Message, Role};
use async_trait::async_trait;

/// What a scripted provider does with one call.
#[derive(Clone)]
enum Does {
    Says(&'static str),
    /// Accepts the call, then fails before a word.
    Chokes(LlmError),
    Refuses(LlmError),
    /// Says something, then breaks.
    Breaks(&'static str),
    /// Never answers.
    Hangs,
    /// Begins and never goes on.
    Stalls(&'static str),
    Stops(StopReason),
}

struct Scripted {
    provider: &'static str,
    script: Mutex<VecDeque<Does>>,
    /// Virtual times of its calls, and the models asked for.
    calls: Mutex<Vec<(Instant, Option<String>)>>,
}

impl Scripted {
    fn new(provider: &'static str, script: impl IntoIterator<Item = Does>) -> Arc<Self> {
        Arc::new(Self {
            provider,
            script: Mutex::new(script.into_iter().collect()),
            calls: Mutex::default(),
        })
    }

    fn calls(&self) -> usize {
        self.calls.lock().expect("no panic").len()
    }
}

#[async_trait]
impl ChatModel for Scripted {
    fn provider(&self) -> &str {
        self.provider
    }

    fn model(&self) -> &str {
        "scripted"
    }

    fn endpoint(&self) -> &str {
        "scripted"
    }

    async fn stream(&self, request: ChatRequest) -> Result<ChunkStream, LlmError> {
        self.calls
            .lock()
            .expect("no panic")
            .push((Instant::now(), request.model));
        let next = self.script.lock().expect("no panic").pop_front();
        let text = |text: &str| Ok(Chunk::Text(text.to_owned()));
        let usage = Usage {
            input_tokens: 7,
            output_tokens: 3,
            cached_input_tokens: 0,
        };
        let chunks: Vec<Result<Chunk, LlmError>> = match next.expect("the script is long enough") {
            Does::Says(said) => vec![
                Ok(Chunk::Usage(usage)),
                text(said),
                text("!"),
                Ok(Chunk::Stop(StopReason::End)),
            ],
            Does::Chokes(error) => vec![Ok(Chunk::Usage(usage)), Err(error)],
            Does::Refuses(error) => return Err(error),
            Does::Breaks(said) => vec![text(said), Err(LlmError::Broken("cut".into()))],
            Does::Hangs => std::future::pending().await,
            Does::Stalls(said) => {
                let first = stream::iter(vec![text(said)]);
                return Ok(first.chain(stream::pending()).boxed());
            }
            Does::Stops(reason) => vec![text("x"), Ok(Chunk::Stop(reason))],
        };
        Ok(stream::iter(chunks).boxed())
    }
}

fn board(models: &[&Arc<Scripted>]) -> Switchboard {
    board_with(models, |_| {})
}

fn board_with(
    models: &[&Arc<Scripted>],
    change: impl FnOnce(&mut SwitchboardSettings),
) -> Switchboard {
    let mut settings = SwitchboardSettings::default();
    change(&mut settings);
    let models = models
        .iter()
        .map(|model| (*model).clone() as Arc<dyn ChatModel>)
        .collect();
    Switchboard::new(models, settings)
}

fn ask(text: &str, temperature: f32) -> ChatRequest {
    ChatRequest {
        messages: vec![Message {
            role: Role::User,
            content: text.into(),
            tool_calls: Vec::new(),
            tool_call_id: None,
        }],
        temperature: Some(temperature),
        ..ChatRequest::default()
    }
}

async fn call(board: &Switchboard, temperature: f32) -> Result<Call, LlmError> {
    board
        .call(ask("x", temperature), &CallOptions::default())
        .await
}

async fn said(call: Call) -> String {
    read(call.chunks).await.expect("it is whole").text
}

fn busy(retry_after_ms: u64) -> LlmError {
    LlmError::RateLimited {
        retry_after_ms: Some(retry_after_ms),
    }
}

const DOWN: LlmError = LlmError::Provider { status: 503 };

#[tokio::test(start_paused = true)]
async fn a_provider_that_stumbles_is_tried_again_after_random_growing_pauses() {
    let model = Scripted::new(
        "a",
        [
            Does::Refuses(DOWN),
            Does::Chokes(DOWN),
            Does::Refuses(DOWN),
            Does::Says("yes"),
        ],
    );
    let began = Instant::now();
    let call = call(&board(&[&model]), 0.2).await.expect("the fourth try");
    assert_eq!((call.tries, call.passed_over.len()), (4, 0));
    assert_eq!(said(call).await, "yes!");
    // at most 250 + 500 + 1000 ms
    assert!(
        began.elapsed() <= Duration::from_millis(1_760),
        "{:?}",
        began.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn no_provider_is_tried_more_often_than_allowed() {
    let model = Scripted::new("a", vec![Does::Refuses(DOWN); 9]);
    let error = call(&board(&[&model]), 0.2)
        .await
        .err()
        .expect("it is down");
    assert!(matches!(error, LlmError::Provider { status: 503 }));
    assert_eq!(model.calls(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_would_come_again_is_not_tried_again() {
    for error in [
        LlmError::Unauthorized,
        LlmError::ContextTooLong,
        LlmError::BadRequest("no".into()),
    ] {
        let model = Scripted::new("a", [Does::Refuses(error.clone())]);
        let got = call(&board(&[&model]), 0.2).await.err().expect("refused");
        assert_eq!(got.to_string(), error.to_string());
        assert_eq!(model.calls(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_busy_provider_is_given_the_time_it_asks_for() {
    let model = Scripted::new("a", [Does::Refuses(busy(3_000)), Does::Says("yes")]);
    let began = Instant::now();
    said(call(&board(&[&model]), 0.2).await.expect("the second try")).await;
    let waited = began.elapsed();
    assert!(
        waited >= Duration::from_secs(3) && waited < Duration::from_millis(3_260),
        "{waited:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_asks_for_too_much_time_is_passed_over() {
    let one = Scripted::new("a", [Does::Refuses(busy(3_600_000))]);
    let two = Scripted::new("b", [Does::Says("yes")]);
    let began = Instant::now();
    let call = call(&board(&[&one, &two]), 0.2)
        .await
        .expect("the other one answers");
    assert_eq!(call.provider, "b");
    assert_eq!(call.passed_over.len(), 1);
    assert_eq!(call.passed_over[0].provider, "a");
    assert!(matches!(
        call.passed_over[0].error,
        LlmError::RateLimited { .. }
    ));
    assert!(began.elapsed() < Duration::from_millis(10));
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_breaks_after_its_first_word_is_never_continued_by_another_provider() {
    let one = Scripted::new("a", [Does::Breaks("select")]);
    let two = Scripted::new("b", []);
    let call = call(&board(&[&one, &two]), 0.2).await.expect("it began");
    let chunks: Vec<_> = call.chunks.collect().await;
    assert_eq!(chunks.len(), 2);
    assert_eq!(
        chunks[0].as_ref().expect("a word"),
        &Chunk::Text("select".into())
    );
    assert!(matches!(chunks[1], Err(LlmError::Broken(_))));
    assert_eq!((one.calls(), two.calls()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn the_provider_and_the_model_of_a_request_are_honoured_and_the_model_is_not_asked_of_others()
{
    let one = Scripted::new("a", [Does::Says("from a")]);
    let two = Scripted::new("b", [Does::Refuses(LlmError::Unauthorized)]);
    let board = board(&[&one, &two]);
    let mut request = ask("x", 0.2);
    request.model = Some("special".into());
    let options = CallOptions {
        provider: Some("b".into()),
        ..CallOptions::default()
    };
    let call = board
        .call(request, &options)
        .await
        .expect("a answers in the end");
    assert_eq!(
        (call.provider.as_str(), call.model.as_str()),
        ("a", "scripted")
    );
    assert_eq!(
        (
            call.passed_over[0].provider.as_str(),
            call.passed_over[0].model.as_str()
        ),
        ("b", "special")
    );
    assert_eq!(
        two.calls.lock().expect("no panic")[0].1.as_deref(),
        Some("special")
    );
    assert_eq!(one.calls.lock().expect("no panic")[0].1, None);
}

#[tokio::test(start_paused = true)]
async fn a_model_that_keeps_failing_rests_and_is_probed_by_one_call() {
    let model = Scripted::new("a", vec![Does::Refuses(DOWN); 2]);
    let board = board_with(&[&model], |settings| {
        settings.retries = 0;
        settings.failures = 2;
    });
    for _ in 0..2 {
        call(&board, 0.2).await.err().expect("down");
    }
    let error = call(&board, 0.2).await.err().expect("resting").to_string();
    assert!(error.contains("tried again in 30 s"), "{error}");
    assert_eq!(model.calls(), 2, "it was left alone");

    tokio::time::advance(Duration::from_secs(31)).await;
    model
        .script
        .lock()
        .expect("no panic")
        .push_back(Does::Hangs);
    {
        let probe = call(&board, 0.2);
        tokio::pin!(probe);
        assert!(futures::poll!(&mut probe).is_pending());
        call(&board, 0.2).await.err().expect("one probe at a time");
    } // the caller of the probe gives up; that says nothing
    model
        .script
        .lock()
        .expect("no panic")
        .push_back(Does::Says("yes"));
    assert_eq!(
        said(call(&board, 0.2).await.expect("it is back")).await,
        "yes!"
    );
}

#[tokio::test(start_paused = true)]
async fn retries_stay_a_tenth_of_calls_when_everything_fails() {
    let model = Scripted::new("a", vec![Does::Refuses(DOWN); 1_000]);
    let board = board_with(&[&model], |settings| settings.failures = u32::MAX);
    for _ in 0..200 {
        call(&board, 0.2).await.err().expect("down");
    }
    // 20 saved up, and a tenth of 200
    assert!((235..=242).contains(&model.calls()), "{}", model.calls());
}

#[tokio::test(start_paused = true)]
async fn calls_wait_for_a_line_and_the_queue_has_an_end() {
    let model = Scripted::new("a", [Does::Stalls("one"), Does::Says("two")]);
    let board = board_with(&[&model], |settings| {
        settings.lines = 1;
        settings.waiting = 1;
    });
    let first = call(&board, 0.2).await.expect("the line is free");
    {
        let second = call(&board, 0.2);
        tokio::pin!(second);
        assert!(futures::poll!(&mut second).is_pending(), "it waits");
        let third = call(&board, 0.2).await.err().expect("the queue is full");
        assert!(matches!(
            third,
            LlmError::RateLimited {
                retry_after_ms: Some(_)
            }
        ));
        drop(first); // hanging up frees the line
        assert_eq!(said(second.await.expect("its turn")).await, "two!");
    }
    let _held = {
        model
            .script
            .lock()
            .expect("no panic")
            .push_back(Does::Stalls("three"));
        call(&board, 0.2).await.expect("the line is free")
    };
    let began = Instant::now();
    let late = call(&board, 0.2).await.err().expect("nobody hangs up");
    assert!(matches!(late, LlmError::RateLimited { .. }));
    assert_eq!(began.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn replies_at_temperature_0_are_remembered_for_half_an_hour_and_others_never() {
    let model = Scripted::new(
        "a",
        [
            Does::Says("one"),
            Does::Says("two"),
            Does::Says("three"),
            Does::Says("four"),
            Does::Says("five"),
        ],
    );
    let board = board(&[&model]);
    assert_eq!(said(call(&board, 0.0).await.expect("asked")).await, "one!");
    let again = call(&board, 0.0).await.expect("remembered");
    assert!(again.remembered && again.tries == 0);
    assert_eq!(again.model, "scripted");
    assert_eq!(said(again).await, "one!");
    assert_eq!(said(call(&board, 0.1).await.expect("asked")).await, "two!");
    assert_eq!(
        said(call(&board, 0.1).await.expect("asked")).await,
        "three!"
    );

    let other = CallOptions {
        scope: "another workspace".into(),
        ..CallOptions::default()
    };
    assert_eq!(
        said(board.call(ask("x", 0.0), &other).await.expect("asked")).await,
        "four!"
    );

    tokio::time::advance(Duration::from_secs(30 * 60)).await;
    assert_eq!(said(call(&board, 0.0).await.expect("asked")).await, "five!");
}

#[tokio::test(start_paused = true)]
async fn whatever_matters_to_the_reply_is_part_of_its_key() {
    let model = Scripted::new("a", []);
    let key = |change: fn(&mut ChatRequest)| {
        let mut request = ask("x", 0.0);
        change(&mut request);
        Key::of(model.as_ref(), &request, "w").expect("deterministic")
    };
    let base = key(|_| {});
    assert_eq!(base, key(|_| {}));
    for change in [
        (|r| r.system = "s".into()) as fn(&mut ChatRequest),
        |r| r.messages[0].content = "y".into(),
        |r| r.messages[0].role = Role::Assistant,
        |r| r.max_tokens = Some(5),
        |r| r.model = Some("m".into()),
        |r| r.response_schema = Some(serde_json::json!({})),
        |r| {
            r.tools = vec![crate::llm::Tool {
                name: "t".into(),
                description: String::new(),
                parameters: serde_json::json!({}),
            }]
        },
    ] {
        assert_ne!(base, key(change));
    }
}

#[tokio::test(start_paused = true)]
async fn broken_cut_and_refused_replies_and_those_of_a_stand_in_are_not_remembered() {
    for (does, ends) in [
        (Does::Breaks("one"), false),
        (Does::Stops(StopReason::Length), true),
        (Does::Stops(StopReason::Refusal), true),
    ] {
        let model = Scripted::new("a", [does, Does::Says("two")]);
        let board = board(&[&model]);
        let first = read(call(&board, 0.0).await.expect("it begins").chunks).await;
        assert_eq!(first.is_ok(), ends);
        assert_eq!(
            said(call(&board, 0.0).await.expect("asked again")).await,
            "two!"
        );
    }
    let one = Scripted::new(
        "a",
        [Does::Refuses(LlmError::Unauthorized), Does::Says("from a")],
    );
    let two = Scripted::new("b", [Does::Says("from b")]);
    let board = board(&[&one, &two]);
    assert_eq!(
        said(call(&board, 0.0).await.expect("b answers")).await,
        "from b!"
    );
    assert_eq!(
        said(call(&board, 0.0).await.expect("a answers")).await,
        "from a!"
    );
}

#[tokio::test(start_paused = true)]
async fn the_same_call_made_twice_at_once_is_made_once() {
    let model = Scripted::new("a", [Does::Says("one")]);
    let board = board(&[&model]);
    let leader = call(&board, 0.0).await.expect("it begins");
    let follower = call(&board, 0.0);
    tokio::pin!(follower);
    assert!(
        futures::poll!(&mut follower).is_pending(),
        "it waits for the first"
    );
    assert_eq!(said(leader).await, "one!");
    let follower = follower.await.expect("the same reply");
    assert!(follower.remembered);
    assert_eq!(said(follower).await, "one!");
    assert_eq!(model.calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_for_a_call_that_is_given_up_makes_it() {
    let model = Scripted::new("a", [Does::Stalls("never"), Does::Says("two")]);
    let board = board(&[&model]);
    let leader = call(&board, 0.0).await.expect("it begins");
    let follower = call(&board, 0.0);
    tokio::pin!(follower);
    assert!(futures::poll!(&mut follower).is_pending());
    drop(leader);
    assert_eq!(said(follower.await.expect("its own call")).await, "two!");
}

#[tokio::test(start_paused = true)]
async fn nobody_waits_for_ever_for_somebody_elses_slow_reader() {
    let model = Scripted::new("a", [Does::Stalls("never"), Does::Says("two")]);
    let board = board(&[&model]);
    let _leader = call(&board, 0.0).await.expect("it begins");
    let began = Instant::now();
    assert_eq!(
        said(call(&board, 0.0).await.expect("its own call")).await,
        "two!"
    );
    assert_eq!(began.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn no_further_try_begins_when_patience_is_at_an_end() {
    let model = Scripted::new("a", vec![Does::Refuses(busy(8_000)); 9]);
    let board = board_with(&[&model], |settings| {
        settings.patience = Duration::from_secs(10)
    });
    call(&board, 0.2).await.err().expect("it stays busy");
    assert_eq!(model.calls(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_whole_reply_comes_with_its_usage() {
    let model = Scripted::new("a", [Does::Says("yes")]);
    let (call, reply) = board(&[&model])
        .complete(ask("x", 0.0), &CallOptions::default())
        .await
        .expect("it answers");
    assert_eq!(call.provider, "a");
    assert_eq!(reply.text, "yes!");
    assert_eq!(reply.usage.input_tokens, 7);
    assert_eq!(reply.stop, StopReason::End);
}

#[tokio::test(start_paused = true)]
async fn without_a_model_there_is_an_error_and_no_panic() {
    let error = call(&board(&[]), 0.0).await.err().expect("nobody is there");
    assert!(matches!(error, LlmError::Unreachable(_)));
}

/// Counters by name and labels.
#[derive(Default)]
struct Counters(Mutex<std::collections::BTreeMap<String, Arc<std::sync::atomic::AtomicU64>>>);

impl metrics::Recorder for Counters {
    fn describe_counter(
        &self,
        _: metrics::KeyName,
        _: Option<metrics::Unit>,
        _: metrics::SharedString,
    ) {
    }

    fn describe_gauge(
        &self,
        _: metrics::KeyName,
        _: Option<metrics::Unit>,
        _: metrics::SharedString,
    ) {
    }

    fn describe_histogram(
        &self,
        _: metrics::KeyName,
        _: Option<metrics::Unit>,
        _: metrics::SharedString,
    ) {
    }

    fn register_counter(&self, key: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Counter {
        let labels: Vec<&str> = key.labels().map(metrics::Label::value).collect();
        let name = format!("{} {}", key.name(), labels.join(" "));
        let mut all = self.0.lock().expect("no panic");
        metrics::Counter::from_arc(all.entry(name).or_default().clone())
    }

    fn register_gauge(&self, _: &metrics::Key, _: &metrics::Metadata<'_>) -> metrics::Gauge {
        metrics::Gauge::noop()
    }

    fn register_histogram(
        &self,
        _: &metrics::Key,
        _: &metrics::Metadata<'_>,
    ) -> metrics::Histogram {
        metrics::Histogram::noop()
    }
}

#[tokio::test(start_paused = true)]
async fn calls_tokens_and_costs_are_counted_however_a_call_ends() {
    let counters = Counters::default();
    let _recording = metrics::set_default_local_recorder(&counters);
    let model = Scripted::new(
        "a",
        [
            Does::Says("one"),
            Does::Refuses(LlmError::Unauthorized),
            Does::Breaks("two"),
            Does::Stalls("three"),
            Does::Refuses(DOWN),
            Does::Says("four"),
        ],
    );
    let price = Price {
        input: 2.0,
        cached_input: 0.2,
        output: 10.0,
    };
    let board = board_with(&[&model], |settings| {
        settings.prices.set("scripted", price);
    });
    said(call(&board, 0.2).await.expect("one")).await;
    call(&board, 0.2).await.err().expect("refused");
    let broken = call(&board, 0.2).await.expect("two");
    read(broken.chunks).await.expect_err("broken");
    drop(call(&board, 0.2).await.expect("three"));
    let mut named = ask("x", 0.2);
    named.model = Some("a name somebody made up".into());
    let call = board
        .call(named, &CallOptions::default())
        .await
        .expect("four, on the second try");
    assert_eq!(call.price, None);
    said(call).await;

    let counted: Vec<String> = counters
        .0
        .lock()
        .expect("no panic")
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.load(Ordering::Relaxed)))
        .filter(|line| !line.ends_with(": 0"))
        .collect();
    assert_eq!(
        counted,
        [
            "queryforge_llm_calls_total a named ok: 1",
            "queryforge_llm_calls_total a scripted broken: 1",
            "queryforge_llm_calls_total a scripted hung_up: 1",
            "queryforge_llm_calls_total a scripted ok: 1",
            "queryforge_llm_calls_total a scripted unauthorized: 1",
            // 7 tokens at 2 and 3 at 10 millionths
            "queryforge_llm_cost_microdollars_total a scripted: 44",
            "queryforge_llm_retries_total a: 1",
            "queryforge_llm_tokens_total a named input: 7",
            "queryforge_llm_tokens_total a named output: 3",
            "queryforge_llm_tokens_total a scripted input: 7",
            "queryforge_llm_tokens_total a scripted output: 3",
        ]
    );
}

#[test]
fn what_was_cached_is_cheaper() {
    let price = Price {
        input: 3.0,
        cached_input: 0.3,
        output: 15.0,
    };
    let usage = Usage {
        input_tokens: 1_000_000,
        output_tokens: 100_000,
        cached_input_tokens: 900_000,
    };
    assert!((price.of(usage) - (0.3 + 0.27 + 1.5)).abs() < 1e-9);
}
