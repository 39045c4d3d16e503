//! A sentence encoder that runs here: BERT as the sentence-transformers models use it (all-MiniLM-L6-v2 and its kin).
//!
//! No key, no network, no second process. The weights are not part of QueryForge: a folder holds `config.json`,
//! `vocab.txt` and `model.safetensors` as these models are published.

mod tensors;
mod wordpiece;

use super::{EmbedError, Embedder, unit};
use async_trait::async_trait;
use serde::Deserialize;
use std::path::Path;
use std::sync::Arc;
use tensors::{Linear, Norm, Tensors};
use wordpiece::WordPiece;

#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("{0}")]
    File(String),
    #[error("the model's files cannot be used: {0}")]
    Model(String),
}

/// Reads once, then encodes on the blocking pool; cheap to clone.
#[derive(Clone)]
pub struct LocalEmbedder {
    model: Arc<Bert>,
    id: Arc<str>,
}

impl LocalEmbedder {
    /// Reads the model in `folder`: about 90 MB for MiniLM.
    pub fn load(folder: &Path) -> Result<Self, LoadError> {
        let model = Bert::load(folder)?;
        let name = folder
            .file_name()
            .map_or_else(|| "model".into(), |n| n.to_string_lossy());
        Ok(Self {
            // another model may be put into the same folder
            id: format!(
                "local/{name}-{:08x}/{}",
                model.fingerprint(),
                model.config.hidden_size
            )
            .into(),
            model: Arc::new(model),
        })
    }

    /// The vector of one text, on this thread: some 10 ms for a question. None where the weights make no number of it.
    pub fn encode(&self, text: &str) -> Option<Vec<f32>> {
        self.model.encode(text)
    }
}

#[async_trait]
impl Embedder for LocalEmbedder {
    fn id(&self) -> &str {
        &self.id
    }

    fn dimension(&self) -> usize {
        self.model.config.hidden_size
    }

    async fn embed(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let model = self.model.clone();
        let texts = texts.to_vec();
        let made = tokio::task::spawn_blocking(move || {
            let vectors = texts.iter().map(|text| model.encode(text));
            vectors.collect::<Option<Vec<_>>>()
        });
        made.await
            .map_err(|e| EmbedError::BadReply(format!("the encoder stopped: {e}")))?
            .ok_or_else(|| EmbedError::BadReply("the model's weights give no numbers".to_owned()))
    }
}

#[derive(Debug, Deserialize)]
struct Config {
    hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    max_position_embeddings: usize,
    #[serde(default = "default_eps")]
    layer_norm_eps: f32,
    #[serde(default)]
    hidden_act: Option<String>,
}

fn default_eps() -> f32 {
    1e-12
}

/// Tokens; these models were trained on no more, and a question or a table's names are shorter.
const LONGEST: usize = 256;

struct Bert {
    config: Config,
    words: WordPiece,
    word_vectors: Vec<f32>,
    place_vectors: Vec<f32>,
    /// Of the first kind of sentence; there is only one here.
    kind_vector: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attended: Linear,
    attended_norm: Norm,
    widen: Linear,
    narrow: Linear,
    norm: Norm,
}

