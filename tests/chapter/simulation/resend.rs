//! Devices that write single rows at once, while every third answer is lost: nothing that was done
//! is done again, least of all after another's write.

use super::world::World;
use super::{check, client, follower};
use domain::Person;
use domain::presence::Choice;
use domain::{EmployeeId, SessionId};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use rand::RngExt;
use serde_json::Value;
use std::collections::BTreeMap;
use store::Failure;
use tests::recount::{number, text};
use tests::stream::Stream;

/// The number of messages that a session has: a prime and one, so that each turn has a place of its
/// own.
const MESSAGES: u64 = 18;
/// The number of devices, and the number of times that each device does each thing.
const DEVICES: u64 = 3;
const TURNS: u64 = 5;

/// The session that somebody marks, and the closed one that is renamed.
struct Places {
    held: SessionId,
    closed: SessionId,
}

/// Lets several devices rename, mark and choose at once; what was done twice, in words.
pub(super) async fn devices(world: &World) -> Vec<String> {
    let places = prepare(world).await;
    let mut stream = Stream::new(world.simulation.database(), "core", 1, 0.0);
    while stream.batch().unwrap().is_some() {}
    let work = (0..DEVICES).map(|device| {
        let work: LocalBoxFuture<'_, ()> = device_work(world, &places, device).boxed_local();
        (usize::try_from(device).unwrap(), work)
    });
    world.simulation.run(work.collect()).await.unwrap();
    let mut faults = again(&mut stream);
    follower::catch_up(world).await;
    faults.extend(check::recount(world).faults());
    faults.extend(world.followers.borrow().faults.iter().cloned());
    faults
}

/// A session of an operator, and one that is closed.
async fn prepare(world: &World) -> Places {
    let (company, store) = (&world.companies[0], world.calm_store());
    let ann = person(world, "ann");
    let mut sessions = Vec::new();
    for (line, many) in [(&company.lines[0], MESSAGES), (&company.lines[2], 1)] {
        for number in 0..many {
            client::send(world, &store, 0, company, line, number, false).await;
        }
        let id = SessionId { conversation: line.conversation.clone(), ordinal: 1 };
        store.claim(ann, &id).await.unwrap();
        sessions.push(id);
    }
    store.close(ann, &sessions[1], None).await.unwrap();
    Places { closed: sessions.remove(1), held: sessions.remove(0) }
}

async fn device_work(world: &World, places: &Places, device: u64) {
    let actor = usize::try_from(device).unwrap();
    let store = world.store(actor);
    let mut rng = world.simulation.random(device);
    let (ann, sue) = (person(world, "ann"), person(world, "sue"));
    for turn in 0..TURNS {
        // Of each device and turn another one: so what comes back was written twice.
        let place = 1 + (turn * DEVICES + device) * 5 % (MESSAGES - 1);
        let own = format!("{device} {turn}");
        for who in [ann, sue] {
            world.rest(&mut rng).await;
            let is_back = rng.random_bool(0.5);
            let work = async {
                match is_back {
                    true => store.mark_unread(who, &places.held, place + 1).await,
                    false => store.mark_read(who, &places.held, place).await,
                }
            };
            world.attempt(actor, "mark", work).await;
        }
        world.attempt(actor, "rename", store.rename(ann, &places.closed, &own)).await;
        let choice = if rng.random_bool(0.5) { Choice::Online } else { Choice::Offline };
        let bob = Person { name: own, ..person(world, "bob").clone() };
        let work = async { Ok::<_, Failure>(store.choose_presence(&bob, choice).await?) };
        world.attempt(actor, "choose", work).await;
    }
}

fn person<'a>(world: &'a World, name: &str) -> &'a Person {
    let id = EmployeeId::parse(name).unwrap();
    world.companies[0].people.iter().find(|person| person.id == id).unwrap()
}

/// Returns the values that stood in a row, were replaced, and stood there again.
fn again(stream: &mut Stream) -> Vec<String> {
    let mut stood: BTreeMap<String, Vec<String>> = BTreeMap::new();
    while let Some(event) = stream.batch().unwrap() {
        for record in event["Records"].as_array().unwrap() {
            let Some(row) = record.pointer("/dynamodb/NewImage").and_then(Value::as_object) else {
                continue;
            };
            let (pk, sk) = (text(row, "pk"), text(row, "sk"));
            let what = match sk.split('#').next().unwrap_or_default() {
                "R" => vec![("line", number(row, "s").to_string())],
                "H" => vec![
                    ("name", text(row, "nm").to_owned()),
                    ("read", number(row, "rs").to_string()),
                ],
                "E" => vec![("choice", text(row, "nm").to_owned())],
                _ => continue,
            };
            for (name, value) in what {
                let values = stood.entry(format!("{name} of {pk} {sk}")).or_default();
                if values.last() != Some(&value) {
                    values.push(value);
                }
            }
        }
    }
    let is_again = |values: &[String]| {
        values.iter().enumerate().any(|(place, value)| values[..place].contains(value))
    };
    let found = stood.into_iter().filter(|(_, values)| is_again(values));
    found.map(|(what, values)| format!("{what} came back: {values:?}")).collect()
}
