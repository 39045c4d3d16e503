//! The switchboard over real adapters: what the product sees when a provider fails.

use super::question;
use crate::support::model::{Reply, ScriptedModel, anything, asked};
use queryforge::llm::anthropic::{Anthropic, AnthropicSettings};
use queryforge::llm::openai::{OpenAi, OpenAiSettings};
use queryforge::llm::switchboard::{CallOptions, Switchboard, SwitchboardSettings, read};
use queryforge::llm::{ChatModel, LlmError};
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;

async fn two() -> (ScriptedModel, ScriptedModel, Switchboard) {
    let (one, two) = (ScriptedModel::start().await, ScriptedModel::start().await);
    let openai = OpenAi::new(OpenAiSettings::new(one.base_url(), "gpt")).expect("valid");
    let mut settings = AnthropicSettings::new(SecretString::from("k"), "claude");
    settings.base_url = two.root_url();
    let anthropic = Anthropic::new(settings).expect("valid");
    let models: Vec<Arc<dyn ChatModel>> = vec![Arc::new(openai), Arc::new(anthropic)];
    let settings = SwitchboardSettings {
        first_pause: Duration::from_millis(1),
        ..SwitchboardSettings::default()
    };
    (one, two, Switchboard::new(models, settings))
}

#[tokio::test]
async fn a_failing_provider_is_replaced_before_the_first_word_and_the_caller_sees_it() {
    let (one, two, board) = two().await;
    one.on(anything(), Reply::status(503));
    two.on(anything(), Reply::text("select 1"));
    let call = board
        .call(question("x"), &CallOptions::default())
        .await
        .expect("the second provider answers");
    assert_eq!(
        (call.provider.as_str(), call.model.as_str()),
        ("anthropic", "claude")
    );
    assert_eq!(call.passed_over[0].provider, "openai");
    assert!(matches!(
        call.passed_over[0].error,
        LlmError::Provider { status: 503 }
    ));
    assert_eq!(read(call.chunks).await.expect("whole").text, "select 1");
    assert_eq!((one.requests().len(), two.requests().len()), (4, 1));
}

#[tokio::test]
async fn a_reply_cut_in_the_middle_fails_and_is_not_continued_by_the_other_provider() {
    let (one, two, board) = two().await;
    one.on(
        anything(),
        Reply::text("select 1 from orders").chunked(3).cut_after(3),
    );
    two.on(anything(), Reply::text("never asked"));
    let call = board
        .call(question("x"), &CallOptions::default())
        .await
        .expect("it begins");
    let error = read(call.chunks).await.expect_err("it is cut");
    assert!(matches!(error, LlmError::Broken(_)), "{error:?}");
    assert_eq!(two.requests().len(), 0);
}

#[tokio::test]
async fn giving_up_a_call_hangs_up_before_and_after_the_first_word() {
    let (one, _two, board) = two().await;
    one.on(asked("early"), Reply::text("x").stall_after(0));
    one.on(
        asked("late"),
        Reply::text("select 1").chunked(2).stall_after(3),
    );
    {
        let request = question("early");
        let options = CallOptions::default();
        let call = board.call(request, &options);
        tokio::pin!(call);
        tokio::select! {
            _ = &mut call => panic!("it stalls"),
            () = one.received(1) => {}
        }
    }
    one.hung_up(1).await;
    let call = board
        .call(question("late"), &CallOptions::default())
        .await
        .expect("it begins");
    drop(call);
    one.hung_up(2).await;
    one.idle().await;
}
