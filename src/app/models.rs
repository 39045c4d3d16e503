//! Which model does what: what is configured, and what a stage or a request chooses from it.

use super::StartError;
use crate::cache::Cache;
use crate::config::{self, Settings, StageModel, StageModels};
use crate::llm::anthropic::{Anthropic, AnthropicSettings};
use crate::llm::gemini::{Gemini, GeminiAuth, GeminiSettings};
use crate::llm::google::GoogleTokens;
use crate::llm::openai::{OpenAi, OpenAiSettings};
use crate::llm::prices::Prices;
use crate::llm::switchboard::{CallOptions, ModelState, Switchboard, SwitchboardSettings};
use crate::llm::{ChatModel, ChatRequest, Limits, LlmError, ollama};
use crate::protocol::{GeneratorKind, GeneratorName, ModelConfig};
use std::sync::Arc;

/// The models that answer; none means that the built-in generator does.
pub struct Models {
    switchboard: Switchboard,
    stages: StageModels,
}

/// What a model is asked for; each may have a model of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    Intent,
    Generation,
    /// Results and schemas in words.
    Answer,
    Summary,
}

/// A model for one use, and how it is asked.
pub struct Chosen<'a> {
    pub board: &'a Switchboard,
    provider: Option<String>,
    model: Option<String>,
    temperature: Option<f32>,
    max_tokens: Option<u32>,
}

impl Chosen<'_> {
    /// Makes `request` and `options` those of this model.
    pub fn apply(&self, request: &mut ChatRequest, options: &mut CallOptions) {
        request.model.clone_from(&self.model);
        request.temperature = self.temperature;
        request.max_tokens = self.max_tokens;
        options.provider.clone_from(&self.provider);
    }

    /// As many tokens as a reply may have.
    pub fn reply_tokens(&self) -> u32 {
        self.max_tokens
            .or(self.first().max_tokens())
            .unwrap_or(UNLIMITED_TOKENS)
    }

    fn first(&self) -> &Arc<dyn ChatModel> {
        let models = self.board.models();
        models
            .iter()
            .find(|model| Some(model.provider()) == self.provider.as_deref())
            .unwrap_or(&models[0])
    }

    /// Who will be asked first.
    pub fn name(&self) -> (String, String) {
        let first = self.first();
        let model = self
            .model
            .clone()
            .unwrap_or_else(|| first.model().to_owned());
        (first.provider().to_owned(), model)
    }
}

/// What a reply is taken to need where nothing limits it.
const UNLIMITED_TOKENS: u32 = 4096;
/// A classification is a small JSON object.
const INTENT_TOKENS: u32 = 600;
/// A few sentences.
const WORDS_TOKENS: u32 = 800;

impl Models {
    /// Who writes queries.
    pub fn name(&self) -> GeneratorName {
        match self.pick(Use::Generation, &ModelConfig::default()) {
            Some(chosen) => {
                let (provider, name) = chosen.name();
                GeneratorName {
                    kind: GeneratorKind::Model,
                    name,
                    provider: Some(provider),
                }
            }
            None => crate::answering::generation::builtin_name(),
        }
    }

