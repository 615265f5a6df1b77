//! Starts the fan-out function on Lambda.

use functions::{app::App, fanout, observe};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

// A function has less than one processor, and handles one event at a time.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    observe::start("fanout")?;
    let app = App::from_environment()?.warm().await;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| {
        let app = app.clone();
        async move {
            Ok::<Value, Error>(observe::invocation(fanout::handle(&app, &event.payload)).await)
        }
    }))
    .await
}
