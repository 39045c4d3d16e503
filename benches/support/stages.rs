//! How long stages took by the server's own clock, exactly: a metrics recorder that keeps every value.
//!
//! What a client sees of them is coarser: the milliseconds in STEP_FINISHED are whole, and the frames of
//! several fast stages arrive in one write.

use metrics::{
    Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(Clone, Default)]
pub struct Stages(Arc<Mutex<Vec<(String, Duration)>>>);

impl Stages {
    /// From now on every stage of this process is kept.
    pub fn install() -> Self {
        let stages = Self::default();
        metrics::set_global_recorder(stages.clone()).expect("it is the first");
        stages
    }

    /// Those that ended since the last call, in order.
    pub fn take(&self) -> Vec<(String, Duration)> {
        std::mem::take(&mut self.0.lock().expect("nothing panics with it"))
    }
}

struct Stage {
    name: String,
    stages: Stages,
}

impl HistogramFn for Stage {
    fn record(&self, seconds: f64) {
        let mut all = self.stages.0.lock().expect("nothing panics with it");
        all.push((self.name.clone(), Duration::from_secs_f64(seconds)));
    }
}

impl Recorder for Stages {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        Counter::noop()
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        let stage = key.labels().find(|label| label.key() == "stage");
        match stage.filter(|_| key.name() == "queryforge_stage_seconds") {
            Some(label) => Histogram::from_arc(Arc::new(Stage {
                name: label.value().to_owned(),
                stages: self.clone(),
            })),
            None => Histogram::noop(),
        }
    }
}
