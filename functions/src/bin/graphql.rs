//! Starts the GraphQL function on Lambda.

use functions::{app::App, event, graphql, observe};
use lambda_http::Error;

// A function has less than one processor, and handles one event at a time.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    observe::start("graphql")?;
    let app = App::with_people_from_environment()?.with_outside()?.warm().await;
    event::run(move |request| {
        let app = app.clone();
        async move { observe::invocation(graphql::handle(&app, request)).await }
    })
    .await
}
