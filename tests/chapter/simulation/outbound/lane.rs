//! Conversations that do not wait for each other, whatever the messenger does in one of them.

use super::super::check;
use super::super::client as writer;
use super::super::company::{Company, Line};
use super::super::follower;
use super::super::world::World;
use super::vendor::Fate;
use super::{LAST, catch_up, check as answers, failed};
use domain::SessionId;
use std::time::Duration;
use store::act::Answer;
use store::attachment::Attaching;
use tests::scheduler::{Faults, paused};
use tokio::time::Instant;

/// The number of answers in each conversation.
const ANSWERS: u64 = 3;

/// Writes to a line and answers. Returns the numbers of the answers.
async fn answer(world: &World, company: &Company, line: &Line) -> Vec<u64> {
    let (store, person) = (world.calm_store(), &company.people[1]);
    writer::send(world, &store, 0, company, line, 0, false).await;
    let id = SessionId { conversation: line.conversation.clone(), ordinal: 1 };
    let mut answers = Vec::new();
    for number in 0..ANSWERS {
        let message = number.to_string();
        let answer = Answer {
            text: "Hi",
            attaching: &Attaching::default(),
            client_message_id: &message,
            reply_to: None,
            read_up_to: None,
        };
        let acted = store.reply(person, &id, &answer).await.unwrap();
        answers.push(acted.message.unwrap().seq);
    }
    answers
}

/// Plays three conversations, of which the messenger is stuck in one. Returns the faults at the end.
async fn play(fate: Fate, others: &[(usize, usize)]) -> Vec<String> {
    let world = World::new(1, Faults::default()).await;
    let (acme, zeta) = (&world.companies[0], &world.companies[1]);
    let mut sent = Vec::new();
    for (company, line) in [(acme, 2), (acme, 1), (zeta, 0)] {
        let line = &company.lines[line];
        sent.push((format!("{}#{}", company.tenant, line.conversation), {
            answer(&world, company, line).await
        }));
    }
    world.outside.vendor.stick(acme.lines[2].conversation.as_str(), fate);
    follower::catch_up(&world).await;
    let app = world.outside.sender(&world.calm_store(), LAST);
    let began = Instant::now();
    let of = |(company, line): &(usize, usize)| {
        let company = &world.companies[*company];
        format!("{}#{}", company.tenant, company.lines[*line].conversation)
    };
    let must: Vec<String> = others.iter().map(of).collect();
    let waiting = || {
        let of_others = sent.iter().filter(|(of, _)| must.contains(of));
        let all = of_others.flat_map(|(of, seqs)| seqs.iter().map(move |seq| (of, *seq)));
        all.filter(|(of, seq)| !answers::is_sent(&world, of, *seq)).count()
    };
    while waiting() > 0 {
        assert!(began.elapsed() < Duration::from_secs(5), "{} answers wait", waiting());
        match world.outside.fifo.receive() {
            Some(batch) => {
                world.outside.vendor.begin(LAST);
                let answer = functions::outbound::handle(&app, &batch.event()).await.unwrap();
                assert!(!world.outside.fifo.end(&batch, &failed(&answer)));
            }
            None => tokio::time::sleep_until(world.outside.fifo.next().unwrap()).await,
        }
    }
    let (stuck, seqs) = &sent[0];
    assert!(seqs.iter().all(|seq| !answers::is_sent(&world, stuck, *seq)));
    catch_up(&world).await;
    let recount = check::recount(&world);
    let mut wrong = recount.faults();
    answers::add(&world, &recount, &mut wrong);
    wrong.extend(world.followers.borrow().faults.iter().cloned());
    wrong.extend(world.ledger.borrow().faults.iter().cloned());
    wrong
}

#[test]
fn a_conversation_that_is_stuck_holds_up_no_other_and_one_channel_no_other() {
    // A messenger that says no in one conversation is there for the others.
    let wrong = paused(play(Fate::Not(500), &[(0, 1), (1, 0)]));
    assert_eq!(wrong.unwrap(), Vec::<String>::new());
    // One that says nothing pauses its own channel.
    let wrong = paused(play(Fate::Not(0), &[(1, 0)]));
    assert_eq!(wrong.unwrap(), Vec::<String>::new());
}
