//! From what speaks for and against an answer to how likely it is right. Pure.
//!
//! Confidence is a logistic function of [`Signals`]. Its weights begin with a prior that ships, and move
//! towards what people said of answers: each weight is held to its prior as if by some judged answers, so
//! that a handful of thumbs changes little and some hundred decide. [`Reliability`] shows how true it is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is known of an answer before anybody has judged it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Signals {
    /// What its writer says, in 0..=1.
    pub stated: f32,
    /// Written by the built-in generator.
    pub builtin: bool,
    /// Queries before this one that were refused.
    pub refused: u32,
    /// Share of its tables that retrieval did not find, in 0..=1.
    pub surprising: f32,
    /// How far the best table stood out, in 0..=1.
    pub margin: f32,
    /// Another writer came to the same query, or to the same rows.
    pub agrees: bool,
    /// Another reading of the question gives other rows.
    pub differs: bool,
    /// To the nearest verified example, in 0..=1.
    pub example: Option<f32>,
    /// It has no trace of something that the question says, also after another attempt.
    pub lacks: bool,
}

const FEATURES: usize = 10;

/// In the order of [`Signals::features`].
const NAMES: [&str; FEATURES] = [
    "bias",
    "stated",
    "builtin",
    "refused",
    "surprising",
    "margin",
    "agrees",
    "differs",
    "example",
    "lacks",
];

/// As shipped. What another writer's agreement is worth was measured on recorded predictions (it triples the odds), and
/// so was that retrieval's margin says nothing and that leaving out what the question says is a bad sign
/// (`docs/calibration.md`). The others are judgement, because no recorded answer says anything of them: a model's own
/// figure is taken as it is, a refused attempt nearly halves the odds.
const PRIOR: [f64; FEATURES] = [0.0, 1.0, 0.0, -0.56, -1.0, 0.0, 1.1, -0.8, 0.9, -1.5];

/// How many judged answers each weight's prior is worth, about: the precision of a normal distribution around
/// it is a quarter of this, which is what one answer says at most.
const PRIOR_ANSWERS: f64 = 30.0;

/// The precision of a weight that no answer moves.
const KEPT: f64 = 1e9;

/// Below this a match to an example says nothing.
const SIMILAR_FROM: f32 = 0.5;

impl Signals {
    fn features(&self) -> [f64; FEATURES] {
        let flag = |flag: bool| f64::from(u8::from(flag));
        let example = self.example.map_or(0.0, |similarity| {
            (similarity - SIMILAR_FROM).max(0.0) / (1.0 - SIMILAR_FROM)
        });
        [
            1.0,
            logit(f64::from(self.stated)),
            flag(self.builtin),
            f64::from(self.refused.min(8)),
            f64::from(self.surprising.clamp(0.0, 1.0)),
            f64::from(self.margin.clamp(0.0, 1.0)),
            flag(self.agrees),
            flag(self.differs),
            f64::from(example.clamp(0.0, 1.0)),
            flag(self.lacks),
        ]
    }
}

/// Nobody is surer than 49 in 50.
fn logit(share: f64) -> f64 {
    let share = if share.is_finite() { share } else { 0.5 }.clamp(0.02, 0.98);
    (share / (1.0 - share)).ln()
}

/// The weights in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    #[serde(deserialize_with = "filled_up")]
    weights: [f64; FEATURES],
    /// Judged answers that the weights were fitted on.
    pub answers: usize,
}

/// Weights that were written down before there was a signal have its prior.
fn filled_up<'de, D: serde::Deserializer<'de>>(from: D) -> Result<[f64; FEATURES], D::Error> {
    let known = Vec::<f64>::deserialize(from)?;
    Ok(std::array::from_fn(|at| {
        known.get(at).copied().unwrap_or(PRIOR[at])
    }))
}

impl Default for Calibration {
    fn default() -> Self {
        Self {
            weights: PRIOR,
            answers: 0,
        }
    }
}

/// A weight by its name.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Weight {
    pub signal: &'static str,
    pub prior: f64,
    pub weight: f64,
}

impl Calibration {
    /// In 0..=1.
    pub fn confidence(&self, signals: &Signals) -> f32 {
        sigmoid(dot(&self.weights, &signals.features())) as f32
    }

