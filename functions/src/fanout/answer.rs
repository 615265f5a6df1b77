//! Pushes answers again whose delivery changed: the client has seen them.
//!
//! An answer itself never changes. Its delivery is read when the push is rendered, so the newest state
//! is pushed, however often it changed in between.

use std::sync::Arc;

use domain::{ConversationId, Kind, Message, Session, SessionId};
use graphql::feed::Event;
use store::Fault;
use store::connection::Topic;

use crate::app::App;
use crate::fanout::batch::Batch;
use crate::fanout::delivery::Delivery;
use crate::fanout::dialog::{Follower, MOST_ENTRIES, followers, permitted, say};

/// Queues the answers that clients have seen now, for the colleagues who follow the dialogs.
pub(super) async fn push(
    app: &App,
    batch: &Batch,
    delivery: &mut Delivery<'_>,
) -> Result<(), Fault> {
    for (conversation, (before, after)) in &batch.reads {
        let topic = Topic::Dialog(batch.tenant.clone(), conversation.clone());
        let mut following = followers(app, &topic, delivery).await?;
        following.retain(|follower| follower.operation.feed.has_entries());
        if following.is_empty() {
            continue;
        }
        let store = app.store.of(&batch.tenant);
        let Some(latest) = store.latest_session(conversation).await? else { continue };
        if after - before > MOST_ENTRIES {
            for follower in
                permitted(app, &first_session(conversation), following, delivery).await?
            {
                delivery.resync(&follower.subscription, "Too much came at once: read again.");
            }
            continue;
        }
        let seen = store.visible_entries(&latest, before + 1, *after).await?;
        let answers: Vec<_> = seen.into_iter().filter(|one| one.kind == Kind::Operator).collect();
        push_answers(app, answers, latest, following, delivery).await?;
    }
    Ok(())
}

/// Queues answers, each for those who have it already: whoever is being caught up gets the others
/// with their newest state in any case.
async fn push_answers(
    app: &App,
    answers: Vec<Message>,
    dialog: Session,
    following: Vec<Follower>,
    delivery: &mut Delivery<'_>,
) -> Result<(), Fault> {
    let of = first_session(&dialog.id.conversation);
    let dialog = Arc::new(dialog);
    let event =
        |entry: &Message| Event::Message { entry: Arc::new(entry.clone()), dialog: dialog.clone() };
    let following = permitted(app, &of, following, delivery).await?;
    let (arriving, live): (Vec<_>, Vec<_>) =
        following.into_iter().partition(|follower| follower.subscription.live_after.is_some());
    say(live, &answers.iter().map(event).collect::<Vec<_>>(), delivery).await?;
    for follower in arriving {
        let last = follower.subscription.live_after.unwrap_or(0);
        let known: Vec<_> = answers.iter().filter(|one| one.seq <= last).map(event).collect();
        say(vec![follower], &known, delivery).await?;
    }
    Ok(())
}

/// The first session of a conversation: it is part of every dialog of it. Each push shows an entry
/// only to those whose dialog contains it.
fn first_session(conversation: &ConversationId) -> SessionId {
    SessionId { conversation: conversation.clone(), ordinal: 1 }
}
