//! The GraphQL function.

use functions::{app::App, event, graphql, observe};
use lambda_http::Error;

#[tokio::main]
async fn main() -> Result<(), Error> {
    observe::start("graphql")?;
    let app = App::from_environment()?;
    event::run(move |request| {
        let app = app.clone();
        async move { observe::invocation(graphql::handle(&app, request)).await }
    })
    .await
}