    /// The weights under which `judged` is most likely, given the prior.
    pub fn fitted<'a>(judged: impl IntoIterator<Item = (&'a Signals, bool)>) -> Self {
        Self::fitted_but(&[], judged)
    }

    /// As [`Self::fitted`], with the weights of some signals left as they ship: for answers that say nothing of them.
    pub fn fitted_but<'a>(
        kept: &[&str],
        judged: impl IntoIterator<Item = (&'a Signals, bool)>,
    ) -> Self {
        let rows: Vec<([f64; FEATURES], f64)> = judged
            .into_iter()
            .map(|(signals, right)| (signals.features(), f64::from(u8::from(right))))
            .collect();
        let hold: [f64; FEATURES] = std::array::from_fn(|at| {
            if kept.contains(&NAMES[at]) {
                KEPT
            } else {
                PRIOR_ANSWERS / 4.0
            }
        });
        let mut weights = PRIOR;
        // how likely the answers are under some weights, the prior included; concave, so there is one summit
        let likelihood = |weights: &[f64; FEATURES]| {
            let held: f64 = (0..FEATURES)
                .map(|at| hold[at] * (weights[at] - PRIOR[at]).powi(2))
                .sum();
            let told: f64 = rows
                .iter()
                .map(|(features, right)| {
                    let guess = sigmoid(dot(weights, features)).clamp(1e-12, 1.0 - 1e-12);
                    right * guess.ln() + (1.0 - right) * (1.0 - guess).ln()
                })
                .sum();
            told - held / 2.0
        };
        // Newton's method, with steps that are halved until they lead up
        for _ in 0..50 {
            let mut gradient = [0.0; FEATURES];
            let mut hessian = [[0.0; FEATURES]; FEATURES];
            for at in 0..FEATURES {
                gradient[at] = -hold[at] * (weights[at] - PRIOR[at]);
                hessian[at][at] = hold[at];
            }
            for (features, right) in &rows {
                let guess = sigmoid(dot(&weights, features));
                let slope = guess * (1.0 - guess);
                for at in 0..FEATURES {
                    gradient[at] += (right - guess) * features[at];
                    for other in 0..FEATURES {
                        hessian[at][other] += slope * features[at] * features[other];
                    }
                }
            }
            let step = solve(hessian, gradient);
            let here = likelihood(&weights);
            let mut share = 1.0;
            let next = loop {
                let next = std::array::from_fn(|at| weights[at] + share * step[at]);
                if likelihood(&next) >= here || share < 1e-6 {
                    break next;
                }
                share /= 2.0;
            };
            let moved = (0..FEATURES)
                .map(|at| (next[at] - weights[at]).abs())
                .fold(0.0, f64::max);
            weights = next;
            if moved < 1e-7 {
                break;
            }
        }
        Self {
            weights,
            answers: rows.len(),
        }
    }

    pub fn weights(&self) -> Vec<Weight> {
        (0..FEATURES)
            .map(|at| Weight {
                signal: NAMES[at],
                prior: PRIOR[at],
                weight: self.weights[at],
            })
            .collect()
    }
}

