//! Datasets ready to be asked: schema snapshot, search index, checker and target, built once per version.

use super::drift::{self, Known, Report};
use super::examples::ExampleIndex;
use super::meaning::{Meaning, Search};
use super::overlay;
use super::search::SearchIndex;
use crate::builtin::{Entry, Generator};
use crate::cache::Cache;
use crate::ids::DatasetId;
use crate::query::{self, Checker, Dialect, Verdict};
use crate::schema::Schema;
use crate::store::{Dataset, DatasetConnection, Directive, Store, StoreError, Versions};
use crate::target::{Rights, Target, TargetError};
use dashmap::DashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A dataset with everything that answering needs, immutable; cheap to clone.
#[derive(Clone)]
pub struct LiveDataset {
    pub dataset: Dataset,
    /// Of the snapshot.
    pub version: i32,
    /// Of annotations, relationships and directives.
    pub knowledge_version: i64,
    /// As the database or the upload has it.
    pub snapshot: Arc<Schema>,
    /// The snapshot with what experts added.
    pub schema: Arc<Schema>,
    pub index: Arc<SearchIndex>,
    pub search: Arc<Search>,
    pub generator: Arc<Generator>,
    /// The glossary, without entries that do not fit the schema.
    pub directives: Arc<Vec<Directive>>,
    pub examples: Arc<ExampleIndex>,
    checker: Arc<Checker>,
    pub target: Arc<dyn Target>,
}

impl LiveDataset {
    pub fn dialect(&self) -> Dialect {
        self.dataset.dialect
    }

