//! Pushes answers again whose delivery changed: the client has seen them, or their messenger has
//! reported a step.
//!
//! An answer itself never changes. Its delivery is read when the push is rendered, so the newest state
//! is pushed, however often it changed in between.

use std::sync::Arc;

use domain::{ConversationId, Kind, Message, Session, SessionId};
use futures::future::try_join_all;
use graphql::feed::Event;
use store::Fault;
use store::connection::Topic;

use crate::app::App;
use crate::fanout::batch::Batch;
use crate::fanout::delivery::Delivery;
use crate::fanout::dialog::{followers, permitted, queue};
use crate::fanout::subscriber::Subscriber;

/// The most messages up to the last one seen of which the answers are pushed. A client who says for
/// the first time what they have seen may have years behind them: a page shows no more at once.
const MOST_SEEN: u64 = 100;
/// The most answers of a dialog that a batch pushes for steps of their messenger.
const MOST_MOVED: usize = 100;

/// Queues the answers whose delivery changed, for the colleagues who follow the dialogs.
pub(super) async fn push(app: &App, batch: &Batch, delivery: &Delivery<'_>) -> Result<(), Fault> {
    let seen = batch.reads.iter().map(|(conversation, (before, after))| {
        let first = (before + 1).max((after + 1).saturating_sub(MOST_SEEN));
        (conversation, Which::Seen(first, *after))
    });
    let moved = batch.deliveries.iter().map(|(conversation, seqs)| {
        let last = seqs.iter().rev().take(MOST_MOVED).copied().collect();
        (conversation, Which::Moved(last))
    });
    for (conversation, which) in seen.chain(moved) {
        let topic = Topic::Dialog(batch.tenant.clone(), conversation.clone());
        let mut following = followers(app, &topic, delivery).await?;
        following.retain(|follower| follower.operation.document.feed.has_entries());
        if following.is_empty() {
            continue;
        }
        match answers(app, batch, conversation, &which).await {
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

/// The answers of a conversation whose delivery changed.
enum Which {
    /// Those among what the client has seen now, by the client's numbers.
    Seen(u64, u64),
    /// Those that moved on their way to a messenger, in order from the last.
    Moved(Vec<u64>),
}

/// Returns these answers in order, and the latest session of the conversation.
async fn answers(
    app: &App,
    batch: &Batch,
    conversation: &ConversationId,
    which: &Which,
) -> Result<Option<(Vec<Message>, Session)>, Fault> {
    let store = app.store.of(&batch.tenant);
    let Some(latest) = store.latest_session(conversation).await? else { return Ok(None) };
    let found = match which {
        Which::Seen(first, last) => store.visible_entries(&latest, *first, *last).await?,
        Which::Moved(seqs) => {
            let each = seqs.iter().rev().map(|seq| store.entry(conversation, *seq));
            try_join_all(each).await?.into_iter().flatten().collect()
        }
    };
    let answers = found.into_iter().filter(|one| one.kind == Kind::Operator).collect();
    Ok(Some((answers, latest)))
}

/// Queues answers for those who have them already. A subscriber that is just being caught up gets
/// the others from its replay, which looks again at its end for what was seen meanwhile.
async fn push_answers(
    app: &App,
    answers: Vec<Message>,
    dialog: Session,
    following: Vec<Subscriber>,
    delivery: &Delivery<'_>,
) -> Result<(), Fault> {
    let (of, live_chat) = (first_session(&dialog.id.conversation), dialog.live_chat.clone());
    let dialog = Arc::new(dialog);
    let event =
        |entry: &Message| Event::Message { entry: Arc::new(entry.clone()), dialog: dialog.clone() };
    let following = permitted(app, (&of, &live_chat), following, delivery).await?;
    let (arriving, live): (Vec<_>, Vec<_>) =
        following.into_iter().partition(|follower| follower.subscription.live_after.is_some());
    queue(live, &answers.iter().map(event).collect::<Vec<_>>(), delivery).await?;
    for follower in arriving {
        let last = follower.subscription.live_after.unwrap_or(0);
        let known: Vec<_> = answers.iter().filter(|one| one.seq <= last).map(event).collect();
        queue(vec![follower], &known, delivery).await?;
    }
    Ok(())
}

/// The first session of a conversation: it is part of every dialog of it. Each push shows an entry
/// only to those whose dialog contains it.
fn first_session(conversation: &ConversationId) -> SessionId {
    SessionId { conversation: conversation.clone(), ordinal: 1 }
}
