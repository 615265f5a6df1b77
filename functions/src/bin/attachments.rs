//! Starts the attachments function on Lambda.

use functions::{app, app::App, attachments, observe};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

// A function has less than one processor, and handles one event at a time.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    observe::start("attachments")?;
    let scans = app::scans_files()?;
    let app = App::from_environment()?.warm().await;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| {
        let app = app.clone();
        async move {
            let checked = attachments::handle(&app, &event.payload, scans);
            observe::invocation(checked).await.map_err(Error::from)
        }
    }))
    .await
}