    /// The model for `wanted` in a turn whose request chose `config`; `None`: it is done without a model.
    ///
    /// What a request chooses goes for the query; the small tasks around it keep their models.
    pub fn pick(&self, wanted: Use, config: &ModelConfig) -> Option<Chosen<'_>> {
        if self.switchboard.is_empty() || config.provider.as_deref() == Some("builtin") {
            return None;
        }
        let chosen = |stage: Option<&StageModel>, temperature, max_tokens| Chosen {
            board: &self.switchboard,
            provider: stage.map(|stage| stage.provider.clone()),
            model: stage.and_then(|stage| stage.model.clone()),
            temperature,
            max_tokens,
        };
        let stages = &self.stages;
        match wanted {
            Use::Intent => Some(chosen(
                Some(stages.intent.as_ref()?),
                Some(0.0),
                Some(INTENT_TOKENS),
            )),
            Use::Answer => Some(chosen(
                Some(stages.answer.as_ref()?),
                None,
                Some(WORDS_TOKENS),
            )),
            Use::Summary => Some(chosen(
                stages.summary.as_ref().or(stages.generation.as_ref()),
                Some(0.0),
                Some(WORDS_TOKENS),
            )),
            Use::Generation => {
                let mut chosen = chosen(stages.generation.as_ref(), config.temperature, None);
                if config.provider.is_some() || config.model.is_some() {
                    // a model's name goes with the provider that was named with it, or the usual one
                    if config.provider.is_some() {
                        chosen.provider.clone_from(&config.provider);
                    }
                    chosen.model.clone_from(&config.model);
                }
                Some(chosen)
            }
        }
    }

    /// Whether a request may name that provider.
    pub fn knows(&self, provider: &str) -> bool {
        self.providers().contains(&provider)
    }

    /// What a request may name as provider, the one that is asked first in front.
    pub fn providers(&self) -> Vec<&str> {
        let models = self.switchboard.models().iter();
        models
            .map(|model| model.provider())
            .chain(["builtin"])
            .collect()
    }

    /// How it is with each that is configured, in the order they are tried, then those of single stages; none: the
    /// built-in generator alone.
    pub fn states(&self) -> Vec<ModelState> {
        let StageModels {
            intent,
            generation,
            answer,
            summary,
        } = &self.stages;
        let of_stages = [intent, generation, answer, summary];
        let named = of_stages
            .into_iter()
            .flatten()
            .filter_map(|stage| Some((stage.provider.as_str(), stage.model.as_deref()?)));
        let models = self.switchboard.models().iter();
        let mut states: Vec<ModelState> = Vec::new();
        for (provider, model) in models
            .map(|model| (model.provider(), model.model()))
            .chain(named)
        {
            let listed = |state: &ModelState| state.provider == provider && state.model == model;
            if !states.iter().any(listed) {
                states.push(self.switchboard.state(provider, model));
            }
        }
        states
    }

    /// What is configured, in the order OpenAI-compatible, Azure, Anthropic, Gemini, Vertex (each stands in
    /// for the one before when that fails); else a local Ollama, if one answers.
    pub(super) async fn find(settings: &Settings, cache: &Cache) -> Result<Self, StartError> {
        let models = &settings.models;
        let limits = Limits {
            first_token: models.first_token,
            silence: models.silence,
            ..Limits::default()
        };
        let mut chat = configured(models, limits).map_err(StartError::Model)?;
        if chat.is_empty()
            && models.ollama_discovery
            && let Some(model) = ollama::discover(&models.ollama_base_url).await
        {
            chat.push(Arc::new(model));
        }
        let stages = models.stages.clone();
        let named = [
            ("INTENT_MODEL", &stages.intent),
            ("GENERATION_MODEL", &stages.generation),
            ("ANSWER_MODEL", &stages.answer),
            ("SUMMARY_MODEL", &stages.summary),
        ];
        for (setting, stage) in named {
            if let Some(stage) = stage
                && !chat.iter().any(|model| model.provider() == stage.provider)
            {
                return Err(StartError::StageModel {
                    setting,
                    provider: stage.provider.clone(),
                });
            }
        }
        let prices = Prices::listed()
            .with(&models.prices)
            .map_err(StartError::Price)?;
        let known_models = named
            .iter()
            .filter_map(|(_, stage)| stage.as_ref()?.model.clone())
            .collect();
        let mut switchboard = Switchboard::new(
            chat,
            SwitchboardSettings {
                prices,
                known_models,
                lines: models.calls.clamp(1, 100_000),
                waiting: 2 * models.calls.clamp(1, 100_000),
                ..SwitchboardSettings::default()
            },
        );
        if cache.is_shared() {
            switchboard = switchboard.sharing(cache.clone());
        }
        Ok(Self {
            switchboard,
            stages,
        })
    }
}

fn configured(
    models: &config::ModelSettings,
    limits: Limits,
) -> Result<Vec<Arc<dyn ChatModel>>, LlmError> {
    let mut chat: Vec<Arc<dyn ChatModel>> = Vec::new();
    if let Some(model) = &models.openai_model {
        chat.push(Arc::new(OpenAi::new(OpenAiSettings {
            api_key: models.openai_api_key.clone(),
            temperature: Some(models.temperature),
            max_tokens: Some(models.max_tokens),
            limits,
            ..OpenAiSettings::new(&models.openai_base_url, model)
        })?));
    }
    if let Some(azure) = &models.azure {
        chat.push(Arc::new(OpenAi::new(OpenAiSettings {
            api_key: Some(azure.api_key.clone()),
            provider: "azure".to_owned(),
            temperature: Some(models.temperature),
            max_tokens: Some(models.max_tokens),
            limits,
            ..OpenAiSettings::new(azure_url(azure), &azure.deployment)
        })?));
    }
    if let Some(hosted) = &models.anthropic {
        let mut settings = AnthropicSettings {
            temperature: Some(hosted.temperature),
            max_tokens: hosted.max_tokens,
            limits,
            ..AnthropicSettings::new(hosted.api_key.clone(), &hosted.model)
        };
        if let Some(base) = &hosted.base_url {
            settings.base_url.clone_from(base);
        }
        chat.push(Arc::new(Anthropic::new(settings)?));
    }
    if let Some(hosted) = &models.gemini {
        let mut settings = GeminiSettings {
            temperature: Some(hosted.temperature),
            max_tokens: Some(hosted.max_tokens),
            limits,
            ..GeminiSettings::new(hosted.api_key.clone(), &hosted.model)
        };
        if let Some(base) = &hosted.base_url {
            settings.base_url.clone_from(base);
        }
        chat.push(Arc::new(Gemini::new(settings)?));
    }
    if let Some(vertex) = &models.vertex {
        let tokens = GoogleTokens::from_file(&vertex.credentials, limits)?;
        chat.push(Arc::new(Gemini::new(GeminiSettings {
            temperature: Some(vertex.temperature),
            max_tokens: Some(vertex.max_tokens),
            limits,
            ..GeminiSettings::vertex(
                &vertex.project,
                &vertex.location,
                GeminiAuth::Tokens(Arc::new(tokens)),
                &vertex.model,
            )
        })?));
    }
    Ok(chat)
}

