//! Embedders for tests: an endpoint that behaves as told, and a sentence transformer small enough to make here.

use serde_json::{Value, json};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Sound,
    TooFew,
    OtherDimension,
    NotANumber,
    Infinite,
    NotJson,
    WrongKey,
    Silent,
}

/// An OpenAI-compatible endpoint whose vectors count letters, so that the same text has the same vector.
pub struct FakeEmbedder {
    server: MockServer,
    mood: Arc<Mutex<Mood>>,
}

pub const DIMENSION: usize = 26;

impl FakeEmbedder {
    pub async fn start() -> Self {
        let server = MockServer::start().await;
        let mood = Arc::new(Mutex::new(Mood::Sound));
        Mock::given(method("POST"))
            .respond_with(Answer(mood.clone()))
            .mount(&server)
            .await;
        Self { server, mood }
    }

    pub fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("EMBEDDING_PROVIDER", "openai".to_owned()),
            ("EMBEDDING_MODEL", "letters".to_owned()),
            ("EMBEDDING_DIMENSION", DIMENSION.to_string()),
            ("EMBEDDING_BASE_URL", format!("{}/v1", self.server.uri())),
        ]
    }

    pub fn be(&self, mood: Mood) {
        *self.mood.lock().expect("nothing panics with it") = mood;
    }

    /// Texts it was asked for so far.
    pub async fn texts(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.expect("recorded");
        let mut texts = Vec::new();
        for request in requests {
            let body: Value = serde_json::from_slice(&request.body).expect("JSON");
            texts.extend(
                body["input"]
                    .as_array()
                    .expect("texts")
                    .iter()
                    .filter_map(|text| Some(text.as_str()?.to_owned())),
            );
        }
        texts
    }
}

struct Answer(Arc<Mutex<Mood>>);

impl Respond for Answer {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let mood = *self.0.lock().expect("nothing panics with it");
        let body: Value = serde_json::from_slice(&request.body).expect("a request is JSON");
        let texts = body["input"].as_array().expect("texts");
        let ok = ResponseTemplate::new(200);
        let rows = |vector: &dyn Fn(&str) -> Value| -> Value {
            let rows = texts.iter().enumerate().map(|(index, text)| {
                json!({"index": index, "embedding": vector(text.as_str().unwrap_or(""))})
            });
            json!({"data": rows.collect::<Vec<_>>()})
        };
        match mood {
            Mood::Sound => ok.set_body_json(rows(&letters)),
            Mood::TooFew => ok.set_body_json(json!({"data": []})),
            Mood::OtherDimension => ok.set_body_json(rows(&|_| json!([1.0, 2.0, 3.0]))),
            // as Python's json writes it
            Mood::NotANumber => ok.set_body_string(r#"{"data":[{"index":0,"embedding":[NaN]}]}"#),
            Mood::Infinite => ok.set_body_json(rows(&|_| json!(vec![1e300f64; DIMENSION]))),
            Mood::NotJson => ok.set_body_string("<html>the proxy's page</html>"),
            Mood::WrongKey => ResponseTemplate::new(401).set_body_string("sk-secret is no key"),
            Mood::Silent => ok.set_delay(Duration::from_secs(120)),
        }
    }
}

fn letters(text: &str) -> Value {
    let mut counts = [0.1f32; DIMENSION];
    for letter in text.bytes().map(|b| b.to_ascii_lowercase()) {
        if letter.is_ascii_lowercase() {
            counts[usize::from(letter - b'a')] += 1.0;
        }
    }
    json!(counts.to_vec())
}

/// Writes a BERT of one layer and eight dimensions, as sentence transformers are published; its weights are noise.
pub fn write_tiny_model(folder: &Path, weight: impl Fn(u32) -> f32) {
    const HIDDEN: usize = 8;
    const WIDE: usize = 16;
    let letters = ('a'..='z').flat_map(|c| [c.to_string(), format!("##{c}")]);
    let vocabulary: Vec<String> = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "customer", "##s", "?"]
        .map(String::from)
        .into_iter()
        .chain(letters)
        .collect();
    let layer = |part: &str| format!("encoder.layer.0.{part}");
    let mut shapes: Vec<(String, Vec<usize>)> = vec![
        (
            "embeddings.word_embeddings.weight".into(),
            vec![vocabulary.len(), HIDDEN],
        ),
        (
            "embeddings.position_embeddings.weight".into(),
            vec![32, HIDDEN],
        ),
        (
            "embeddings.token_type_embeddings.weight".into(),
            vec![2, HIDDEN],
        ),
    ];
    let maps = [
        ("attention.self.query", HIDDEN, HIDDEN),
        ("attention.self.key", HIDDEN, HIDDEN),
        ("attention.self.value", HIDDEN, HIDDEN),
        ("attention.output.dense", HIDDEN, HIDDEN),
        ("intermediate.dense", HIDDEN, WIDE),
        ("output.dense", WIDE, HIDDEN),
    ];
    for (name, from, to) in maps {
        shapes.push((layer(&format!("{name}.weight")), vec![to, from]));
        shapes.push((layer(&format!("{name}.bias")), vec![to]));
    }
    for name in [
        "embeddings.LayerNorm".to_owned(),
        layer("attention.output.LayerNorm"),
        layer("output.LayerNorm"),
    ] {
        shapes.push((format!("{name}.weight"), vec![HIDDEN]));
        shapes.push((format!("{name}.bias"), vec![HIDDEN]));
    }
    let mut header = serde_json::Map::new();
    let mut data: Vec<u8> = Vec::new();
    let mut number = 0;
    for (name, shape) in shapes {
        let from = data.len();
        for _ in 0..shape.iter().product::<usize>() {
            data.extend(weight(number).to_le_bytes());
            number += 1;
        }
        header.insert(
            name,
            json!({"dtype": "F32", "shape": shape, "data_offsets": [from, data.len()]}),
        );
    }
    let header = serde_json::to_vec(&header).expect("JSON");
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header);
    file.extend(data);
    let write = |name: &str, bytes: &[u8]| {
        std::fs::write(folder.join(name), bytes).expect("the folder is ours");
    };
    write("model.safetensors", &file);
    write("vocab.txt", vocabulary.join("\n").as_bytes());
    write(
        "config.json",
        json!({
            "hidden_size": HIDDEN, "num_hidden_layers": 1, "num_attention_heads": 2, "hidden_act": "gelu",
            "max_position_embeddings": 32, "vocab_size": vocabulary.len(), "intermediate_size": WIDE,
        })
        .to_string()
        .as_bytes(),
    );
}

/// Noise that is the same every time.
pub fn noise(number: u32) -> f32 {
    let mixed = (number + 1).wrapping_mul(0x9E37_79B9);
    ((mixed ^ (mixed >> 15)) % 2_000) as f32 / 1_000.0 - 1.0
}
