//! The presence function: a walk each minute.

use functions::{app::App, presence};
use lambda_http::tracing;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let app = App::from_environment()?;
    lambda_runtime::run(service_fn(move |_: LambdaEvent<Value>| {
        let app = app.clone();
        async move { Ok::<Value, Error>(presence::walk(&app, presence::EVERY).await?.to_json()) }
    }))
    .await
}
