//! Starts the socket function on Lambda.

use aws_lambda_events::apigw::ApiGatewayWebsocketProxyRequest;
use functions::{app::App, observe, socket};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

// A function has less than one processor, and handles one event at a time.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    observe::start("socket")?;
    let app = App::with_people_from_environment()?.with_outside()?.warm().await;
    lambda_runtime::run(service_fn(move |event: LambdaEvent<ApiGatewayWebsocketProxyRequest>| {
        let app = app.clone();
        async move {
            Ok::<Value, Error>(observe::invocation(socket::handle(&app, event.payload)).await)
        }
    }))
    .await
}
