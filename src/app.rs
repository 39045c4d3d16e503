//! Everything that outlives a request, built once: the only file that sees it all.

mod afterwards;
mod connect;
mod models;

pub use models::{Chosen, Models, Use};

use crate::cache::{Cache, Streams};
use crate::calibration::{Calibration, Signals};
use crate::config::Settings;
use crate::ids::{DatasetId, TurnId, WorkspaceId};
use crate::knowledge::meaning::Meaning;
use crate::knowledge::{DatasetError, Datasets, LiveDataset, Refreshed, configured, samples};
use crate::schema::Schema;
use crate::store::embedded::{Cluster, EmbeddedError};
use crate::store::{
    Budget, BudgetScope, Dataset, DatasetConnection, LOCAL_WORKSPACE, NewDataset, Reservation,
    Store, StoreError,
};
use crate::target::{Rights, TargetError};
use crate::telemetry::Telemetry;
use afterwards::Afterwards;
use chrono::NaiveDate;
use secrecy::ExposeSecret;
use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use std::future::Future;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::RwLock;

/// As many judged answers as confidence is calibrated on, the newest.
const JUDGED_ANSWERS: i64 = 5_000;

/// Some milliseconds of work, and no judgement is urgent.
const CALIBRATE_EVERY: Duration = Duration::from_secs(300);

/// Where turns may take as long as they like, what they hold is given back after this.
const LONGEST_TURN: Duration = Duration::from_secs(6 * 3600);
/// After the longest turn its calls are settled within this, or its process is gone.
const SETTLED_WITHIN: Duration = Duration::from_secs(60);

/// The name of our own database in the private cluster.
const DATABASE: &str = "queryforge";

/// Vectors of names that no schema has had for so long are dropped.
const VECTORS_UNUSED_DAYS: i32 = 60;

