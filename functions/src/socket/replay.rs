//! The replay: what a subscriber missed since the entry that they name.

use std::sync::Arc;

use domain::{ConversationId, Kind, Message, Session, SessionId};
use graphql::Loaders;
use graphql::feed::Event;
use store::Fault;

use super::starting::Starting;

/// The most entries that are replayed to a subscriber. One further behind has to read again.
const MOST_REPLAYED: u64 = 500;

/// The side of a conversation that is replayed.
pub(super) enum Side {
    /// All entries of the dialog up to a session.
    Desk(SessionId),
    /// Those that a client may see, of the whole conversation.
    Client(ConversationId),
}

/// Posts in order the entries after `after`, goes live, and posts the entries that came
/// meanwhile. Until those are posted, the fan-out also pushes from the same entry on.
pub(super) async fn replay(starting: &Starting<'_>, side: Side, after: u64) -> Result<(), Fault> {
    let mut posted = after;
    let seen = seen(starting, &side).await?;
    for is_live in [false, true] {
        if is_live && !starting.app.store.go_live(&starting.subscription, posted).await? {
            return Ok(());
        }
        let Some(session) = latest(starting, &side).await? else { continue };
        let end = match &side {
            Side::Desk(_) => session.seq,
            Side::Client(_) => session.client_seq,
        };
        if end.saturating_sub(posted) > MOST_REPLAYED {
            return starting.resync("Too much was missed: read again.").await;
        }
        let missed = entries(starting, &side, &session, posted + 1, end).await?;
        // Asked after the entries were read: who lost sight of them before gets none of them,
        // and who loses it later is seen to by the fan-out, to which the operation is live.
        if let Side::Desk(session) = &side
            && !starting.may_read(session).await?
        {
            return starting.complete().await;
        }
        if !push_all(starting, missed, session).await? {
            return Ok(());
        }
        posted = posted.max(end);
    }
    starting.app.store.caught_up(&starting.subscription).await?;
    push_seen(starting, &side, seen).await
}

/// Returns the number of the last message that the client has seen, by their own count; 0 for the
/// client's own side, where nothing depends on it.
async fn seen(starting: &Starting<'_>, side: &Side) -> Result<u64, Fault> {
    let Side::Desk(SessionId { conversation, .. }) = side else { return Ok(0) };
    let store = starting.app.store.of(starting.tenant());
    let reads = store.client_reads(std::slice::from_ref(conversation)).await?;
    Ok(reads.get(conversation).map_or(0, |read| read.seq))
}

/// Pushes again the answers that the client has seen during the replay: the fan-out passed over the
/// subscriber, and the replay may have posted them from before.
async fn push_seen(starting: &Starting<'_>, side: &Side, before: u64) -> Result<(), Fault> {
    let after = seen(starting, side).await?;
    let Side::Desk(session) = side else { return Ok(()) };
    let store = starting.app.store.of(starting.tenant());
    let Some(latest) = store.latest_session(&session.conversation).await? else { return Ok(()) };
    if after <= before || !starting.may_read(session).await? {
        return Ok(());
    }
    let first = (before + 1).max((after + 1).saturating_sub(MOST_REPLAYED));
    let mut seen = store.visible_entries(&latest, first, after).await?;
    seen.retain(|one| one.kind == Kind::Operator);
    push_all(starting, seen, latest).await.map(|_| ())
}

/// Pushes entries in order. Returns false when the operation is over.
async fn push_all(
    starting: &Starting<'_>,
    entries: Vec<Message>,
    latest: Session,
) -> Result<bool, Fault> {
    let loaders = Arc::new(Loaders::new(starting.app.store.clone(), starting.tenant().clone()));
    let dialog = Arc::new(latest);
    for entry in entries {
        let event = Event::Message { entry: Arc::new(entry), dialog: dialog.clone() };
        if !starting.push_with(event, loaders.clone()).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns the session whose numbers say where the replay ends.
async fn latest(starting: &Starting<'_>, side: &Side) -> Result<Option<Session>, Fault> {
    let store = starting.app.store.of(starting.tenant());
    match side {
        Side::Desk(session) => store.session(session).await,
        Side::Client(conversation) => store.latest_session(conversation).await,
    }
}

async fn entries(
    starting: &Starting<'_>,
    side: &Side,
    latest: &Session,
    first: u64,
    last: u64,
) -> Result<Vec<Message>, Fault> {
    let store = starting.app.store.of(starting.tenant());
    match side {
        Side::Desk(session) => store.entries(&session.conversation, first, last).await,
        Side::Client(_) => store.visible_entries(latest, first, last).await,
    }
}
