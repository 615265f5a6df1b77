//! The schedules of the presence function and of the outbound function's sweep.

use std::time::Duration;

use functions::app::App;
use functions::{outbound, presence};
use serde_json::json;
use tokio::task::JoinHandle;

/// The interval of the sweeps here: shorter than in the cloud, because a sweep
/// costs nothing.
const EVERY: Duration = Duration::from_secs(10);

/// Starts the sweeps again and again, until it is dropped.
pub(crate) struct Timer(JoinHandle<()>);

impl Timer {
    pub(crate) fn start(app: App, outbound: App) -> Self {
        Self(tokio::spawn(async move {
            loop {
                tokio::time::sleep(EVERY).await;
                if let Err(fault) = presence::sweep(&app, EVERY).await {
                    tracing::error!(%fault, "a sweep of leases was broken off");
                }
                if let Err(fault) = outbound::handle(&outbound, &json!({ "sweep": true })).await {
                    tracing::error!(%fault, "a sweep of what is due was broken off");
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