impl Bert {
    fn load(folder: &Path) -> Result<Self, LoadError> {
        let read = |name: &str| {
            let path = folder.join(name);
            std::fs::read(&path).map_err(|e| LoadError::File(format!("{}: {e}", path.display())))
        };
        let config: Config = serde_json::from_slice(&read("config.json")?)
            .map_err(|e| LoadError::Model(format!("config.json: {e}")))?;
        if config
            .hidden_act
            .as_deref()
            .is_some_and(|act| act != "gelu")
        {
            return Err(LoadError::Model("only gelu is known here".into()));
        }
        if config.num_attention_heads == 0
            || !config
                .hidden_size
                .is_multiple_of(config.num_attention_heads)
        {
            return Err(LoadError::Model(
                "the heads do not divide the hidden size".into(),
            ));
        }
        let words = WordPiece::new(&String::from_utf8_lossy(&read("vocab.txt")?))
            .ok_or_else(|| LoadError::Model("vocab.txt lacks [CLS], [SEP] or [UNK]".into()))?;
        let bytes = read("model.safetensors")?;
        let tensors = Tensors::new(&bytes).map_err(LoadError::Model)?;
        let hidden = config.hidden_size;
        let get = |name: &str| tensors.get(name).map_err(LoadError::Model);
        let linear = |name: &str, from: usize, to: usize| {
            tensors.linear(name, from, to).map_err(LoadError::Model)
        };
        let norm = |name: &str| {
            tensors
                .norm(name, hidden, config.layer_norm_eps)
                .map_err(LoadError::Model)
        };
        let mut layers = Vec::with_capacity(config.num_hidden_layers);
        for n in 0..config.num_hidden_layers {
            let at = |part: &str| format!("encoder.layer.{n}.{part}");
            let wide = get(&at("intermediate.dense.bias"))?.len();
            layers.push(Layer {
                query: linear(&at("attention.self.query"), hidden, hidden)?,
                key: linear(&at("attention.self.key"), hidden, hidden)?,
                value: linear(&at("attention.self.value"), hidden, hidden)?,
                attended: linear(&at("attention.output.dense"), hidden, hidden)?,
                attended_norm: norm(&at("attention.output.LayerNorm"))?,
                widen: linear(&at("intermediate.dense"), hidden, wide)?,
                narrow: linear(&at("output.dense"), wide, hidden)?,
                norm: norm(&at("output.LayerNorm"))?,
            });
        }
        let word_vectors = get("embeddings.word_embeddings.weight")?;
        let place_vectors = get("embeddings.position_embeddings.weight")?;
        let mut kind_vector = get("embeddings.token_type_embeddings.weight")?;
        if word_vectors.len() < words.len() * hidden
            || place_vectors.len() < config.max_position_embeddings * hidden
            || kind_vector.len() < hidden
        {
            return Err(LoadError::Model(
                "the embeddings are smaller than the vocabulary".into(),
            ));
        }
        kind_vector.truncate(hidden);
        Ok(Self {
            norm: norm("embeddings.LayerNorm")?,
            config,
            words,
            word_vectors,
            place_vectors,
            kind_vector,
            layers,
        })
    }

    /// Tells two models apart: a few of every weight's bits.
    fn fingerprint(&self) -> u32 {
        let every = |weights: &[f32], step: usize| -> u32 {
            weights
                .iter()
                .step_by(step)
                .fold(0x811c_9dc5, |sum: u32, x| {
                    (sum ^ x.to_bits()).wrapping_mul(0x0100_0193)
                })
        };
        let layers = self.layers.iter().map(|layer| layer.query.fingerprint());
        layers.fold(every(&self.word_vectors, 61), |sum, layer| {
            sum.rotate_left(7) ^ layer
        })
    }

    /// The mean of the last layer's tokens, of length one.
    fn encode(&self, text: &str) -> Option<Vec<f32>> {
        let hidden = self.config.hidden_size;
        let tokens = self
            .words
            .tokens(text, LONGEST.min(self.config.max_position_embeddings));
        let mut x = Vec::with_capacity(tokens.len() * hidden);
        for (place, token) in tokens.iter().enumerate() {
            let word = &self.word_vectors[token * hidden..][..hidden];
            let place = &self.place_vectors[place * hidden..][..hidden];
            x.extend(
                word.iter()
                    .zip(place)
                    .zip(&self.kind_vector)
                    .map(|((w, p), k)| w + p + k),
            );
        }
        self.norm.apply(&mut x);
        for layer in &self.layers {
            let attended = layer.attended.apply(&self.attention(layer, &x));
            add(&mut x, &attended);
            layer.attended_norm.apply(&mut x);
            let mut wide = layer.widen.apply(&x);
            for value in &mut wide {
                *value = gelu(*value);
            }
            let narrow = layer.narrow.apply(&wide);
            add(&mut x, &narrow);
            layer.norm.apply(&mut x);
        }
        let mut mean = vec![0.0; hidden];
        for token in x.chunks_exact(hidden) {
            add(&mut mean, token);
        }
        unit(mean)
    }

