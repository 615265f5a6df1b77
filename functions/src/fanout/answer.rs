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
use crate::fanout::dialog::{Follower, followers, permitted, say};

/// The most messages up to the last one seen of which the answers are pushed. A client who says for
/// the first time what they have seen may have years behind them: a page shows no more at once.
const MOST_SEEN: u64 = 100;

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
        let first = (before + 1).max((after + 1).saturating_sub(MOST_SEEN));
        match seen(app, batch, conversation, first, *after).await {
            Ok(Some((answers, latest))) => {
                push_answers(app, answers, latest, following, delivery).await?;
            }
            Ok(None) => {}
            // It would be the same again: those who follow this dialog learn of it, and no other
            // waits for it.
            Err(fault @ Fault::Corrupt(_)) => {
                for follower in following {
                    delivery.fail(&follower.subscription, &fault);
                }
            }
            Err(fault) => return Err(fault),
        }
    }
    Ok(())
}

/// Returns the answers among these messages, and the latest session of the conversation.
async fn seen(
    app: &App,
    batch: &Batch,
    conversation: &ConversationId,
    first: u64,
    last: u64,
) -> Result<Option<(Vec<Message>, Session)>, Fault> {
    let store = app.store.of(&batch.tenant);
    let Some(latest) = store.latest_session(conversation).await? else { return Ok(None) };
    let seen = store.visible_entries(&latest, first, last).await?;
    let answers = seen.into_iter().filter(|one| one.kind == Kind::Operator).collect();
    Ok(Some((answers, latest)))
}

/// Queues answers for those who have them already. A subscriber that is just being caught up gets
/// the others from its replay, which looks again at its end for what was seen meanwhile.
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
