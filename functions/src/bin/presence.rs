//! Starts the presence function on Lambda: one sweep each minute.

use functions::{app::App, observe, presence};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

// A function has less than one processor, and handles one event at a time.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    observe::start("presence")?;
    let app = App::from_environment()?.warm().await;
    lambda_runtime::run(service_fn(move |_: LambdaEvent<Value>| {
        let app = app.clone();
        async move {
            let swept = observe::invocation(presence::sweep(&app, presence::EVERY)).await;
            Ok::<Value, Error>(swept?.to_json())
        }
    }))
    .await
}
