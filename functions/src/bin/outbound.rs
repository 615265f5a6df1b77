//! Starts the outbound function on Lambda.

use functions::{app::App, observe, outbound};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

// A function has less than one processor, and handles one event at a time.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    observe::start("outbound")?;
    let app = App::from_environment()?.with_outside()?.warm().await;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| {
        let app = app.clone();
        async move {
            let sent = observe::invocation(outbound::handle(&app, &event.payload)).await;
            sent.map_err(Error::from)
        }
    }))
    .await
}
