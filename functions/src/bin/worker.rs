//! The worker function.

use functions::{app::App, worker};
use lambda_http::tracing;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let app = App::from_environment()?;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Value>| {
        let app = app.clone();
        async move { worker::handle(&app, &event.payload).await.map_err(Error::from) }
    }))
    .await
}
