//! The function that messages of other systems come in by, and where the widget gets its tokens.

use functions::{app::App, event, inbound};
use lambda_http::{Error, tracing};

#[tokio::main]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    let app = App::from_environment()?;
    event::run(move |request| {
        let app = app.clone();
        async move { inbound::handle(&app, request).await }
    })
    .await
}
