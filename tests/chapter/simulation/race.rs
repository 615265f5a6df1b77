//! Several sessions for one operator who has a place for one.

use super::world::{BUSY, World};
use super::{check, client};
use domain::{EmployeeId, SessionId};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use std::cell::Cell;

/// Gives the operator who holds 199 sessions three more at once; what is wrong then, in words.
pub(super) async fn last_place(world: &World) -> Vec<String> {
    let (company, calm) = (&world.companies[0], world.calm_store());
    let mut waiting = Vec::new();
    for line in company.lines.iter().filter(|line| line.live_chat.id.as_str() == "support") {
        client::send(world, &calm, 0, company, line, 1, false).await;
        waiting.push(SessionId { conversation: line.conversation.clone(), ordinal: 1 });
    }
    let busy = company.people.iter().find(|person| person.id.as_str() == BUSY).unwrap();
    let supervisor = company.people.iter().find(|person| person.id.as_str() == "sue").unwrap();
    let given = Cell::new(0);
    let takes = waiting.iter().enumerate().map(|(number, id)| {
        let (store, given) = (world.store(number), &given);
        let work: LocalBoxFuture<'_, ()> = async move {
            let done = if number == 0 {
                let to = EmployeeId::parse(BUSY).unwrap();
                store.assign(supervisor, id, &to, None).await
            } else {
                store.claim(busy, id).await
            };
            given.set(given.get() + usize::from(done.is_ok()));
        }
        .boxed_local();
        (number, work)
    });
    world.simulation.run(takes.collect()).await.unwrap();
    let mut faults = check::recount(world).faults();
    if given.get() != 1 {
        faults.push(format!("{} of {} were given", given.get(), waiting.len()));
    }
    faults
}
