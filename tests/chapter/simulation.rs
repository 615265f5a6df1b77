//! Many people and clients do anything at once, while a seed decides what happens next and what
//! goes wrong. Whatever happens, the state is what a recount finds, every actor got true answers,
//! and every subscriber got all that was written.
//!
//! `CHATDESK_SEED=7 cargo test a_rough_day` runs one seed of a test again.

mod administrator;
mod check;
mod client;
mod company;
mod counted;
mod files;
mod find;
mod follower;
mod keeper;
mod lag;
mod ledger;
mod order;
mod outbound;
mod person;
mod race;
mod record;
mod resend;
mod setup;
mod stop;
mod worker;
mod world;

use administrator::{Administrator, Watch};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use person::AtDesk;
use setup::SetUp;
use std::collections::BTreeMap;
use tests::scheduler::{Faults, paused};
use world::World;

/// The number of acts of a client or of a person at the desk in a run. Other actors do a part of
/// it.
const EACH: usize = 12;
/// The number of instances of the function that sends answers.
const SENDERS: usize = 2;
/// The number of steps of a failed run that are shown.
const TAIL: usize = 60;

/// The result of a run.
struct Run {
    faults: Vec<String>,
    hash: u64,
    operations: usize,
    tally: BTreeMap<String, usize>,
    tail: Vec<String>,
}

/// Runs one seed in a database of its own.
fn run(seed: u64, faults: Faults) -> Run {
    paused(async {
        let world = World::new(seed, faults).await;
        let watches = world.companies.each_ref().map(|company| Watch::over(&world, company));
        let actors = cast(&world, &watches);
        let ended = world.simulation.run(actors).await;
        outbound::catch_up(&world).await;
        let mut faults = check::faults(&world).await;
        faults.extend(counted::faults(&world));
        faults.extend(ended.err().map(|stuck| stuck.to_string()));
        faults.extend(watches.iter().flat_map(Watch::faults));
        let trace = world.simulation.trace();
        let ledger = world.ledger.borrow();
        let from = trace.lines().len().saturating_sub(TAIL);
        Run {
            faults,
            hash: trace.hash(),
            operations: ledger.operations,
            tally: ledger.tally.clone(),
            tail: trace.lines()[from..].to_vec(),
        }
    })
    .unwrap()
}

/// Returns all actors: each client on two devices, all people, the first three of the larger
/// company twice, two administrators of each company who change roles, its administrator on two
/// devices, the keeper who loses the rows of the search, clients at their messengers, the fan-out, the
/// worker, and the function that sends answers.
fn cast<'a>(world: &'a World, watches: &'a [Watch<'a>; 2]) -> Vec<(usize, LocalBoxFuture<'a, ()>)> {
    let mut work: Vec<LocalBoxFuture<'a, ()>> = Vec::new();
    for (number, company) in world.companies.iter().enumerate() {
        for line in &company.lines {
            for _ in 0..2 {
                let actor = work.len() + 1;
                work.push(client::write(world, actor, company, line, EACH as u64).boxed_local());
            }
        }
        let twice = if number == 0 { 3 } else { 0 };
        for person in company.people.iter().chain(company.people.iter().take(twice)) {
            let at_desk = AtDesk::new(world, company, person, work.len() + 1);
            work.push(at_desk.work(EACH).boxed_local());
        }
    }
    for watch in watches.iter().flat_map(|watch| [watch; 2]) {
        let administrator = Administrator::new(watch, work.len() + 1);
        work.push(administrator.work(EACH * 2 / 3).boxed_local());
    }
    work.push(keeper::keep(world, work.len() + 1, EACH / 6).boxed_local());
    for company in world.companies.iter().flat_map(|company| [company; 2]) {
        let set_up = SetUp::new(world, company, work.len() + 1);
        work.push(set_up.work(EACH / 2).boxed_local());
    }
    for company in &world.companies {
        work.push(outbound::client::work(world, work.len() + 1, company, EACH).boxed_local());
        for _ in 0..2 {
            work.push(outbound::desk::work(world, work.len() + 1, company, EACH).boxed_local());
        }
    }
    world.busy.set(work.len());
    let last = work.len() + 1;
    let done = |work: LocalBoxFuture<'a, ()>| {
        let at_work = AtWork(world);
        async move {
            let _at_work = at_work;
            work.await;
        }
        .boxed_local()
    };
    let busy = work.into_iter().enumerate().map(|(number, work)| (number + 1, done(work)));
    let follow = (0, follower::follow(world, 0).boxed_local());
    let workers = (0..worker::SHARDS).map(|shard| {
        let actor = last + shard;
        (actor, worker::work(world, actor, shard).boxed_local())
    });
    let last = last + worker::SHARDS;
    let senders =
        (last..last + SENDERS).map(|actor| (actor, outbound::work(world, actor).boxed_local()));
    std::iter::once(follow).chain(workers).chain(senders).chain(busy).collect()
}

