//! The side of the messenger: its receipts, what clients do to their messages and to the channel, and
//! somebody at the desk who begins failed deliveries anew.

use super::super::company::{Company, Line};
use super::super::ledger::Outcome;
use super::super::world::World;
use super::vendor::Receipt;
use domain::{ConversationId, Person};
use rand::RngExt;
use rand::rngs::StdRng;
use store::Store;
use store::amendment::{Amendment, AmendmentKind};
use store::delivery::Report;

/// The one who begins deliveries anew.
const KEEN: &str = "dan";

/// Does so many things for the clients of a company who write by messengers.
pub(in super::super) async fn work(world: &World, actor: usize, company: &Company, times: usize) {
    let store = world.store(actor);
    let mut rng = world.simulation.random(actor as u64);
    let lines: Vec<&Line> = company.lines.iter().filter(|line| line.is_webhook).collect();
    let keen = company.people.iter().find(|person| person.id.as_str() == KEEN).unwrap();
    let mut again: Option<(usize, Amendment)> = None;
    for turn in 0..times {
        for _ in 0..3 {
            world.rest(&mut rng).await;
        }
        while let Some(receipt) = world.outside.vendor.receipt(|of| has(company, of)) {
            let work = tell(company, &store, &receipt);
            let told = world.attempt(actor, "receipt", work).await;
            if matches!(told, Outcome::Unknown | Outcome::NotDone) {
                world.outside.vendor.again(receipt);
            }
        }
        if rng.random_bool(0.5) {
            begin_anew(world, actor, company, &store, keen, &mut rng).await;
        }
        if rng.random_bool(0.3) && again.is_none() {
            continue;
        }
        let (place, amendment) = again.take().unwrap_or_else(|| {
            let place = rng.random_range(0..lines.len());
            let id = format!("{actor} {turn}");
            let kind = kind(&mut rng, &id, times);
            (place, Amendment { id, kind })
        });
        if amend(world, actor, company, &store, lines[place], &amendment).await {
            again = Some((place, amendment));
        }
    }
}

/// Reports what the messenger says.
pub(super) async fn tell(
    company: &Company,
    store: &Store,
    receipt: &Receipt,
) -> Result<bool, store::Failure> {
    let about = &receipt.about;
    let is_it = |line: &&Line| line.conversation.as_str() == about.conversation;
    let line = company.lines.iter().find(is_it).unwrap();
    let report =
        Report { restarts: about.restarts, is_whole: true, progress: receipt.progress.clone() };
    let of = store.of(&company.tenant);
    of.report(&line.channel.id, &line.conversation, about.seq, &report, |_| true).await
}

/// Returns true if a conversation is of a company.
pub(super) fn has(company: &Company, conversation: &str) -> bool {
    company.lines.iter().any(|line| line.conversation.as_str() == conversation)
}

fn kind(rng: &mut StdRng, id: &str, messages: usize) -> AmendmentKind {
    let message_id = format!("m{}", rng.random_range(0..messages));
    match rng.random_range(0..10) {
        0..6 => AmendmentKind::Edited { message_id, text: format!("edit {id}") },
        6..8 => AmendmentKind::Deleted { message_id },
        8 => AmendmentKind::Blocked,
        _ => AmendmentKind::Unblocked,
    }
}

/// Amends; whether the end is unknown.
async fn amend(
    world: &World,
    actor: usize,
    company: &Company,
    store: &Store,
    line: &Line,
    amendment: &Amendment,
) -> bool {
    let (tenant, chat, client) = (&company.tenant, &line.live_chat.id, &line.writer.id);
    let work = store.of(tenant).amend(chat, client, amendment);
    let ended = world.attempt(actor, "amend", work).await;
    let is_unknown = matches!(ended, Outcome::Unknown | Outcome::NotDone);
    if let AmendmentKind::Edited { text, .. } = &amendment.kind {
        let key = (tenant.to_string(), line.conversation.to_string(), text.clone());
        world.ledger.borrow_mut().edits.entry(key).or_default().push(ended);
    }
    is_unknown
}

/// Begins the delivery of some answer anew, if it failed.
async fn begin_anew(
    world: &World,
    actor: usize,
    company: &Company,
    store: &Store,
    keen: &Person,
    rng: &mut StdRng,
) {
    let (calls, _) = world.outside.vendor.calls();
    let theirs: Vec<_> =
        calls.iter().filter(|call| has(company, &call.about.conversation)).collect();
    let refused: Vec<_> = theirs.iter().copied().filter(|call| call.fate.is_final()).collect();
    let some = if rng.random_bool(0.8) { refused } else { theirs };
    if some.is_empty() {
        return;
    }
    let about = &some[rng.random_range(0..some.len())].about;
    let conversation = ConversationId::parse(&about.conversation).unwrap();
    let work = store.retry_delivery(keen, &conversation, about.seq);
    world.attempt(actor, "retry", work).await;
}
