//! Search by meaning: vectors are made once, kept and loaded; and whatever an embedder does, questions are answered.

use crate::support::client::{Client, transcript};
use crate::support::embedder::{DIMENSION, FakeEmbedder, Mood, noise, write_tiny_model};
use crate::support::server::{TestServer, cluster, scratch};
use async_trait::async_trait;
use queryforge::cache::Cache;
use queryforge::embedding::local::LocalEmbedder;
use queryforge::embedding::{EmbedError, Embedder};
use queryforge::ids::DatasetId;
use queryforge::knowledge::LiveDataset;
use queryforge::knowledge::meaning::Meaning;
use queryforge::store::Store;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use uuid::Uuid;

const QUESTION: &str = "How many customers are in Germany?";

async fn start(variables: &[(&'static str, String)]) -> TestServer {
    let variables: Vec<(&str, &str)> = variables
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    TestServer::start_with(&variables).await
}

async fn northwind(server: &TestServer) -> Arc<LiveDataset> {
    let id: Uuid = server
        .dataset("Northwind")
        .await
        .parse()
        .expect("an id is a UUID");
    let live = server.app.dataset(DatasetId(id)).await;
    live.expect("the sample is there")
}

async fn until_learnt(live: &LiveDataset) {
    let began = Instant::now();
    while live.index.embedder().is_none() {
        assert!(
            began.elapsed() < Duration::from_secs(30),
            "the vectors are never made"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn whatever_the_embedder_does_the_question_is_answered_by_words_and_a_notice_says_so() {
    let embedder = FakeEmbedder::start().await;
    let server = start(&embedder.variables()).await;
    let live = northwind(&server).await;
    until_learnt(&live).await;
    assert_eq!(live.search.find(QUESTION, 5).await.notice, None);
    let by_words = |question: &str| live.index.search(question, 5);
    for (mood, notice) in [
        (Mood::TooFew, "answer cannot be used"),
        (Mood::OtherDimension, "answer cannot be used"),
        (Mood::NotANumber, "answer cannot be used"),
        (Mood::Infinite, "answer cannot be used"),
        (Mood::NotJson, "answer cannot be used"),
        (Mood::WrongKey, "refused the key"),
    ] {
        embedder.be(mood);
        // a question of its own: a vector once made is not asked for again
        let question = format!("How many customers are in Germany, {mood:?}?");
        let searched = live.search.find(&question, 5).await;
        assert_eq!(searched.found, by_words(&question), "{mood:?}");
        let said = searched.notice.expect("a notice");
        assert!(
            said.starts_with("searched by words alone") && said.ends_with(notice),
            "{mood:?}: {said}"
        );
        assert!(!said.contains("sk-secret"));
    }
    // nothing of it stuck
    embedder.be(Mood::Sound);
    let again = live
        .search
        .find("How many customers are in Germany, TooFew?", 5)
        .await;
    assert_eq!(again.notice, None);

    // silence: the question waits for its patience, the next one not at all
    embedder.be(Mood::Silent);
    let mut client = Client::open(&server, Uuid::now_v7()).await;
    client
        .submit(
            &server.dataset("Northwind").await,
            "How many employees are there?",
        )
        .await;
    let told = transcript(&client.until_terminal().await);
    assert!(
        told.contains("searched by words alone: the embedder did not answer in time"),
        "{told}"
    );
    assert!(told.contains("RUN_FINISHED"), "{told}");
    let asked = embedder.texts().await.len();
    let searched = live.search.find("How many suppliers are there?", 5).await;
    assert!(searched.notice.is_some());
    assert_eq!(
        embedder.texts().await.len(),
        asked,
        "a resting embedder is not asked"
    );
}

#[tokio::test]
async fn a_schema_whose_vectors_cannot_be_made_yet_is_searched_by_words() {
    let embedder = FakeEmbedder::start().await;
    embedder.be(Mood::TooFew);
    let server = start(&embedder.variables()).await;
    let live = northwind(&server).await;
    let began = Instant::now();
    loop {
        let searched = live.search.find(QUESTION, 5).await;
        let notice = searched.notice.expect("a notice as long as there are none");
        assert_eq!(searched.found, live.index.search(QUESTION, 5));
        if notice.ends_with("answer cannot be used") {
            break;
        }
        assert!(notice.ends_with("still being made"), "{notice}");
        assert!(began.elapsed() < Duration::from_secs(30));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // it tries again by itself
    embedder.be(Mood::Sound);
    until_learnt(&live).await;
    assert_eq!(live.search.find(QUESTION, 5).await.notice, None);
}

struct Counting {
    texts: AtomicUsize,
    dimension: usize,
    id: String,
}

impl Counting {
    fn new(dimension: usize) -> Arc<Self> {
        Arc::new(Self {
            texts: AtomicUsize::new(0),
            dimension,
            id: format!("counting/{dimension}"),
        })
    }
}

#[async_trait]
impl Embedder for Counting {
    fn id(&self) -> &str {
        &self.id
    }

    fn dimension(&self) -> usize {
        self.dimension
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        self.texts.fetch_add(texts.len(), Ordering::Relaxed);
        let vector = |text: &String| {
            (0..self.dimension)
                .map(|n| (text.len() + n) as f32)
                .collect()
        };
        Ok(texts.iter().map(vector).collect())
    }
}

#[tokio::test]
async fn a_text_is_embedded_once_even_across_a_restart() {
    let cluster = cluster().await;
    cluster
        .ensure_database("vectors")
        .await
        .expect("a database");
    let store = Store::open(cluster.options("vectors"))
        .await
        .expect("a store");
    let patience = Duration::from_secs(30);
    let texts: Vec<String> = (0..150).map(|n| format!("table {}", n % 100)).collect();

    let embedder = Counting::new(DIMENSION);
    let meaning = Meaning::new(embedder.clone(), store.clone(), Cache::local(), patience);
    let made = meaning.of_knowledge(&texts).await.expect("vectors");
    assert_eq!(made.len(), 150);
    let asked = embedder.texts.load(Ordering::Relaxed);
    assert!(asked <= 150, "at most once each: {asked}");
    assert_eq!(made[0], made[100], "the same text, the same vector");
    meaning.of_knowledge(&texts).await.expect("vectors");
    assert_eq!(embedder.texts.load(Ordering::Relaxed), asked);

    let restarted = Counting::new(DIMENSION);
    let meaning = Meaning::new(restarted.clone(), store.clone(), Cache::local(), patience);
    assert_eq!(meaning.of_knowledge(&texts).await.expect("vectors"), made);
    assert_eq!(
        restarted.texts.load(Ordering::Relaxed),
        0,
        "all were in the store"
    );

    // another dimension is another embedder: its vectors are made anew and never mixed
    let changed = Counting::new(7);
    let meaning = Meaning::new(changed.clone(), store.clone(), Cache::local(), patience);
    let made = meaning.of_knowledge(&texts).await.expect("vectors");
    assert!(made.iter().all(|vector| vector.len() == 7));
    assert!(changed.texts.load(Ordering::Relaxed) >= 100);

    // a damaged row is made again, not believed
    let hashes = [<[u8; 32]>::from(<sha2::Sha256 as sha2::Digest>::digest(
        "table 3",
    ))];
    store
        .keep_vectors(restarted.id(), &[(hashes[0], vec![f32::NAN; DIMENSION])])
        .await
        .expect("kept");
    let meaning = Meaning::new(restarted.clone(), store.clone(), Cache::local(), patience);
    let made = meaning
        .of_knowledge(&["table 3".to_owned()])
        .await
        .expect("a vector");
    assert!(made[0].iter().all(|x| x.is_finite()));
    assert_eq!(restarted.texts.load(Ordering::Relaxed), 1);
    store.close().await;
}

#[tokio::test]
async fn a_sentence_transformer_in_a_folder_needs_no_network() {
    let folder = scratch();
    write_tiny_model(folder.path(), noise);
    let embedder = LocalEmbedder::load(folder.path()).expect("a whole model");
    let texts = ["customers", "How many customers?", "", "고객 🙂"].map(String::from);
    let made = embedder.embed(&texts).await.expect("vectors");
    assert_eq!((embedder.dimension(), made.len()), (8, 4));
    for vector in &made {
        let length: f32 = vector.iter().map(|x| x * x).sum();
        assert!((length - 1.0).abs() < 1e-4, "{vector:?}");
    }
    assert_ne!(made[0], made[1]);
    assert_eq!(
        embedder.embed(&texts[..1]).await.expect("again")[0],
        made[0]
    );

    let server = start(&[
        ("EMBEDDING_PROVIDER", "local".to_owned()),
        ("EMBEDDING_MODEL", folder.path().display().to_string()),
        ("QF_EMBEDDING_SECONDS", "30".to_owned()),
    ])
    .await;
    let live = northwind(&server).await;
    until_learnt(&live).await;
    assert_eq!(live.index.embedder(), Some(embedder.id()));
    assert_eq!(live.search.find(QUESTION, 5).await.notice, None);
    assert_eq!(server.ask("Northwind", QUESTION).await["status"], "success");

    // other weights under the same name are another embedder, and weights of no number none
    let before = embedder.id().to_owned();
    write_tiny_model(folder.path(), |number| noise(number) * 0.5);
    let other = LocalEmbedder::load(folder.path()).expect("a whole model");
    assert_ne!(other.id(), before);
    write_tiny_model(folder.path(), |_| f32::NAN);
    let broken = LocalEmbedder::load(folder.path()).expect("it has its shapes");
    let refused = broken.embed(&texts).await;
    assert!(
        matches!(refused, Err(EmbedError::BadReply(_))),
        "{refused:?}"
    );
    std::fs::write(folder.path().join("model.safetensors"), b"short").expect("ours");
    let refused = LocalEmbedder::load(folder.path()).err();
    let said = refused.expect("it is cut off").to_string();
    assert!(said.contains("model.safetensors"), "{said}");
}
