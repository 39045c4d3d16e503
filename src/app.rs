//! Everything that outlives a request, built once: the only file that sees it all.

mod connect;

use crate::cache::Cache;
use crate::config::Settings;
use crate::ids::DatasetId;
use crate::knowledge::{DatasetError, Datasets, LiveDataset, configured, samples};
use crate::llm::ChatModel;
use crate::llm::anthropic::{Anthropic, AnthropicSettings};
use crate::llm::gemini::{Gemini, GeminiSettings};
use crate::llm::ollama;
use crate::llm::openai::{OpenAi, OpenAiSettings};
use crate::llm::switchboard::{Switchboard, SwitchboardSettings};
use crate::protocol::{GeneratorKind, GeneratorName, ModelConfig};
use crate::store::embedded::{Cluster, EmbeddedError};
use crate::store::{Dataset, LOCAL_WORKSPACE, Store, StoreError};
use secrecy::ExposeSecret;
use sqlx::postgres::PgConnectOptions;
use std::str::FromStr;
use std::sync::Arc;
use tokio::sync::RwLock;

/// The name of our own database in the private cluster.
const DATABASE: &str = "queryforge";

pub struct App {
    pub settings: Settings,
    pub store: Store,
    pub models: Models,
    datasets: Datasets,
    /// Datasets by id, as the store has them.
    known: RwLock<Vec<Dataset>>,
    cluster: Option<Arc<Cluster>>,
}

/// The models that answer; none means that the built-in generator does.
pub struct Models {
    switchboard: Switchboard,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    #[error(
        "DATABASE_URL is not a PostgreSQL address: {0}. It reads postgres://user:password@host/database."
    )]
    DatabaseUrl(String),
    #[error("REDIS_URL is not a Redis address: {0}")]
    RedisUrl(redis::RedisError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Samples(#[from] samples::SamplesError),
    #[error(transparent)]
    Configured(#[from] configured::ConfiguredError),
    #[error(
        "the model's endpoint cannot be used: {0}. Correct OPENAI_BASE_URL and OPENAI_API_KEY."
    )]
    Model(crate::llm::LlmError),
    #[error("cannot make the data directory {}: {source}. Choose another with QF_DATA_DIR.", .path.display())]
    DataDir {
        path: std::path::PathBuf,
        source: std::io::Error,
    },
}

impl App {
    /// Connects to everything, starting the private cluster where no database is configured.
    pub async fn start(settings: Settings) -> Result<Arc<Self>, StartError> {
        std::fs::create_dir_all(&settings.data_dir).map_err(|source| StartError::DataDir {
            path: settings.data_dir.clone(),
            source,
        })?;
        let (options, cluster) = match &settings.database_url {
            Some(url) => (database_options(url.expose_secret())?, None),
            None => {
                let cluster = Arc::new(Cluster::start(&settings.data_dir).await?);
                (cluster.options(DATABASE), Some(cluster))
            }
        };
        let store = Store::open(options).await?;
        let cache = match &settings.redis_url {
            Some(url) => Cache::redis(url.expose_secret()).map_err(StartError::RedisUrl)?,
            None => Cache::local(),
        };
        let models = Models::find(&settings).await?;
        let duckdb = crate::target::duckdb::Settings::new(
            settings.duckdb_worker.clone(),
            settings.duckdb_library.clone(),
        );
        let datasets = Datasets::new(
            store.clone(),
            cache,
            connect::open_target(cluster.clone(), duckdb),
        );
        let app = Arc::new(Self {
            settings,
            store,
            models,
            datasets,
            known: RwLock::default(),
            cluster,
        });
        if app.cluster.is_some() {
            // its directory is locked by us: whoever ran these turns is gone
            app.store.expire_running_turns().await?;
        }
        app.install_samples().await?;
        if let Some(path) = &app.settings.datasets {
            for dataset in configured::read(path)? {
                app.store.upsert_dataset(&dataset).await?;
            }
        }
        *app.known.write().await = app.store.datasets(LOCAL_WORKSPACE).await?;
        Ok(app)
    }

    async fn install_samples(&self) -> Result<(), StartError> {
        let cluster = self.cluster.as_deref();
        for sample in samples::datasets(cluster, &self.settings.data_dir).await? {
            self.store.upsert_dataset(&sample).await?;
        }
        Ok(())
    }

    /// All datasets, the oldest first.
    pub async fn datasets(&self) -> Vec<Dataset> {
        self.known.read().await.clone()
    }

    /// Fails with [`DatasetError::NotFound`] for an unknown id.
    pub async fn known_dataset(&self, id: DatasetId) -> Result<Dataset, DatasetError> {
        let known = self.known.read().await;
        known
            .iter()
            .find(|dataset| dataset.id == id)
            .cloned()
            .ok_or(DatasetError::NotFound)
    }

