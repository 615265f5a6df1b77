//! Replies of the socket function: posts frames, and takes care of those that the gateway does not take.

use async_graphql::{Response, ServerError};
use graphql::error::Code;
use serde_json::Value;
use store::Fault;
use store::connection::Connection;

use crate::app::App;
use crate::connections::Posted;
use crate::fanout::let_go;
use crate::protocol::{Frame, Refusal};
use crate::response::{annotate, render, unexecuted};

/// The origin of an operation.
pub(super) struct Origin<'a> {
    pub(super) connection: &'a Connection,
    pub(super) received_at: i64,
    pub(super) request_id: &'a str,
}

/// The acknowledgement's name among the operations that lost a frame.
pub(super) const ACKNOWLEDGEMENT: &str = "";

/// Posts a frame of an operation. Returns false when the post failed. The client then reads again:
/// either on a new connection, or after the RESYNC of a sweep.
pub(super) async fn try_post(
    app: &App,
    connection: &str,
    operation: &str,
    frame: &Frame,
) -> Result<bool, Fault> {
    match app.connections.post(connection, frame).await {
        Posted::Sent => return Ok(true),
        Posted::Gone => app.store.close_connection(connection).await?,
        Posted::Refused => app.store.note_lost(connection, [operation]).await?,
        Posted::TimedOut => let_go(app, connection).await?,
    }
    Ok(false)
}

/// Posts a frame of an operation, like [`try_post`].
pub(super) async fn post(
    app: &App,
    connection: &str,
    id: &str,
    frame: &Frame,
) -> Result<(), Fault> {
    try_post(app, connection, id, frame).await.map(drop)
}

/// Builds the frame that ends an operation with one error.
pub(super) fn failed(id: &str, code: Code, message: &str, from: &Origin<'_>) -> Frame {
    Frame::error(id, &[unexecuted(code, message, from.request_id)])
}

/// Refuses an operation that is not executed; its siblings live on.
pub(super) async fn refuse(
    app: &App,
    from: &Origin<'_>,
    id: &str,
    errors: Vec<ServerError>,
) -> Result<(), Fault> {
    post(app, &from.connection.id, id, &Frame::error(id, &refused(errors, from))).await
}

/// Returns the errors of an operation that was not executed, as a frame has them.
fn refused(errors: Vec<ServerError>, from: &Origin<'_>) -> Vec<Value> {
    let mut response = Response::from_errors(errors);
    annotate(&mut response, from.request_id);
    response.errors.iter().filter_map(|error| serde_json::to_value(error).ok()).collect()
}

/// Ends a connection. Its subscriptions are deleted first, so that no frame follows the closing
/// one.
pub(super) async fn refuse_connection(
    app: &App,
    connection: &str,
    refusal: &Refusal,
) -> Result<(), Fault> {
    app.store.refuse_connection(connection).await?;
    app.connections.post(connection, &Frame::close(refusal)).await;
    Ok(())
}

/// Answers a query or a mutation over the socket: posts one result, then `complete`.
pub(super) async fn answer_once(
    app: &App,
    from: &Origin<'_>,
    id: &str,
    answer: Response,
) -> Result<(), Fault> {
    let connection = &from.connection.id;
    let has_begun = answer.errors.iter().any(|error| !error.path.is_empty());
    if !answer.errors.is_empty() && !has_begun {
        return refuse(app, from, id, answer.errors).await;
    }
    let frame = Frame::next(id, &render(answer, from.request_id));
    if !frame.fits() {
        let message = "The answer is too large for a socket: ask over HTTP.";
        return post(app, connection, id, &failed(id, Code::Resync, message, from)).await;
    }
    if try_post(app, connection, id, &frame).await? {
        post(app, connection, id, &Frame::complete(id)).await?;
    }
    Ok(())
}
