//! Operators who answer the clients of messengers: as a rule whoever has the session.

use super::super::company::Company;
use super::super::person::AtDesk;
use super::super::world::World;
use rand::RngExt;

/// Answers so many times in the conversations of a company whose answers leave by messengers.
pub(in super::super) async fn work(world: &World, actor: usize, company: &Company, times: usize) {
    let mut rng = world.simulation.random(actor as u64);
    let lines: Vec<_> = company.lines.iter().filter(|line| line.is_webhook).collect();
    let mut at_desk: Vec<AtDesk<'_>> =
        company.people.iter().map(|person| AtDesk::new(world, company, person, actor)).collect();
    for turn in 0..times {
        world.rest(&mut rng).await;
        let line = lines[rng.random_range(0..lines.len())];
        let Some((id, seq, who)) = world.latest(&company.tenant, &line.conversation) else {
            continue;
        };
        let any = rng.random_range(0..at_desk.len());
        let place = at_desk.iter().position(|one| Some(&one.person.id) == who.as_ref());
        let one = &mut at_desk[place.unwrap_or(any)];
        if place.is_none() {
            one.claim(&id).await;
        }
        one.send(turn, id, seq).await;
    }
}