    fn attention(&self, layer: &Layer, x: &[f32]) -> Vec<f32> {
        let hidden = self.config.hidden_size;
        let head = hidden / self.config.num_attention_heads;
        let scale = 1.0 / (head as f32).sqrt();
        let (query, key, value) = (
            layer.query.apply(x),
            layer.key.apply(x),
            layer.value.apply(x),
        );
        let count = x.len() / hidden;
        let mut out = vec![0.0; x.len()];
        let mut weights = vec![0.0f32; count];
        for from in (0..hidden).step_by(head) {
            let part = |of: &[f32], token: usize| {
                token * hidden + from..token * hidden + from + head.min(of.len())
            };
            for asking in 0..count {
                let asked = &query[part(&query, asking)];
                for (token, weight) in weights.iter_mut().enumerate() {
                    let dot: f32 = asked
                        .iter()
                        .zip(&key[part(&key, token)])
                        .map(|(a, b)| a * b)
                        .sum();
                    *weight = dot * scale;
                }
                let most = weights.iter().copied().fold(f32::MIN, f32::max);
                let mut sum = 0.0;
                for weight in &mut weights {
                    *weight = (*weight - most).exp();
                    sum += *weight;
                }
                let place = part(&out, asking);
                let out = &mut out[place];
                for (token, weight) in weights.iter().enumerate() {
                    for (out, value) in out.iter_mut().zip(&value[part(&value, token)]) {
                        *out += weight / sum * value;
                    }
                }
            }
        }
        out
    }
}

fn add(to: &mut [f32], what: &[f32]) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += what;
    }
}

/// `x` times the share of a normal distribution below it.
fn gelu(x: f32) -> f32 {
    // erf by Abramowitz and Stegun 7.1.26, good to seven digits
    let z = x.abs() * std::f32::consts::FRAC_1_SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let series = ((((1.061_405_4 * t - 1.453_152) * t + 1.421_413_8) * t - 0.284_496_74) * t
        + 0.254_829_6)
        * t;
    let erf = (1.0 - series * (-z * z).exp()).copysign(x);
    0.5 * x * (1.0 + erf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gelu_agrees_with_known_points() {
        for (x, y) in [
            (0.0, 0.0),
            (1.0, 0.841_344_7),
            (-1.0, -0.158_655_3),
            (3.0, 2.995_95),
        ] {
            assert!((gelu(x) - y).abs() < 1e-5, "gelu({x}) = {}", gelu(x));
        }
    }

    #[test]
    fn a_folder_without_a_model_says_which_file_is_missing() {
        let folder = tempfile::tempdir().expect("a folder of its own");
        let error = LocalEmbedder::load(folder.path())
            .err()
            .expect("it is empty");
        assert!(error.to_string().contains("config.json"), "{error}");
    }

    /// With `QUERYFORGE_TEST_MODEL` naming a folder of all-MiniLM-L6-v2; else there is nothing to test.
    #[test]
    fn texts_of_one_meaning_are_near_each_other() {
        let Some(folder) = std::env::var_os("QUERYFORGE_TEST_MODEL") else {
            return;
        };
        let embedder = LocalEmbedder::load(Path::new(&folder)).expect("a whole model");
        let likeness = |a: &str, b: &str| -> f32 {
            let encode = |text| embedder.encode(text).expect("numbers");
            encode(a).iter().zip(&encode(b)).map(|(a, b)| a * b).sum()
        };
        let near = likeness(
            "How many vocalists are there?",
            "singer: name, age, country",
        );
        let far = likeness(
            "How many vocalists are there?",
            "invoice: number, amount, due date",
        );
        assert!(near > far + 0.1, "{near} against {far}");
    }
}
