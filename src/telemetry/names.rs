//! Names of spans and attributes: OpenTelemetry's conventions for generative AI (1.37, in development), and
//! Langfuse's where it wants its own. When they change, this is the file.

pub const OPERATION: &str = "gen_ai.operation.name";
pub const OPERATION_CHAT: &str = "chat";
pub const OPERATION_AGENT: &str = "invoke_agent";
pub const PROVIDER: &str = "gen_ai.provider.name";
pub const AGENT: &str = "gen_ai.agent.name";
pub const CONVERSATION: &str = "gen_ai.conversation.id";
pub const REQUEST_MODEL: &str = "gen_ai.request.model";
pub const RESPONSE_MODEL: &str = "gen_ai.response.model";
pub const FINISH_REASONS: &str = "gen_ai.response.finish_reasons";
pub const INPUT_TOKENS: &str = "gen_ai.usage.input_tokens";
pub const OUTPUT_TOKENS: &str = "gen_ai.usage.output_tokens";
pub const CACHED_TOKENS: &str = "gen_ai.usage.cache_read.input_tokens";
pub const SYSTEM_INSTRUCTIONS: &str = "gen_ai.system_instructions";
pub const INPUT_MESSAGES: &str = "gen_ai.input.messages";
pub const OUTPUT_MESSAGES: &str = "gen_ai.output.messages";
pub const ERROR_TYPE: &str = "error.type";

pub const USER: &str = "user.id";
pub const SESSION: &str = "session.id";

pub const TASK: &str = "queryforge.task";
pub const ATTEMPT: &str = "queryforge.attempt";
pub const TRIES: &str = "queryforge.tries";
pub const OUTCOME: &str = "queryforge.outcome";
pub const COST_USD: &str = "queryforge.cost_usd";
pub const FIRST_TOKEN_MS: &str = "queryforge.first_token_ms";
pub const ESTIMATED: &str = "queryforge.tokens_estimated";
pub const TURN: &str = "queryforge.turn.id";
pub const DATASET: &str = "queryforge.dataset.id";
pub const CONFIDENCE: &str = "queryforge.confidence";

/// The conventions' name for a provider of ours.
pub fn provider(ours: &str) -> &str {
    match ours {
        "azure" => "azure.ai.openai",
        "gemini" => "gcp.gemini",
        "vertex" => "gcp.vertex_ai",
        other => other,
    }
}