pub struct App {
    pub settings: Settings,
    pub store: Store,
    pub models: Models,
    pub telemetry: Telemetry,
    afterwards: Afterwards,
    calibration: std::sync::RwLock<Arc<Calibration>>,
    calibrated: std::sync::Mutex<Option<Instant>>,
    /// Events on their way to other processes; none without Redis.
    pub streams: Option<Arc<Streams>>,
    datasets: Datasets,
    /// As the store had them when it was last read: for when it cannot be.
    known: RwLock<Vec<Dataset>>,
    cluster: Option<Arc<Cluster>>,
}

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    #[error(
        "DATABASE_URL is not a PostgreSQL address: {0}. It reads postgres://user:password@host/database."
    )]
    DatabaseUrl(String),
    #[error(
        "DATABASE_URL names the PostgreSQL at {place}, which cannot be used: {reason}. Start it, or correct DATABASE_URL."
    )]
    DatabaseUnreachable { place: String, reason: String },
    #[error("REDIS_URL is not a Redis address: {0}")]
    RedisUrl(redis::RedisError),
    #[error("traces cannot be sent: {0}. Correct OTEL_EXPORTER_OTLP_ENDPOINT or LANGFUSE_HOST.")]
    Telemetry(String),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Samples(#[from] samples::SamplesError),
    #[error(transparent)]
    Configured(#[from] configured::ConfiguredError),
    #[error(
        "a model's endpoint cannot be used: {0}. Correct its base URL and key (OPENAI_BASE_URL, OPENAI_API_KEY, …)."
    )]
    Model(crate::llm::LlmError),
    #[error(
        "{setting} names the provider {provider}, which is not configured. Set its key and model, or name another."
    )]
    StageModel {
        setting: &'static str,
        provider: String,
    },
    #[error(
        "QF_MODEL_PRICES has '{0}', which is not model=input/cached/output, in US dollars for a million tokens."
    )]
    Price(String),
    #[error(transparent)]
    Embedder(#[from] crate::embedding::ConfiguredError),
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
            Some(url) => {
                let options = database_options(url.expose_secret())?;
                reach(&options).await?;
                (options, None)
            }
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
        let streams = match &settings.redis_url {
            Some(url) => Some(Streams::open(url.expose_secret()).map_err(StartError::RedisUrl)?),
            None => None,
        };
        let models = Models::find(&settings, &cache).await?;
        let duckdb = crate::target::duckdb::Settings::new(
            settings.duckdb_worker.clone(),
            settings.duckdb_library.clone(),
        );
        let meaning = match settings.embedding.clone() {
            Some(embedding) => {
                let wait = embedding.question_wait;
                // a local model's files are read
                let embedder =
                    tokio::task::spawn_blocking(move || crate::embedding::configured(&embedding))
                        .await
                        .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))?;
                store.forget_vectors(VECTORS_UNUSED_DAYS).await?;
                Some(Meaning::new(embedder, store.clone(), cache.clone(), wait))
            }
            None => None,
        };
        let datasets = Datasets::new(
            store.clone(),
            cache,
            connect::open_target(cluster.clone(), duckdb),
            meaning,
        );
        let app = Arc::new(Self {
            store,
            telemetry: Telemetry::start(&settings.telemetry).map_err(StartError::Telemetry)?,
            models,
            afterwards: Afterwards::default(),
            calibration: std::sync::RwLock::default(),
            calibrated: std::sync::Mutex::default(),
            settings,
            streams,
            datasets,
            known: RwLock::default(),
            cluster,
        });
        if app.cluster.is_some() {
            // its directory is locked by us: whoever ran these turns is gone
            app.store.expire_running_turns().await?;
            app.store.forget_reservations().await?;
        }
        app.install_samples().await?;
        if let Some(path) = &app.settings.datasets {
            for dataset in configured::read(path)? {
                app.store.upsert_dataset(&dataset).await?;
            }
        }
        *app.known.write().await = app.store.datasets(LOCAL_WORKSPACE).await?;
        app.calibrate().await?;
        Ok(app)
    }

    async fn install_samples(&self) -> Result<(), StartError> {
        let cluster = self.cluster.as_deref();
        for sample in samples::datasets(cluster, &self.settings.data_dir).await? {
            self.store.upsert_dataset(&sample).await?;
        }
        Ok(())
    }

    /// All datasets, the oldest first, in whichever process they were made.
    pub async fn datasets(&self) -> Vec<Dataset> {
        match self.store.datasets(LOCAL_WORKSPACE).await {
            Ok(datasets) => {
                *self.known.write().await = datasets.clone();
                datasets
            }
            Err(error) => {
                tracing::warn!(%error, "the datasets cannot be read; those of before stand in");
                self.known.read().await.clone()
            }
        }
    }

    /// Fails with [`DatasetError::NotFound`] for an unknown id.
    pub async fn known_dataset(&self, id: DatasetId) -> Result<Dataset, DatasetError> {
        match self.store.dataset(id).await {
            Ok(dataset) => Ok(dataset),
            Err(StoreError::NotFound) => Err(DatasetError::NotFound),
            Err(error) => {
                let known = self.known.read().await;
                known
                    .iter()
                    .find(|dataset| dataset.id == id)
                    .cloned()
                    .ok_or(error.into())
            }
        }
    }

    /// Makes a dataset: of the schema handed in, or of what its database holds.
    pub async fn create_dataset(
        &self,
        new: &NewDataset,
        schema: Option<Schema>,
    ) -> Result<Arc<LiveDataset>, DatasetError> {
        let schema = match schema {
            Some(schema) => schema,
            None => self.datasets.introspect(&new.connection).await?,
        };
        let dataset = self.store.create_dataset(new, &schema).await?;
        self.datasets.live(&dataset).await
    }

    pub async fn delete_dataset(&self, id: DatasetId) -> Result<(), DatasetError> {
        match self.store.delete_dataset(id).await {
            Err(StoreError::NotFound) => return Err(DatasetError::NotFound),
            done => done?,
        }
        self.datasets.forget(id);
        Ok(())
    }

    /// The dataset, ready to be asked.
    pub async fn dataset(&self, id: DatasetId) -> Result<Arc<LiveDataset>, DatasetError> {
        self.datasets.live(&self.known_dataset(id).await?).await
    }

    /// Connects to a dataset's database anew and asks what its account may do.
    pub async fn probe(&self, connection: &DatasetConnection) -> Result<Rights, TargetError> {
        self.datasets.probe(connection).await
    }

    /// What the account behind the dataset may do, as far as it is known.
    pub async fn rights(&self, live: &LiveDataset) -> Option<Rights> {
        self.datasets.rights(live).await
    }

    /// The dataset as it was in that version.
    pub async fn dataset_at(
        &self,
        id: DatasetId,
        version: i32,
    ) -> Result<Arc<LiveDataset>, DatasetError> {
        let dataset = self.known_dataset(id).await?;
        self.datasets.at(&dataset, version).await
    }

    /// Reads the dataset's schema anew, or takes the one handed in, and says what that broke.
    pub async fn refresh(
        &self,
        id: DatasetId,
        handed_in: Option<Schema>,
    ) -> Result<Refreshed, DatasetError> {
        let dataset = self.known_dataset(id).await?;
        self.datasets.refresh(&dataset, handed_in).await
    }

    /// The dataset that a question is about, when nobody said, and why: the one with a verified example of it, else
    /// the one whose names and values it mentions most.
    pub async fn route(&self, question: &str) -> Result<Routed, DatasetError> {
        let mut best: Option<(f32, Routed)> = None;
        for dataset in self.datasets().await {
            let live = match self.datasets.live(&dataset).await {
                Ok(live) => live,
                // one database that is down must not keep the others from answering
                Err(DatasetError::Target(_)) => continue,
                Err(error) => return Err(error),
            };
            let found = live.search.by_words(question, 8).await;
            let mut mentions =
                (found.tables.len() + found.columns.len() + 2 * found.values.len()) as f32;
            let mut why = mentioned(&found);
            let known = live.examples.same(question);
            if let Some(example) = known.iter().find(|known| !known.negative) {
                mentions += 1_000.0;
                why = format!("it has the verified example \"{}\"", example.question);
            } else if let Some(near) = live.examples.near(question, 1, 0.5).first() {
                mentions += 8.0 * near.similarity;
            }
            if best.as_ref().is_none_or(|(most, _)| mentions > *most) {
                best = Some((mentions, Routed { live, why }));
            }
        }
        best.map(|(_, routed)| routed).ok_or(DatasetError::NotFound)
    }

    /// Does `work` that nobody waits for and nobody does again; stopping waits for it.
    pub fn owe(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.afterwards.owe(work);
    }

    /// Does `work` when nobody waits for it; it is dropped when the app stops, or left out when there is much.
    pub fn afterwards(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.afterwards.begin(work);
    }

    /// Holds tokens of `day`'s budgets for calls of a turn, or of whatever is settled under that id; `Err` names the
    /// budget that has too few.
    pub async fn hold_tokens(
        &self,
        workspace: WorkspaceId,
        owner: &str,
        turn: TurnId,
        day: NaiveDate,
        tokens: u64,
    ) -> Result<Result<(), BudgetScope>, StoreError> {
        let limits = &self.settings.limits;
        let budget = Budget {
            workspace: limits.tokens_per_workspace,
            owner: limits.tokens_per_owner,
        };
        if budget.workspace.is_none() && budget.owner.is_none() {
            return Ok(Ok(()));
        }
        let wanted = Reservation {
            turn,
            day,
            tokens,
            lifetime: limits.turn.unwrap_or(LONGEST_TURN) + SETTLED_WITHIN,
        };
        self.store
            .reserve_tokens(workspace, owner, budget, wanted)
            .await
    }

    /// The weights by which confidence is made.
    pub fn calibration(&self) -> Arc<Calibration> {
        self.calibration
            .read()
            .expect("nothing panics with it")
            .clone()
    }

    /// [`Self::calibrate`], unless that was done a short while ago.
    pub async fn calibrate_when_due(&self) -> Result<(), StoreError> {
        {
            let mut due = self.calibrated.lock().expect("nothing panics with it");
            if due.is_some_and(|at| at.elapsed() < CALIBRATE_EVERY) {
                return Ok(());
            }
            *due = Some(Instant::now());
        }
        self.calibrate().await
    }

    /// Fits the weights to what people have said of answers.
    pub async fn calibrate(&self) -> Result<(), StoreError> {
        let judged = self
            .store
            .judged_answers(LOCAL_WORKSPACE, JUDGED_ANSWERS)
            .await?;
        let known: Vec<(Signals, bool)> = judged
            .into_iter()
            .filter_map(|judged| Some((serde_json::from_value(judged.signals).ok()?, judged.right)))
            .collect();
        let fitted = Calibration::fitted(known.iter().map(|(signals, right)| (signals, *right)));
        *self.calibration.write().expect("nothing panics with it") = Arc::new(fitted);
        Ok(())
    }

    /// Stops what was started, the private cluster last.
    pub async fn stop(&self) {
        self.afterwards.stop().await;
        self.telemetry.stop().await;
        if let Some(streams) = &self.streams {
            streams.close().await;
        }
        self.datasets.stop().await;
        self.store.close().await;
        if let Some(cluster) = &self.cluster {
            cluster.stop().await;
        }
    }
}

