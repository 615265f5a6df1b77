//! The sweep: queues again what is due and was not looked at for a while, because the queue lost it or
//! gave it up.

use domain::Timestamp;
use metrics::counter;
use store::Fault;
use store::key::DUE_SHARDS;
use store::outgoing::Due;

use crate::app::App;
use crate::metric::REQUEUED;
use crate::queue::Waiting;

/// The time after which something that is due counts as lost, in milliseconds: longer than an
/// invocation takes. One that is queued twice costs a look.
const LOST_MILLIS: u64 = 3 * 60 * 1000;
/// The most pages of a shard that a sweep reads.
const MOST_PAGES: usize = 200;

/// Queues again what seems lost. Returns the number of conversations.
pub(super) async fn sweep(app: &App) -> Result<u64, Fault> {
    let mut queued = 0;
    for shard in 0..DUE_SHARDS {
        let mut from = None;
        for _ in 0..MOST_PAGES {
            let (page, next) = app.store.due_page(shard, from.as_deref()).await?;
            queued += requeue(app, &page).await?;
            from = next;
            if from.is_none() {
                break;
            }
        }
    }
    counter!(REQUEUED).increment(queued);
    Ok(queued)
}

async fn requeue(app: &App, page: &[Due]) -> Result<u64, Fault> {
    let now = app.store.now();
    let lost: Vec<&Due> = page.iter().filter(|due| now.is_past(due.at, LOST_MILLIS)).collect();
    let waiting = lost.iter().map(|due| {
        let (tenant, conversation) = (due.tenant.clone(), due.conversation.clone());
        (Waiting { tenant, conversation, file: None }, reason(due, now))
    });
    // Queued first: a note without its message would be lost for as long again.
    app.outside()?.queue.send(&waiting.collect::<Vec<_>>()).await?;
    for due in &lost {
        app.store.note_requeued(due).await?;
    }
    Ok(u64::try_from(lost.len()).unwrap_or(u64::MAX))
}

/// Two sweeps at once queue it once.
fn reason(due: &Due, now: Timestamp) -> String {
    format!("sweep.{}.{}", due.at.as_millis(), now.as_millis() / LOST_MILLIS)
}
