//! Datasets ready to be asked: schema snapshot, search index, checker and target, built once per version.

use super::meaning::{Meaning, Search};
use super::search::SearchIndex;
use crate::builtin::Generator;
use crate::cache::Cache;
use crate::ids::DatasetId;
use crate::query::{self, Checker, Dialect, Verdict};
use crate::schema::Schema;
use crate::store::{Dataset, DatasetConnection, Store, StoreError};
use crate::target::{Target, TargetError};
use dashmap::DashMap;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A dataset with everything that answering needs, immutable.
pub struct LiveDataset {
    pub dataset: Dataset,
    /// Of the snapshot.
    pub version: i32,
    pub schema: Arc<Schema>,
    pub index: Arc<SearchIndex>,
    pub search: Arc<Search>,
    pub generator: Generator,
    checker: Checker,
    pub target: Arc<dyn Target>,
}

impl LiveDataset {
    pub fn dialect(&self) -> Dialect {
        self.dataset.dialect
    }

    pub fn check(&self, sql: &str) -> Verdict {
        self.checker.check(sql)
    }

    /// As [`Self::check`], for a generated query: a bare list of a table is given a limit of 100 first.
    pub fn check_generated(&self, sql: &str) -> Verdict {
        match self.check(sql) {
            Verdict::Accept(query) => match query::bare_table_limit(sql, self.dialect()) {
                Some(limited) => self.check(&limited),
                None => Verdict::Accept(query),
            },
            refused => refused,
        }
    }

    /// Positions in the schema of the tables that a query reads; none when it does not check out.
    pub fn tables_of(&self, sql: &str) -> Vec<usize> {
        match self.check(sql) {
            Verdict::Accept(query) => self.positions(&query.tables),
            Verdict::Reject(_) => Vec::new(),
        }
    }

