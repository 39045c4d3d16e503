//! Percentiles, and what a process uses.

use std::time::Duration;

/// Times in milliseconds.
#[derive(Clone, Default)]
pub struct Times(Vec<f64>);

impl Times {
    pub fn add(&mut self, time: Duration) {
        self.0.push(time.as_secs_f64() * 1000.0);
    }

    pub fn add_ms(&mut self, ms: f64) {
        self.0.push(ms);
    }

    pub fn join(&mut self, other: Times) {
        self.0.extend(other.0);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Of a hundred, so many are at most this.
    pub fn percentile(&self, percent: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let at = (sorted.len() as f64 * percent / 100.0) as usize;
        sorted
            .get(at.min(sorted.len().saturating_sub(1)))
            .copied()
            .unwrap_or(f64::NAN)
    }

    pub fn row(&self, name: &str) {
        println!(
            "  {name:<52}{:>9.2}{:>9.2}{:>9.2}{:>9}",
            self.percentile(50.0),
            self.percentile(99.0),
            self.percentile(100.0),
            self.len()
        );
    }

    pub fn head(name: &str) {
        println!(
            "  {name:<52}{:>9}{:>9}{:>9}{:>9}",
            "p50", "p99", "max", "count"
        );
    }
}

/// Memory that is the process's own, in bytes.
pub fn resident_bytes(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("it lives");
    let line = status.lines().find(|line| line.starts_with("RssAnon:"));
    let kib = line
        .and_then(|line| line.split_whitespace().nth(1))
        .and_then(|kib| kib.parse::<u64>().ok());
    kib.expect("Linux says so") * 1024
}

/// Processor time of the whole process.
pub fn processor_time(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("it lives");
    let (_, rest) = stat.rsplit_once(')').expect("a name in parentheses");
    let ticks: u64 = rest
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum();
    // USER_HZ is 100 wherever Linux runs
    Duration::from_millis(ticks * 10)
}

/// How busy the machine is with other things is what a time is worth.
pub fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').take(1).collect()
}
