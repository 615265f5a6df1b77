//! The GraphQL function.

use functions::{app::App, event, graphql};
use lambda_http::{Error, tracing};

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let app = App::from_environment()?;
    event::run(move |request| {
        let app = app.clone();
        async move { graphql::handle(&app, request).await }
    })
    .await
}
