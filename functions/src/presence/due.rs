//! Connections in a sweep: ends those that nobody authenticated in time, and posts RESYNC to operations
//! that lost a frame.

use std::collections::BTreeSet;

use domain::id::fresh;
use futures::{StreamExt, TryStreamExt, stream};
use store::Fault;
use store::connection::due::{Due, What};

use super::swept::Swept;
use crate::app::App;
use crate::connections::Posted;
use crate::protocol::Frame;
use crate::response::unexecuted;
use graphql::error::Code;

/// The number of connections of a shard that are handled at a time.
const IN_FLIGHT: usize = 16;

/// Handles the connections of a shard that are due. The next sweep finds the rest.
pub(super) async fn sweep_shard(app: &App, shard: u32) -> Result<Swept, Fault> {
    let due = app.store.due_connections(shard, app.store.now()).await?;
    let seen: Vec<Swept> = stream::iter(due)
        .map(|due| async move {
            let seen = see_to(app, &due).await.unwrap_or_else(|fault| {
                tracing::error!(connection = due.id, %fault, "a connection is not seen to");
                Swept { failed: 1, ..Swept::default() }
            });
            Ok::<_, Fault>(seen)
        })
        .buffer_unordered(IN_FLIGHT)
        .try_collect()
        .await?;
    let mut whole = Swept::default();
    seen.into_iter().for_each(|swept| whole += swept);
    Ok(whole)
}

async fn see_to(app: &App, due: &Due) -> Result<Swept, Fault> {
    match &due.what {
        What::End => {
            if app.connections.recycle(&due.id).await {
                app.store.close_connection(&due.id).await?;
            }
            Ok(Swept { ended: 1, ..Swept::default() })
        }
        What::Lost(operations) => resync_lost(app, &due.id, operations).await,
    }
}

/// Sends RESYNC to operations that lost events, one after the other, up to the first that is not
/// accepted. Then the gateway has not recovered, and the next sweep goes on.
async fn resync_lost(
    app: &App,
    connection: &str,
    operations: &BTreeSet<String>,
) -> Result<Swept, Fault> {
    let mut resynced = BTreeSet::new();
    for operation in operations {
        let frame = match operation.as_str() {
            "" => Frame::connection_ack(None),
            operation => {
                let message = "Something was lost on the way: read again.";
                let request_id = fresh(app.store.random());
                Frame::error(operation, &[unexecuted(Code::Resync, message, &request_id)])
            }
        };
        match app.connections.post(connection, &frame).await {
            Posted::Sent => {}
            Posted::Refused => break,
            Posted::Gone => {
                app.store.close_connection(connection).await?;
                return Ok(Swept::default());
            }
            Posted::TimedOut => {
                crate::fanout::let_go(app, connection).await?;
                return Ok(Swept { ended: 1, ..Swept::default() });
            }
        }
        if !operation.is_empty() {
            app.store.unregister(connection, operation, None).await?;
        }
        resynced.insert(operation.clone());
    }
    app.store.note_resynced(connection, &resynced).await?;
    Ok(Swept { resynced: resynced.len() as u64, ..Swept::default() })
}
