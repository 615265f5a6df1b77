//! Lists that never show that the indexes behind them lag.

use super::client;
use super::ledger::Outcome;
use super::world::World;
use domain::SessionId;
use store::list::{Page, Window};

/// One operator who looks at the lists after each thing that happens; what was missing, in words.
pub(super) async fn work(world: &World, actor: usize, times: u64) {
    let (store, company) = (world.store(actor), &world.companies[0]);
    let (line, person) = (&company.lines[0], &company.people[0]);
    let (tenant, chat) = (&company.tenant, &line.live_chat.id);
    let window = Window { first: 20, after: None };
    let note = |what: &str, holds: bool| {
        if !holds {
            world.ledger.borrow_mut().faults.push(what.to_owned());
        }
    };
    for number in 0..times {
        let sent = client::send(world, &store, actor, company, line, number, false).await;
        let Outcome::Done(_) = sent else { return note("a message does not arrive", false) };
        let latest = store.of(tenant).latest_session(&line.conversation).await.unwrap().unwrap();
        let id = latest.id;
        let queued = store.of(tenant).queued(chat, window).await.unwrap();
        note("QUEUE misses what is new", has(&queued, &id));
        let active = store.of(tenant).active(chat, window).await.unwrap();
        note("ACTIVE misses what is new", has(&active, &id));
        store.claim(person, &id).await.unwrap();
        let queued = store.of(tenant).queued(chat, window).await.unwrap();
        note("QUEUE shows what was taken", !has(&queued, &id));
        let desk = store.of(tenant).desk(&person.id).await.unwrap();
        let open = desk.memberships.iter().find(|m| m.live_chat == *chat).map_or(0, |m| m.open);
        let mine = store.of(tenant).mine(chat, &person.id, open).await.unwrap();
        note("MY misses what was taken", mine.iter().any(|(_, session)| session.id == id));
        store.close(person, &id, None).await.unwrap();
        let mine = store.of(tenant).mine(chat, &person.id, open - 1).await.unwrap();
        note("MY shows what was closed", mine.iter().all(|(_, session)| session.id != id));
    }
}

fn has(page: &Page, id: &SessionId) -> bool {
    page.sessions.iter().any(|(_, session)| session.id == *id)
}
