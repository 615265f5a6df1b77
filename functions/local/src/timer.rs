//! The schedule of the presence function.

use std::time::Duration;

use functions::app::App;
use functions::presence;
use tokio::task::JoinHandle;

/// The interval of the sweep over presence leases here: shorter than in the cloud, because a sweep
/// costs nothing.
const EVERY: Duration = Duration::from_secs(10);

/// Starts the presence function again and again, until it is dropped.
pub(crate) struct Timer(JoinHandle<()>);

impl Timer {
    pub(crate) fn start(app: App) -> Self {
        Self(tokio::spawn(async move {
            loop {
                tokio::time::sleep(EVERY).await;
                if let Err(fault) = presence::sweep(&app, EVERY).await {
                    tracing::error!(%fault, "a sweep of leases was broken off");
                }
            }
        }))
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.0.abort();
    }
}
