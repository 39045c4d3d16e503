//! For tests anywhere in the crate: a real PostgreSQL, in a temporary directory of this process's own.

use super::Cluster;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::sync::Mutex;

/// A directory of one test's own, which the user the server runs as may enter.
pub(crate) fn scratch() -> TempDir {
    tempfile::Builder::new()
        .prefix("qf-")
        .permissions(Permissions::from_mode(0o711))
        .tempdir()
        .expect("the temporary directory is writable")
}

/// A cluster that tests share while one of them holds it; the last one out stops it and removes it.
///
/// Its samples are installed.
pub(crate) struct Shared {
    pub cluster: Cluster,
    pub samples: crate::knowledge::samples::Samples,
    _dir: TempDir,
}

pub(crate) async fn shared() -> Arc<Shared> {
    static SHARED: Mutex<Weak<Shared>> = Mutex::const_new(Weak::new());
    let mut shared = SHARED.lock().await;
    if let Some(running) = shared.upgrade() {
        return running;
    }
    let dir = scratch();
    let cluster = Cluster::start(dir.path())
        .await
        .expect("PostgreSQL is installed");
    let begun = Instant::now();
    let samples = crate::knowledge::samples::install(&cluster, dir.path())
        .await
        .expect("the samples fit their database");
    println!("samples installed in {:?}", begun.elapsed());
    let running = Arc::new(Shared {
        cluster,
        samples,
        _dir: dir,
    });
    *shared = Arc::downgrade(&running);
    running
}

impl Drop for Shared {
    fn drop(&mut self) {
        // the directory goes next, and nothing may write to it then
        self.cluster.supervisor.ask_to_stop();
        let deadline = Instant::now() + Duration::from_secs(10);
        while self.cluster.pid().is_some() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