    /// The dataset, ready to be asked.
    pub async fn dataset(&self, id: DatasetId) -> Result<Arc<LiveDataset>, DatasetError> {
        self.datasets.live(&self.known_dataset(id).await?).await
    }

    /// Reads the dataset's schema anew.
    pub async fn refresh(&self, id: DatasetId) -> Result<Arc<LiveDataset>, DatasetError> {
        self.datasets.refresh(&self.known_dataset(id).await?).await
    }

    /// The dataset that a question is about, when nobody said: the one whose names and values it
    /// mentions most.
    pub async fn route(&self, question: &str) -> Result<Arc<LiveDataset>, DatasetError> {
        let mut best: Option<(usize, Arc<LiveDataset>)> = None;
        for dataset in self.datasets().await {
            let live = match self.datasets.live(&dataset).await {
                Ok(live) => live,
                // one database that is down must not keep the others from answering
                Err(DatasetError::Target(_)) => continue,
                Err(error) => return Err(error),
            };
            let found = live.index.search(question, 8);
            let mentions = found.tables.len() + found.columns.len() + 2 * found.values.len();
            if best.as_ref().is_none_or(|(most, _)| mentions > *most) {
                best = Some((mentions, live));
            }
        }
        best.map(|(_, live)| live).ok_or(DatasetError::NotFound)
    }

    /// Stops what was started, the private cluster last.
    pub async fn stop(&self) {
        self.store.close().await;
        if let Some(cluster) = &self.cluster {
            cluster.stop().await;
        }
    }
}

impl Models {
    /// Who writes queries.
    pub fn name(&self) -> GeneratorName {
        match self.switchboard.models().first() {
            Some(model) => GeneratorName {
                kind: GeneratorKind::Model,
                name: model.model().to_owned(),
                provider: Some(model.provider().to_owned()),
            },
            None => crate::answering::generation::builtin_name(),
        }
    }

    /// Who answers a question that names a provider or none; `None`: the built-in generator does.
    pub fn pick(&self, config: &ModelConfig) -> Option<&Switchboard> {
        let builtin = config.provider.as_deref() == Some("builtin");
        (!builtin && !self.switchboard.is_empty()).then_some(&self.switchboard)
    }

    /// What is configured, in the order OpenAI-compatible, Anthropic, Gemini (each stands in for the one
    /// before when that fails); else a local Ollama, if one answers.
    async fn find(settings: &Settings) -> Result<Self, StartError> {
        let models = &settings.models;
        let limits = crate::llm::Limits {
            first_token: models.first_token,
            silence: models.silence,
            ..crate::llm::Limits::default()
        };
        let mut chat: Vec<Arc<dyn ChatModel>> = Vec::new();
        if let Some(model) = &models.openai_model {
            let model = OpenAi::new(OpenAiSettings {
                api_key: models.openai_api_key.clone(),
                temperature: Some(models.temperature),
                max_tokens: Some(models.max_tokens),
                limits,
                ..OpenAiSettings::new(&models.openai_base_url, model)
            });
            chat.push(Arc::new(model.map_err(StartError::Model)?));
        }
        if let Some(hosted) = &models.anthropic {
            let model = Anthropic::new(AnthropicSettings {
                temperature: Some(hosted.temperature),
                max_tokens: hosted.max_tokens,
                limits,
                ..AnthropicSettings::new(hosted.api_key.clone(), &hosted.model)
            });
            chat.push(Arc::new(model.map_err(StartError::Model)?));
        }
        if let Some(hosted) = &models.gemini {
            let model = Gemini::new(GeminiSettings {
                temperature: Some(hosted.temperature),
                max_tokens: Some(hosted.max_tokens),
                limits,
                ..GeminiSettings::new(hosted.api_key.clone(), &hosted.model)
            });
            chat.push(Arc::new(model.map_err(StartError::Model)?));
        }
        if chat.is_empty()
            && models.ollama_discovery
            && let Some(model) = ollama::discover(&models.ollama_base_url).await
        {
            chat.push(Arc::new(model));
        }
        Ok(Self {
            switchboard: Switchboard::new(chat, SwitchboardSettings::default()),
        })
    }
}

fn database_options(url: &str) -> Result<PgConnectOptions, StartError> {
    // the driver takes any scheme for its own
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(StartError::DatabaseUrl(
            "it names another scheme".to_owned(),
        ));
    }
    PgConnectOptions::from_str(url).map_err(|error| StartError::DatabaseUrl(error.to_string()))
}