    /// Positions in the schema of tables that the checker named.
    pub fn positions(&self, tables: &[String]) -> Vec<usize> {
        tables
            .iter()
            .filter_map(|name| {
                let bare = name.rsplit('.').next().unwrap_or(name);
                self.schema
                    .tables
                    .iter()
                    .position(|table| table.name == *name || table.name == bare)
            })
            .collect()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum DatasetError {
    #[error("Dataset not found. Please check dataset name.")]
    NotFound,
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the schema cannot be read: {0}")]
    Target(#[from] TargetError),
}

/// Opens the database behind a dataset; `app` knows how.
pub type OpenTarget =
    Arc<dyn Fn(&DatasetConnection) -> Result<Arc<dyn Target>, TargetError> + Send + Sync>;

/// All datasets of this process, each built when it is first asked for.
pub struct Datasets {
    store: Store,
    cache: Cache,
    open_target: OpenTarget,
    live: DashMap<DatasetId, Arc<LiveDataset>>,
    /// One schema is read at a time: whoever waits finds it read.
    reading: tokio::sync::Mutex<()>,
    meaning: Option<Arc<Meaning>>,
    /// Vectors being made.
    learning: TaskTracker,
    stop: CancellationToken,
}

impl Datasets {
    pub fn new(
        store: Store,
        cache: Cache,
        open_target: OpenTarget,
        meaning: Option<Arc<Meaning>>,
    ) -> Self {
        Self {
            store,
            cache,
            open_target,
            live: DashMap::new(),
            reading: tokio::sync::Mutex::default(),
            meaning,
            learning: TaskTracker::new(),
            stop: CancellationToken::new(),
        }
    }

    /// The newest snapshot of the dataset, in whichever process it was taken.
    pub async fn live(&self, dataset: &Dataset) -> Result<Arc<LiveDataset>, DatasetError> {
        let known = self.live.get(&dataset.id).map(|live| live.clone());
        let newest = match self.store.newest_version(dataset.id).await {
            Ok(newest) => newest,
            // what we have is still right for reading; the turn itself will find the store down or up
            Err(error) => return known.ok_or(error.into()),
        };
        let version = match newest {
            Some(version) => version,
            None => {
                let _reading = self.reading.lock().await;
                match self.store.newest_version(dataset.id).await? {
                    Some(version) => version,
                    None => return self.read_anew(dataset).await,
                }
            }
        };
        if let Some(live) = known.filter(|live| live.version == version) {
            return Ok(live);
        }
        let schema = match self.cache.schema(dataset.id, version).await {
            Some(schema) => schema,
            None => {
                let schema = self.store.snapshot(dataset.id, version).await?;
                self.cache.keep_schema(dataset.id, version, &schema).await;
                schema
            }
        };
        self.install(dataset.clone(), version, schema).await
    }

    /// Ends what goes on in the background.
    pub async fn stop(&self) {
        self.stop.cancel();
        self.learning.close();
        self.learning.wait().await;
    }

    /// The dataset as it was in that version, for looking back; it does not become the one in force.
    pub async fn at(
        &self,
        dataset: &Dataset,
        version: i32,
    ) -> Result<Arc<LiveDataset>, DatasetError> {
        if let Some(live) = self.live.get(&dataset.id)
            && live.version == version
        {
            return Ok(live.clone());
        }
        let schema = self.store.snapshot(dataset.id, version).await?;
        // nobody asks it anything new: its vectors are not worth making
        self.build(dataset.clone(), version, schema, None).await
    }

    /// Reads the schema anew and makes it the one in force; an unchanged one keeps its version.
    pub async fn refresh(&self, dataset: &Dataset) -> Result<Arc<LiveDataset>, DatasetError> {
        let _reading = self.reading.lock().await;
        self.read_anew(dataset).await
    }

    async fn read_anew(&self, dataset: &Dataset) -> Result<Arc<LiveDataset>, DatasetError> {
        let target = (self.open_target)(&dataset.connection)?;
        let rights = target.probe().await?;
        if !rights.can_write.is_empty() && !dataset.connection.may_write() {
            return Err(TargetError::MayWrite(rights.can_write.join(" ")).into());
        }
        let schema = target.introspect().await?;
        let version = match self.store.add_snapshot(dataset.id, &schema).await {
            // another process was quicker, by less than a reading takes
            Err(StoreError::Conflict(_)) => self
                .store
                .newest_version(dataset.id)
                .await?
                .ok_or(DatasetError::NotFound)?,
            added => added?,
        };
        self.cache.keep_schema(dataset.id, version, &schema).await;
        self.install(dataset.clone(), version, schema).await
    }

    async fn install(
        &self,
        dataset: Dataset,
        version: i32,
        schema: Schema,
    ) -> Result<Arc<LiveDataset>, DatasetError> {
        let id = dataset.id;
        let live = self
            .build(dataset, version, schema, self.meaning.as_ref())
            .await?;
        if self.meaning.is_some() {
            let learning = Search::learn(Arc::downgrade(&live.search), live.schema.clone());
            let stop = self.stop.clone();
            self.learning
                .spawn(async move { stop.run_until_cancelled(learning).await });
        }
        self.live.insert(id, live.clone());
        Ok(live)
    }

    async fn build(
        &self,
        dataset: Dataset,
        version: i32,
        schema: Schema,
        meaning: Option<&Arc<Meaning>>,
    ) -> Result<Arc<LiveDataset>, DatasetError> {
        let target = (self.open_target)(&dataset.connection)?;
        let schema = Arc::new(schema);
        let meaning = meaning.cloned();
        // a large schema takes a second of computing, which no other question should wait for
        let built = tokio::task::spawn_blocking(move || {
            let search = Search::new(SearchIndex::build(&schema), meaning);
            LiveDataset {
                generator: Generator::new(schema.clone(), dataset.dialect),
                checker: Checker::new(&schema, dataset.dialect),
                dataset,
                version,
                index: search.index().clone(),
                search,
                schema,
                target,
            }
        });
        let live = built
            .await
            .unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        Ok(Arc::new(live))
    }
}
