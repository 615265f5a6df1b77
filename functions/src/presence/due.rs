//! Connections in a sweep: ends those that nobody authenticated in time, and posts RESYNC to operations
//! that lost a frame.

use std::collections::BTreeSet;

use domain::id::fresh;
use futures::{StreamExt, TryStreamExt, stream};
use store::Fault;
use store::connection::due::{Due, What};

use super::walk::Walk;
use crate::app::App;
use crate::connections::Posted;
use crate::protocol::Frame;
use crate::response::unexecuted;
use graphql::error::Code;

/// The number of connections of a shard that are handled at a time.
const IN_FLIGHT: usize = 16;

/// Handles the connections of a shard that are due. The next sweep finds the rest.
pub(super) async fn walk_shard(app: &App, shard: u32) -> Result<Walk, Fault> {
    let due = app.store.due_connections(shard, app.store.now()).await?;
    let seen: Vec<Walk> = stream::iter(due)
        .map(|due| async move {
            let seen = see_to(app, &due).await.unwrap_or_else(|fault| {
                tracing::error!(connection = due.id, %fault, "a connection is not seen to");
                Walk { failed: 1, ..Walk::default() }
            });
            Ok::<_, Fault>(seen)
        })
        .buffer_unordered(IN_FLIGHT)
        .try_collect()
        .await?;
    let mut whole = Walk::default();
    seen.into_iter().for_each(|walk| whole += walk);
    Ok(whole)
}

async fn see_to(app: &App, due: &Due) -> Result<Walk, Fault> {
    match &due.what {
        What::End => {
            if app.connections.recycle(&due.id).await {
                app.store.close_connection(&due.id).await?;
            }
            Ok(Walk { ended: 1, ..Walk::default() })
        }
        What::Lost(operations) => tell_lost(app, &due.id, operations).await,
    }
}

/// Sends RESYNC to operations that lost events, one after the other, up to the first that is not
/// accepted. Then the gateway has not recovered, and the next sweep goes on.
async fn tell_lost(
    app: &App,
    connection: &str,
    operations: &BTreeSet<String>,
) -> Result<Walk, Fault> {
    let mut told = BTreeSet::new();
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
                return Ok(Walk::default());
            }
            Posted::TimedOut => {
                crate::fanout::let_go(app, connection).await?;
                return Ok(Walk { ended: 1, ..Walk::default() });
            }
        }
        if !operation.is_empty() {
            app.store.unregister(connection, operation, None).await?;
        }
        told.insert(operation.clone());
    }
    app.store.note_told(connection, &told).await?;
    Ok(Walk { resynced: told.len() as u64, ..Walk::default() })
}
