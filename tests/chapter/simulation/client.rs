//! A client who writes, sends again what had no answer, and sometimes mixes up ids.

use super::company::{Company, Line};
use super::ledger::{Name, Outcome, Sent};
use super::world::World;
use domain::Refusal;
use domain::arrival::Incoming;
use rand::RngExt;
use store::Store;
use store::arrival::{Arrival, Files};

/// Writes so many messages into a conversation. Those of one client on several devices use the
/// same ids.
pub(super) async fn write(world: &World, actor: usize, company: &Company, line: &Line, times: u64) {
    let store = world.store(actor);
    let mut rng = world.simulation.random(actor as u64);
    let mut again = None;
    for turn in 0..times {
        world.rest(&mut rng).await;
        let number = match again.take() {
            Some(number) if rng.random_bool(0.8) => number,
            _ if turn > 0 && rng.random_bool(0.2) => rng.random_range(0..turn),
            _ => turn,
        };
        let is_other = rng.random_bool(0.08);
        let outcome = send(world, &store, actor, company, line, number, is_other).await;
        if matches!(outcome, Outcome::Unknown | Outcome::NotDone) {
            again = Some(number);
        }
        if rng.random_bool(0.3) {
            see(world, &store, actor, company, line, rng.random_range(0..=turn + 1)).await;
        }
    }
}

/// Says up to which message the client has seen the conversation. They may say too much.
async fn see(
    world: &World,
    store: &Store,
    actor: usize,
    company: &Company,
    line: &Line,
    up_to: u64,
) {
    let store = store.of(&company.tenant);
    let mark = store.mark_client_read(&line.conversation, up_to);
    let outcome = world.attempt(actor, &format!("see {up_to}"), mark).await;
    let of = format!("{}#{}", company.tenant, line.conversation);
    world.ledger.borrow_mut().marks.entry(of).or_default().push((up_to, outcome));
}

/// Sends the message with this number, or another under its id.
pub(super) async fn send(
    world: &World,
    store: &Store,
    actor: usize,
    company: &Company,
    line: &Line,
    number: u64,
    is_other: bool,
) -> Outcome<u64> {
    let id = format!("m{number}");
    let text = if is_other { format!("other {number}") } else { format!("text {number}") };
    let arrival = Arrival {
        tenant: &company.tenant,
        live_chat: &line.live_chat,
        channel: &line.channel,
        writer: &line.writer,
        incoming: Incoming {
            text: text.clone(),
            attachments: Vec::new(),
            sent_at: None,
            client_message_id: id.clone(),
            reply_to: None,
        },
        quote: None,
        files: Files::default(),
        is_known_by_id: line.is_webhook,
    };
    let arrived = world.attempt(actor, &format!("post {id}"), store.arrive(&arrival)).await;
    let outcome = match arrived {
        Outcome::Done(arrived) => {
            let message = arrived.message;
            let (ordinal, seq) = (message.ordinal, message.seq);
            world.hear_of(&company.tenant, &line.conversation, ordinal, seq);
            Outcome::Done(message.seq)
        }
        Outcome::Refused(refusal) => {
            if !matches!(refusal, Refusal::KeyReused | Refusal::Limit { .. }) {
                world.ledger.borrow_mut().faults.push(format!("post {id}: {refusal:?}"));
            }
            Outcome::Refused(refusal)
        }
        Outcome::NotDone => Outcome::NotDone,
        Outcome::Unknown => Outcome::Unknown,
    };
    let sender = line.writer.id.to_string();
    let name: Name = (company.tenant.to_string(), line.conversation.to_string(), 'c', sender, id);
    let content = (!line.is_webhook).then(|| text.clone());
    let sent = Sent { text, content, outcome: outcome.clone() };
    world.ledger.borrow_mut().sends.entry(name).or_default().push(sent);
    outcome
}
