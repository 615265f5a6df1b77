//! Pushes entries again of which something beside them changed. Of an answer it is the delivery: the client
//! has seen it, or its messenger has reported a step. Of any message it is a file: it was checked.
//!
//! An entry itself never changes. What stands beside it is read when the push is rendered, so the newest
//! state is pushed, however often it changed in between.

use std::collections::BTreeSet;
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
/// The most entries of a dialog that a batch pushes for steps of their messenger, or for their files.
const MOST_MOVED: usize = 100;

/// Queues the entries that changed so, for those who follow the dialogs. A client has no deliveries.
pub(super) async fn push(app: &App, batch: &Batch, delivery: &Delivery<'_>) -> Result<(), Fault> {
    let seen = batch.reads.iter().map(|(conversation, (before, after))| {
        let first = (before + 1).max((after + 1).saturating_sub(MOST_SEEN));
        (conversation, Which::Seen(first, *after))
    });
    let last = |seqs: &BTreeSet<u64>| seqs.iter().rev().take(MOST_MOVED).copied().collect();
    let moved = batch.deliveries.iter();
    let moved = moved.map(|(conversation, seqs)| (conversation, Which::Moved(last(seqs))));
    let checked = batch.checked.iter();
    let checked = checked.map(|(conversation, seqs)| (conversation, Which::Checked(last(seqs))));
    for (conversation, which) in seen.chain(moved).chain(checked) {
        let topic = Topic::Dialog(batch.tenant.clone(), conversation.clone());
        let mut following = followers(app, &topic, delivery).await?;
        if matches!(which, Which::Checked(_)) {
            let client = Topic::Client(batch.tenant.clone(), conversation.clone());
            following.extend(followers(app, &client, delivery).await?);
        }
        following.retain(|follower| follower.operation.document.feed.has_entries());
        if following.is_empty() {
            continue;
        }
        match entries(app, batch, conversation, &which).await {
            Ok(Some((entries, latest))) => {
                push_entries(app, entries, latest, following, delivery).await?;
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

/// The entries of a conversation of which something changed.
enum Which {
    /// Those among what the client has seen now, by the client's numbers.
    Seen(u64, u64),
    /// Answers that moved on their way to a messenger, in order from the last.
    Moved(Vec<u64>),
    /// Those of which a file was checked, in order from the last.
    Checked(Vec<u64>),
}

/// Returns these entries in order, and the latest session of the conversation.
async fn entries(
    app: &App,
    batch: &Batch,
    conversation: &ConversationId,
    which: &Which,
) -> Result<Option<(Vec<Message>, Session)>, Fault> {
    let store = app.store.of(&batch.tenant);
    let Some(latest) = store.latest_session(conversation).await? else { return Ok(None) };
    let found = match which {
        Which::Seen(first, last) => store.visible_entries(&latest, *first, *last).await?,
        Which::Moved(seqs) | Which::Checked(seqs) => {
            let each = seqs.iter().rev().map(|seq| store.entry(conversation, *seq));
            try_join_all(each).await?.into_iter().flatten().collect()
        }
    };
    let is_any = matches!(which, Which::Checked(_));
    let entries = found.into_iter().filter(|one| is_any || one.kind == Kind::Operator).collect();
    Ok(Some((entries, latest)))
}

/// Queues entries for those who have them already. A subscriber that is just being caught up gets
/// the others from its replay, which looks again at its end for what was seen meanwhile.
async fn push_entries(
    app: &App,
    entries: Vec<Message>,
    dialog: Session,
    following: Vec<Subscriber>,
    delivery: &Delivery<'_>,
) -> Result<(), Fault> {
    let (of, live_chat) = (first_session(&dialog.id.conversation), dialog.live_chat.clone());
    let dialog = Arc::new(dialog);
    let event =
        |entry: &Message| Event::Message { entry: Arc::new(entry.clone()), dialog: dialog.clone() };
    let (clients, employees): (Vec<_>, Vec<_>) = following
        .into_iter()
        .partition(|follower| matches!(follower.subscription.topic, Topic::Client(..)));
    let mut following = permitted(app, (&of, &live_chat), employees, delivery).await?;
    following.extend(clients);
    let (arriving, live): (Vec<_>, Vec<_>) =
        following.into_iter().partition(|follower| follower.subscription.live_after.is_some());
    queue(live, &entries.iter().map(event).collect::<Vec<_>>(), delivery).await?;
    for follower in arriving {
        let last = follower.subscription.live_after.unwrap_or(0);
        let is_of_client = matches!(follower.subscription.topic, Topic::Client(..));
        let number = |one: &Message| if is_of_client { one.client_seq } else { one.seq };
        let known: Vec<_> = entries.iter().filter(|one| number(one) <= last).map(event).collect();
        queue(vec![follower], &known, delivery).await?;
    }
    Ok(())
}

/// The first session of a conversation: it is part of every dialog of it. Each push shows an entry
/// only to those whose dialog contains it.
fn first_session(conversation: &ConversationId) -> SessionId {
    SessionId { conversation: conversation.clone(), ordinal: 1 }
}
