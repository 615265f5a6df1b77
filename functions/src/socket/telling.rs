//! Frames of the socket function: posts them, and takes care of those that the gateway does not take.

use store::Fault;

use crate::app::App;
use crate::connections::Posted;
use crate::fanout::let_go;
use crate::socket::protocol::Frame;

/// The acknowledgement's name among the operations that lost a frame.
pub(super) const ACKNOWLEDGEMENT: &str = "";

/// Posts a frame of an operation. Returns false when the post failed. The client then reads again:
/// either on a new connection, or after the RESYNC of a sweep.
pub(super) async fn tell(
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