/// A dataset chosen for a question.
pub struct Routed {
    pub live: Arc<LiveDataset>,
    /// For the person: what of the question is found there.
    pub why: String,
}

fn mentioned(found: &crate::knowledge::search::Found) -> String {
    let mut said: Vec<String> = found
        .values
        .iter()
        .take(2)
        .map(|value| format!("'{}' in {}.{}", value.value, value.table, value.column))
        .collect();
    said.extend(found.tables.iter().take(3).map(|table| table.name.clone()));
    if said.is_empty() {
        "nothing in the question says otherwise".to_owned()
    } else {
        format!("the question mentions {}", said.join(", "))
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

/// A database that does not answer within this is not there.
const REACHED_WITHIN: Duration = Duration::from_secs(4);

/// One connection, so that a wrong address is told at once; the pool would try again and again.
async fn reach(options: &PgConnectOptions) -> Result<(), StartError> {
    let unreachable = |reason: String| StartError::DatabaseUnreachable {
        place: format!("{}:{}", options.get_host(), options.get_port()),
        reason,
    };
    let connecting = tokio::time::timeout(REACHED_WITHIN, PgConnection::connect_with(options));
    match connecting.await {
        Ok(Ok(connection)) => {
            // that it answered is all we wanted to know
            let _ = connection.close().await;
            Ok(())
        }
        Ok(Err(error)) => Err(unreachable(error.to_string())),
        Err(_) => Err(unreachable(format!(
            "no answer within {} s",
            REACHED_WITHIN.as_secs()
        ))),
    }
}