fn dot(one: &[f64; FEATURES], other: &[f64; FEATURES]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Gaussian elimination; `a` is positive definite, because the prior's precision is on its diagonal.
fn solve(mut a: [[f64; FEATURES]; FEATURES], mut b: [f64; FEATURES]) -> [f64; FEATURES] {
    for pivot in 0..FEATURES {
        for row in pivot + 1..FEATURES {
            let factor = a[row][pivot] / a[pivot][pivot];
            let upper = a[pivot];
            for (cell, above) in a[row].iter_mut().zip(upper).skip(pivot) {
                *cell -= factor * above;
            }
            b[row] -= factor * b[pivot];
        }
    }
    let mut x = [0.0; FEATURES];
    for row in (0..FEATURES).rev() {
        let known: f64 = (row + 1..FEATURES).map(|at| a[row][at] * x[at]).sum();
        x[row] = (b[row] - known) / a[row][row];
    }
    x
}

/// How often answers of a confidence were right.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Reliability {
    pub answers: usize,
    /// Mean squared distance between confidence and what was right (1) or wrong (0); 0.25 is a coin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brier: Option<f64>,
    /// Mean distance between confidence and share of right answers, over the bins by their size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calibration_error: Option<f64>,
    pub bins: Vec<ReliabilityBin>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ReliabilityBin {
    pub from: f64,
    pub to: f64,
    pub answers: usize,
    /// Mean of what was shown.
    pub confidence: f64,
    /// Share that was right.
    pub right: f64,
}

const BINS: usize = 10;

impl Reliability {
    /// Of answers by the confidence they were shown with; empty bins are left out.
    pub fn of(judged: impl IntoIterator<Item = (f32, bool)>) -> Self {
        let mut sums = [(0usize, 0.0, 0.0); BINS];
        let (mut answers, mut squares) = (0, 0.0);
        for (confidence, right) in judged {
            let confidence = f64::from(confidence).clamp(0.0, 1.0);
            let right = f64::from(u8::from(right));
            let bin = ((confidence * BINS as f64) as usize).min(BINS - 1);
            sums[bin].0 += 1;
            sums[bin].1 += confidence;
            sums[bin].2 += right;
            answers += 1;
            squares += (confidence - right).powi(2);
        }
        let bins: Vec<ReliabilityBin> = sums
            .iter()
            .enumerate()
            .filter(|(_, (count, ..))| *count > 0)
            .map(|(at, (count, confidence, right))| ReliabilityBin {
                from: at as f64 / BINS as f64,
                to: (at + 1) as f64 / BINS as f64,
                answers: *count,
                confidence: confidence / *count as f64,
                right: right / *count as f64,
            })
            .collect();
        let distance: f64 = bins
            .iter()
            .map(|bin| (bin.confidence - bin.right).abs() * bin.answers as f64)
            .sum();
        let mean = |sum: f64| (answers > 0).then(|| sum / answers as f64);
        Self {
            answers,
            brier: mean(squares),
            calibration_error: mean(distance),
            bins,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(stated: f32) -> Signals {
        Signals {
            stated,
            ..Signals::default()
        }
    }

    #[test]
    fn without_judgements_each_signal_pulls_its_way() {
        let calibration = Calibration::default();
        let confidence = |signals: &Signals| calibration.confidence(signals);
        let base = stated(0.8);
        assert!((confidence(&base) - 0.8).abs() < 1e-6, "taken at its word");
        let with = |change: fn(&mut Signals)| {
            let mut signals = base.clone();
            change(&mut signals);
            calibration.confidence(&signals)
        };
        for (name, up, changed) in [
            ("refused", false, with(|s| s.refused = 1)),
            ("surprising", false, with(|s| s.surprising = 1.0)),
            ("differs", false, with(|s| s.differs = true)),
            ("lacks", false, with(|s| s.lacks = true)),
            ("agrees", true, with(|s| s.agrees = true)),
            ("example", true, with(|s| s.example = Some(0.95))),
        ] {
            assert_eq!(changed > 0.8, up, "{name}: {changed}");
            assert_ne!(changed, 0.8, "{name}");
        }
        assert_eq!(with(|s| s.example = Some(0.4)), confidence(&base));
        assert!(confidence(&stated(f32::NAN)) <= 0.5);
    }

    #[test]
    fn weights_of_before_a_signal_was_known_are_read_with_its_prior() {
        let nine = serde_json::json!({"weights": vec![0.5; FEATURES - 1], "answers": 7});
        let read: Calibration = serde_json::from_value(nine).expect("an older one");
        assert_eq!(read.weights[FEATURES - 2], 0.5);
        assert_eq!(read.weights[FEATURES - 1], PRIOR[FEATURES - 1]);
    }

    #[test]
    fn what_people_say_moves_it_little_at_first_and_far_in_the_end() {
        // the writer says 0.9 and is right every other time
        let sure = stated(0.9);
        let judged = |count: usize| {
            let all: Vec<(&Signals, bool)> = (0..count).map(|at| (&sure, at % 2 == 0)).collect();
            Calibration::fitted(all).confidence(&sure)
        };
        assert!(judged(4) > 0.75, "{}", judged(4));
        assert!(judged(4) > judged(40) && judged(40) > judged(400));
        assert!((judged(2000) - 0.5).abs() < 0.05, "{}", judged(2000));
    }

    #[test]
    fn a_signal_that_tells_right_from_wrong_is_learnt() {
        let good = Signals {
            margin: 1.0,
            ..stated(0.7)
        };
        let bad = Signals {
            margin: 0.0,
            ..stated(0.7)
        };
        let mut all = Vec::new();
        for _ in 0..300 {
            all.push((&good, true));
            all.push((&bad, false));
        }
        let fitted = Calibration::fitted(all);
        assert_eq!(fitted.answers, 600);
        assert!(
            fitted.confidence(&good) > 0.85,
            "{}",
            fitted.confidence(&good)
        );
        assert!(fitted.confidence(&bad) < 0.2, "{}", fitted.confidence(&bad));
    }

    #[test]
    fn reliability_says_how_often_an_answer_of_a_confidence_was_right() {
        let shown = [
            (0.95, true),
            (0.95, true),
            (0.95, false),
            (0.42, false),
            (1.0, true),
        ];
        let reliability = Reliability::of(shown);
        let bins: Vec<(f64, usize, f64)> = reliability
            .bins
            .iter()
            .map(|bin| (bin.from, bin.answers, bin.right))
            .collect();
        assert_eq!(bins, [(0.4, 1, 0.0), (0.9, 4, 0.75)]);
        assert_eq!(reliability.answers, 5);
        assert_eq!(Reliability::of([]).brier, None);
    }
}