/// The mark of an actor at work: once the actor ends or dies, it counts as busy no more.
struct AtWork<'a>(&'a World);

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.0.busy.set(self.0.busy.get() - 1);
    }
}

/// Runs seeds until so many operations were done; says which seed failed, and how.
fn simulate(name: &str, faults: Faults, operations: usize) {
    let only = std::env::var("CHATDESK_SEED").ok().and_then(|seed| seed.parse::<u64>().ok());
    let (mut done, mut tally) = (0, BTreeMap::new());
    for seed in only.map_or(1..=u64::MAX, |seed| seed..=seed) {
        if done >= operations {
            break;
        }
        let run = run(seed, faults);
        assert!(
            run.faults.is_empty(),
            "{name}, seed {seed}, after {done} operations:\n{}\n\nfaults:\n{}",
            run.tail.join("\n"),
            run.faults.join("\n")
        );
        done += run.operations;
        run.tally.into_iter().for_each(|(word, n)| *tally.entry(word).or_insert(0) += n);
    }
    println!("{name}: {done} operations, {tally:?}");
}

#[test]
fn a_rough_day_leaves_everything_exact() {
    simulate("a rough day", Faults::ROUGH, 7_000);
}

#[test]
fn the_order_alone_breaks_nothing() {
    simulate("order alone", Faults::default(), 2_000);
}

#[test]
fn transactions_that_always_overlap_break_nothing() {
    let faults = Faults { overlapping: 1.0, split: 1.0, ..Faults::default() };
    simulate("overlapping", faults, 3_500);
}

#[test]
fn answers_that_get_lost_lose_and_double_nothing() {
    let faults = Faults {
        lost: 0.12,
        unsent: 0.04,
        refused: 0.04,
        overlapping: 0.4,
        split: 0.3,
        unprocessed: 0.1,
        ..Faults::default()
    };
    simulate("lost answers", faults, 4_000);
}

#[test]
fn actors_that_die_leave_nothing_half_done() {
    let faults = Faults { death: 0.03, overlapping: 0.5, split: 0.3, ..Faults::default() };
    simulate("deaths", faults, 3_500);
}

#[test]
fn clocks_that_run_apart_and_step_back_break_nothing() {
    let faults = Faults { clock: 30_000, overlapping: 0.5, split: 0.3, ..Faults::default() };
    simulate("wrong clocks", faults, 3_500);
}

#[test]
fn a_seed_replays_exactly() {
    let (one, again, other) = (run(3, Faults::ROUGH), run(3, Faults::ROUGH), run(4, Faults::ROUGH));
    assert_eq!(one.hash, again.hash);
    assert_ne!(one.hash, other.hash);
}

#[test]
fn what_was_done_shows_at_once_however_far_the_indexes_lag() {
    let faults = Faults { stale: 1.0, lag: 20, ..Faults::default() };
    let missed = paused(async {
        let world = World::new(1, faults).await;
        let work = lag::work(&world, 1, 8).boxed_local();
        world.simulation.run(vec![(1, work)]).await.unwrap();
        assert!(world.simulation.trace().count("reads stale") > 0);
        world.ledger.borrow().faults.clone()
    });
    assert_eq!(missed.unwrap(), Vec::<String>::new());
}

#[test]
fn the_last_place_of_an_operator_is_given_once() {
    for seed in 1..=15 {
        let faults = Faults { overlapping: 0.5, split: 0.3, ..Faults::default() };
        let wrong = paused(async { race::last_place(&World::new(seed, faults).await).await });
        assert_eq!(wrong.unwrap(), Vec::<String>::new(), "seed {seed}");
    }
}

#[test]
fn a_file_stands_in_one_message_of_whoever_uploaded_it_in_time() {
    let (mut attached, mut refused) = (0, BTreeMap::new());
    for seed in 1..=12 {
        let faults = Faults { death: 0.03, ..Faults::ROUGH };
        let (wrong, count, tally) = paused(async {
            let world = World::new(seed, faults).await;
            let (wrong, count) = files::attach(&world).await;
            (wrong, count, world.ledger.borrow().tally.clone())
        })
        .unwrap();
        assert_eq!(wrong, Vec::<String>::new(), "seed {seed}");
        attached += count;
        tally.into_iter().for_each(|(word, n)| *refused.entry(word).or_insert(0) += n);
    }
    // Much was attached, and much was refused: neither says anything alone.
    assert!(attached > 100, "{attached} {refused:?}");
    println!("files: {attached} attached, {refused:?}");
}

#[test]
fn nothing_that_is_written_alone_is_written_again_after_anothers_write() {
    for seed in 1..=10 {
        let faults = Faults { lost: 0.3, unsent: 0.1, refused: 0.05, ..Faults::default() };
        let wrong = paused(async { resend::devices(&World::new(seed, faults).await).await });
        assert_eq!(wrong.unwrap(), Vec::<String>::new(), "seed {seed}");
    }
}