    /// There is a database to run a query on; without one queries are checked only.
    pub fn is_live(&self) -> bool {
        self.dataset.connection.is_live()
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
    /// A refresh without a schema, of a dataset without a database.
    #[error("This dataset has no database to read: send its new DDL or schema.")]
    NoSource,
}

/// What a refresh came to; no report when nothing changed.
pub struct Refreshed {
    pub live: Arc<LiveDataset>,
    pub report: Option<Report>,
}

/// For so long the rights of an account are believed, and an account that could not be asked is left alone.
const RIGHTS_HOLD: Duration = Duration::from_secs(300);
const RIGHTS_REST: Duration = Duration::from_secs(30);
/// A database that is slow to say what its account may do is not waited for.
const RIGHTS_WITHIN: Duration = Duration::from_secs(3);

/// When an account was asked for its rights, and what it said.
type Asked = (Instant, Option<Rights>);

/// Opens the database behind a dataset; `app` knows how.
pub type OpenTarget =
    Arc<dyn Fn(&DatasetConnection) -> Result<Arc<dyn Target>, TargetError> + Send + Sync>;

/// All datasets of this process, each built when it is first asked for.
pub struct Datasets {
    store: Store,
    cache: Cache,
    open_target: OpenTarget,
    live: DashMap<DatasetId, Arc<LiveDataset>>,
    rights: DashMap<DatasetId, Asked>,
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
            rights: DashMap::new(),
            reading: tokio::sync::Mutex::default(),
            meaning,
            learning: TaskTracker::new(),
            stop: CancellationToken::new(),
        }
    }

    /// The newest of everything about the dataset, in whichever process it was changed.
    pub async fn live(&self, dataset: &Dataset) -> Result<Arc<LiveDataset>, DatasetError> {
        let known = self.live.get(&dataset.id).map(|live| live.clone());
        let versions = match self.store.versions(dataset.id).await {
            Ok(versions) => versions,
            Err(StoreError::NotFound) => {
                self.live.remove(&dataset.id);
                return Err(DatasetError::NotFound);
            }
            // what we have is still right for reading; the turn itself will find the store down or up
            Err(error) => return known.ok_or(error.into()),
        };
        match versions.snapshot {
            Some(version) => self.install(dataset, version, versions, known, None).await,
            None => {
                let _reading = self.reading.lock().await;
                let versions = self.store.versions(dataset.id).await?;
                match versions.snapshot {
                    Some(version) => self.install(dataset, version, versions, known, None).await,
                    None => Ok(self.read_anew(dataset, None).await?.live),
                }
            }
        }
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
        let versions = self.store.versions(dataset.id).await?;
        let examples = self.examples(dataset.id, versions.examples).await?;
        let snapshot = self.snapshot(dataset.id, version).await?;
        // nobody asks it anything new: its vectors are not worth making
        self.build(dataset, version, versions, snapshot, examples, None)
            .await
    }

    /// Reads the schema anew (or takes the one handed in), makes it the one in force, and says what that broke;
    /// an unchanged one keeps its version.
    pub async fn refresh(
        &self,
        dataset: &Dataset,
        handed_in: Option<Schema>,
    ) -> Result<Refreshed, DatasetError> {
        let _reading = self.reading.lock().await;
        self.read_anew(dataset, handed_in).await
    }

    /// Connects anew and asks what the account may do.
    pub async fn probe(&self, connection: &DatasetConnection) -> Result<Rights, TargetError> {
        (self.open_target)(connection)?.probe().await
    }

    /// Reads the schema of a database whose account, as far as can be seen, cannot write.
    pub async fn introspect(&self, connection: &DatasetConnection) -> Result<Schema, DatasetError> {
        let target = (self.open_target)(connection)?;
        let rights = target.probe().await?;
        if !rights.can_write.is_empty() && !connection.may_write() {
            return Err(TargetError::MayWrite(rights.can_write.join(" ")).into());
        }
        Ok(target.introspect().await?)
    }

    /// What the account behind the dataset may do; `None` when there is no database, or it does not say.
    pub async fn rights(&self, live: &LiveDataset) -> Option<Rights> {
        if !live.is_live() {
            return None;
        }
        let id = live.dataset.id;
        if let Some(asked) = self.rights.get(&id) {
            let (at, rights) = asked.value();
            let hold = if rights.is_some() {
                RIGHTS_HOLD
            } else {
                RIGHTS_REST
            };
            if at.elapsed() < hold {
                return rights.clone();
            }
        }
        let rights = match tokio::time::timeout(RIGHTS_WITHIN, live.target.probe()).await {
            Ok(Ok(rights)) => Some(rights),
            Ok(Err(error)) => {
                tracing::info!(%error, dataset = %id, "the rights of dataset {id}'s account are not known");
                None
            }
            Err(_) => None,
        };
        self.rights.insert(id, (Instant::now(), rights.clone()));
        rights
    }

    /// What this process holds of a dataset that is gone.
    pub fn forget(&self, dataset: DatasetId) {
        self.rights.remove(&dataset);
        self.live.remove(&dataset);
    }

    async fn read_anew(
        &self,
        dataset: &Dataset,
        handed_in: Option<Schema>,
    ) -> Result<Refreshed, DatasetError> {
        self.rights.remove(&dataset.id);
        let schema = match handed_in {
            Some(schema) => schema,
            None if dataset.connection.is_live() => self.introspect(&dataset.connection).await?,
            None => return Err(DatasetError::NoSource),
        };
        let before = self.store.versions(dataset.id).await?.snapshot;
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
        let report = match before {
            Some(previous) if previous != version => Some(
                self.look_for_breakage(dataset, previous, version, &schema)
                    .await?,
            ),
            _ => None,
        };
        let versions = self.store.versions(dataset.id).await?;
        let live = self
            .install(dataset, version, versions, None, Some(schema))
            .await?;
        Ok(Refreshed { live, report })
    }

    async fn look_for_breakage(
        &self,
        dataset: &Dataset,
        previous: i32,
        version: i32,
        new: &Schema,
    ) -> Result<Report, DatasetError> {
        let old = self.snapshot(dataset.id, previous).await?;
        let known = Known {
            examples: self.store.examples_since(dataset.id, 0).await?.1,
            directives: self.store.directives(dataset.id).await?,
            annotations: self.store.annotations(dataset.id, None).await?,
            relationships: self.store.relationships(dataset.id).await?,
        };
        let (new, dialect) = (new.clone(), dataset.dialect);
        let report = tokio::task::spawn_blocking(move || Report {
            previous_version: previous,
            version,
            changes: drift::changes(&old, &new),
            broken: drift::broken(&old, &new, dialect, &known),
            checked: known
                .examples
                .iter()
                .filter(|example| !example.deleted)
                .count()
                + known.directives.len()
                + known.annotations.len()
                + known.relationships.len(),
        })
        .await
        .expect("the checker does not panic");
        self.store
            .mark_broken_examples(dataset.id, &drift::broken_examples(&report.broken))
            .await?;
        self.store
            .mark_broken_knowledge(dataset.id, &drift::broken_knowledge(&report.broken))
            .await?;
        let stored = serde_json::to_value(&report).expect("a report has string keys");
        self.store
            .save_refresh_report(dataset.id, version, &stored)
            .await?;
        Ok(report)
    }

    async fn snapshot(&self, dataset: DatasetId, version: i32) -> Result<Schema, DatasetError> {
        if let Some(schema) = self.cache.schema(dataset, version).await {
            return Ok(schema);
        }
        let schema = self.store.snapshot(dataset, version).await?;
        self.cache.keep_schema(dataset, version, &schema).await;
        Ok(schema)
    }

    /// Builds what is not the newest, and takes over what is.
    async fn install(
        &self,
        dataset: &Dataset,
        version: i32,
        versions: Versions,
        known: Option<Arc<LiveDataset>>,
        schema: Option<Schema>,
    ) -> Result<Arc<LiveDataset>, DatasetError> {
        let known = known.filter(|live| {
            live.dataset.connection == dataset.connection && live.dataset.name == dataset.name
        });
        let examples = match &known {
            Some(live) if live.examples.version == versions.examples => live.examples.clone(),
            _ => self.examples(dataset.id, versions.examples).await?,
        };
        if let Some(live) = known
            && live.version == version
            && live.knowledge_version == versions.knowledge
        {
            if Arc::ptr_eq(&live.examples, &examples) {
                return Ok(live);
            }
            let mut newer = (*live).clone();
            newer.examples = examples;
            let newer = Arc::new(newer);
            self.live.insert(dataset.id, newer.clone());
            return Ok(newer);
        }
        let snapshot = match schema {
            Some(schema) => schema,
            None => self.snapshot(dataset.id, version).await?,
        };
        let live = self
            .build(
                dataset,
                version,
                versions,
                snapshot,
                examples,
                self.meaning.as_ref(),
            )
            .await?;
        if self.meaning.is_some() {
            let learning = Search::learn(Arc::downgrade(&live.search), live.schema.clone());
            let stop = self.stop.clone();
            self.learning
                .spawn(async move { stop.run_until_cancelled(learning).await });
        }
        self.live.insert(dataset.id, live.clone());
        Ok(live)
    }

    async fn build(
        &self,
        dataset: &Dataset,
        version: i32,
        versions: Versions,
        snapshot: Schema,
        examples: Arc<ExampleIndex>,
        meaning: Option<&Arc<Meaning>>,
    ) -> Result<Arc<LiveDataset>, DatasetError> {
        let annotations = self.store.annotations(dataset.id, None).await?;
        let relationships = self.store.relationships(dataset.id).await?;
        let directives = self.store.directives(dataset.id).await?;
        let target = (self.open_target)(&dataset.connection)?;
        let dataset = dataset.clone();
        let meaning = meaning.cloned();
        // a large schema takes a moment, which other turns shall not wait for
        let build = move || {
            let directives: Vec<Directive> = directives
                .into_iter()
                .filter(|directive| directive.broken.is_none())
                .collect();
            let entries: Vec<Entry<'_>> = directives
                .iter()
                .map(|directive| Entry {
                    key: &directive.key,
                    value: &directive.value,
                    context: &directive.context,
                })
                .collect();
            let schema = Arc::new(overlay::merged(&snapshot, &annotations, &relationships));
            let search = Search::new(SearchIndex::build(&schema), meaning);
            LiveDataset {
                generator: Arc::new(Generator::with_glossary(
                    schema.clone(),
                    dataset.dialect,
                    &entries,
                )),
                checker: Arc::new(Checker::new(&schema, dataset.dialect)),
                dataset,
                version,
                knowledge_version: versions.knowledge,
                snapshot: Arc::new(snapshot),
                index: search.index().clone(),
                search,
                schema,
                directives: Arc::new(directives),
                examples,
                target,
            }
        };
        let live = Arc::new(
            tokio::task::spawn_blocking(build)
                .await
                .expect("building an index does not panic"),
        );
        Ok(live)
    }

    /// Loads what changed since this process last looked.
    async fn examples(
        &self,
        dataset: DatasetId,
        version: i64,
    ) -> Result<Arc<ExampleIndex>, DatasetError> {
        let known = self
            .live
            .get(&dataset)
            .map(|live| live.examples.clone())
            .unwrap_or_default();
        if known.version >= version {
            return Ok(known);
        }
        let (version, changed) = self.store.examples_since(dataset, known.version).await?;
        let index =
            tokio::task::spawn_blocking(move || Arc::new(known.with_changes(version, changed)))
                .await
                .expect("building an index does not panic");
        Ok(index)
    }
}