/// With a version the path names the deployment; without one the body does.
fn azure_url(azure: &config::AzureModel) -> String {
    let endpoint = azure.endpoint.trim_end_matches('/');
    match &azure.api_version {
        None => format!("{endpoint}/openai/v1"),
        Some(version) => format!(
            "{endpoint}/openai/deployments/{}?api-version={version}",
            azure.deployment
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn models(variables: &[(&'static str, &str)]) -> Result<Models, StartError> {
        let settings = Settings::from_variables(|name| {
            let own = [("QF_OLLAMA_DISCOVERY", "off")];
            let found = variables
                .iter()
                .chain(&own)
                .find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
        .expect("valid settings");
        Models::find(&settings, &Cache::local()).await
    }

    fn named(models: &Models, wanted: Use, provider: Option<&str>, model: Option<&str>) -> String {
        let config = ModelConfig {
            provider: provider.map(str::to_owned),
            model: model.map(str::to_owned),
            temperature: None,
        };
        models.pick(wanted, &config).map_or_else(
            || "-".to_owned(),
            |chosen| {
                let (provider, model) = chosen.name();
                format!("{provider}:{model}")
            },
        )
    }

    #[tokio::test]
    async fn each_stage_has_its_model_and_a_request_chooses_for_the_query_alone() {
        let models = models(&[
            ("OPENAI_MODEL", "gpt"),
            ("ANTHROPIC_API_KEY", "k"),
            ("AZURE_OPENAI_ENDPOINT", "https://x.openai.azure.com/"),
            ("AZURE_OPENAI_API_KEY", "k"),
            ("AZURE_OPENAI_DEPLOYMENT", "house"),
            ("INTENT_MODEL", "openai:gpt-mini:latest"),
            ("GENERATION_MODEL", "anthropic"),
        ])
        .await
        .expect("they are configured");
        for (wanted, provider, model, expected) in [
            (Use::Generation, None, None, "anthropic:claude-sonnet-4-5"),
            (Use::Generation, Some("azure"), None, "azure:house"),
            (Use::Generation, Some("openai"), Some("o3"), "openai:o3"),
            (Use::Generation, None, Some("opus"), "anthropic:opus"),
            (Use::Intent, None, None, "openai:gpt-mini:latest"),
            (
                Use::Intent,
                Some("azure"),
                Some("o3"),
                "openai:gpt-mini:latest",
            ),
            (Use::Answer, None, None, "-"),
            (Use::Summary, None, None, "anthropic:claude-sonnet-4-5"),
            (Use::Generation, Some("builtin"), None, "-"),
            (Use::Intent, Some("builtin"), None, "-"),
        ] {
            let found = named(&models, wanted, provider, model);
            assert_eq!(found, expected, "{wanted:?} {provider:?} {model:?}");
        }
    }

    #[tokio::test]
    async fn a_stage_whose_provider_is_not_configured_stops_the_start() {
        let wrong = [("OPENAI_MODEL", "gpt"), ("INTENT_MODEL", "gemini:flash")];
        let error = models(&wrong).await.err().expect("no Gemini is configured");
        assert!(error.to_string().contains("INTENT_MODEL"), "{error}");
        let wrong = [("OPENAI_MODEL", "gpt"), ("QF_MODEL_PRICES", "gpt=free")];
        let error = models(&wrong).await.err().expect("no price");
        assert!(error.to_string().contains("gpt=free"), "{error}");
    }
}
