//! People who upload files and attach them at once: their own, each other's, the same twice, and some
//! whose time is over, while uploads are swept away and actors die between an upload and its message.

use super::client;
use super::company::Line;
use super::ledger::Outcome;
use super::world::World;
use domain::arrival::Incoming;
use domain::attachment::{ContentType, FileName, State, Uploader};
use domain::{Attachment, AttachmentId, ConversationId, EmployeeId, Person, SessionId, Timestamp};
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use rand::RngExt;
use rand::rngs::StdRng;
use serde_json::json;
use std::cell::RefCell;
use std::collections::BTreeMap;
use store::act::Answer;
use store::arrival::{Arrival, Files};
use store::attachment::Attaching;
use store::{Failure, Store};
use tests::recount::{number, text};
use tests::wire::Operation;

/// The number of things that each actor does.
const TURNS: usize = 25;
/// The longest time that an upload can be attached here, in milliseconds.
const LONGEST: u64 = 600;

/// What was asked for: by its id, the upload as it was stored.
type Pool = RefCell<BTreeMap<AttachmentId, Attachment>>;

/// Somebody who writes into a conversation.
#[derive(Clone, Copy)]
enum Who<'a> {
    Client(&'a Line),
    Operator(&'a Person, &'a Line),
}

impl Who<'_> {
    fn uploader(self) -> Uploader {
        match self {
            Who::Client(line) => Uploader::Client(line.writer.id.clone()),
            Who::Operator(person, _) => Uploader::Employee(person.id.clone()),
        }
    }

    fn conversation(&self) -> &ConversationId {
        match self {
            Who::Client(line) | Who::Operator(_, line) => &line.conversation,
        }
    }
}

/// Lets everybody upload and attach; what is wrong then, in words. Also says how many files are
/// attached.
pub(super) async fn attach(world: &World) -> (Vec<String>, usize) {
    let (company, calm) = (&world.companies[0], world.calm_store());
    let [carl, dora] = [&company.lines[0], &company.lines[3]];
    let ann = EmployeeId::parse("ann").unwrap();
    let ann = company.people.iter().find(|person| person.id == ann).unwrap();
    client::send(world, &calm, 0, company, carl, 1_000, false).await;
    let held = SessionId { conversation: carl.conversation.clone(), ordinal: 1 };
    calm.claim(ann, &held).await.unwrap();

    let pool = Pool::default();
    let actors = [
        Who::Client(carl),
        Who::Client(carl),
        Who::Client(dora),
        Who::Operator(ann, carl),
        Who::Operator(ann, carl),
    ];
    let mut work: Vec<(usize, LocalBoxFuture<'_, ()>)> = Vec::new();
    for (number, who) in actors.into_iter().enumerate() {
        work.push((number, write(world, &pool, number, who).boxed_local()));
    }
    let last = work.len();
    work.push((last, check(world, &pool, last).boxed_local()));
    work.push((last + 1, sweep(world, last + 1).boxed_local()));
    world.simulation.run(work).await.unwrap();
    let pool = pool.into_inner();
    wrong(world, &pool, [carl, dora]).await
}

/// Uploads, writes with some files of anybody's, and sends again what had no answer.
async fn write(world: &World, pool: &Pool, actor: usize, who: Who<'_>) {
    let store = world.store(actor);
    let mut rng = world.simulation.random(actor as u64);
    let mut again: Option<(String, Vec<AttachmentId>)> = None;
    for turn in 0..TURNS {
        world.rest(&mut rng).await;
        if rng.random_bool(0.5) {
            ask(world, pool, &store, (actor, turn), who, &mut rng).await;
            continue;
        }
        let (key, ids) = match again.take() {
            Some(before) => before,
            None => (format!("{actor} {turn}"), chosen(pool, who, &mut rng)),
        };
        let sent = send(world, &store, actor, who, (&key, &ids)).await;
        if matches!(sent, Outcome::Unknown | Outcome::NotDone) {
            again = Some((key, ids));
        }
    }
}

/// Asks for an upload that can be attached for a short or a long time.
async fn ask(
    world: &World,
    pool: &Pool,
    store: &Store,
    (actor, turn): (usize, usize),
    who: Who<'_>,
    rng: &mut StdRng,
) {
    let tenant = &world.companies[0].tenant;
    let file = Attachment {
        conversation: who.conversation().clone(),
        id: AttachmentId::parse(&format!("f{actor}-{turn}")).unwrap(),
        name: FileName::parse("a.png").unwrap(),
        claimed: ContentType::parse("image/png").unwrap(),
        size: 7,
        by: who.uploader(),
        expires_at: Some(store.now().plus_millis(rng.random_range(1..=LONGEST))),
        seq: None,
        state: State::Pending,
        external_id: None,
    };
    pool.borrow_mut().insert(file.id.clone(), file.clone());
    let asked = async { Ok::<_, Failure>(store.of(tenant).ask_for_upload(&file).await?) };
    world.attempt(actor, "upload", asked).await;
}

/// Some files: mostly one's own of this conversation, else anybody's.
fn chosen(pool: &Pool, who: Who<'_>, rng: &mut StdRng) -> Vec<AttachmentId> {
    let pool = pool.borrow();
    let is_any = rng.random_bool(0.15);
    let is_own = |file: &&Attachment| {
        is_any || (file.by == who.uploader() && file.conversation == *who.conversation())
    };
    let known: Vec<&AttachmentId> = pool.values().filter(is_own).map(|file| &file.id).collect();
    if known.is_empty() {
        return Vec::new();
    }
    // The latest as a rule: the others are attached, or their time is over.
    let mut ids: Vec<AttachmentId> = (0..rng.random_range(1..=2))
        .map(|_| {
            let back = if rng.random_bool(0.8) { 2 } else { known.len() };
            known[known.len() - 1 - rng.random_range(0..back.min(known.len()))].clone()
        })
        .collect();
    ids.dedup();
    ids
}

async fn send(
    world: &World,
    store: &Store,
    actor: usize,
    who: Who<'_>,
    (key, ids): (&str, &[AttachmentId]),
) -> Outcome<Option<u64>> {
    let company = &world.companies[0];
    let attaching = Attaching { ids: ids.to_vec(), ..Attaching::default() };
    match who {
        Who::Client(line) => {
            let arrival = Arrival {
                tenant: &company.tenant,
                live_chat: &line.live_chat,
                channel: &line.channel,
                writer: &line.writer,
                incoming: Incoming {
                    text: "Look".to_owned(),
                    attachments: Vec::new(),
                    sent_at: None,
                    client_message_id: key.to_owned(),
                    reply_to: None,
                },
                quote: None,
                files: Files::Uploaded(attaching),
                is_known_by_id: false,
            };
            let arrived = async { Ok(Some(store.arrive(&arrival).await?.message.seq)) };
            world.attempt(actor, "post", arrived).await
        }
        Who::Operator(person, line) => {
            let id = SessionId { conversation: line.conversation.clone(), ordinal: 1 };
            let answer = Answer {
                text: "Look",
                attaching: &attaching,
                client_message_id: key,
                reply_to: None,
                read_up_to: None,
            };
            let work = async {
                let acted = store.reply(person, &id, &answer).await?;
                Ok(acted.message.map(|message| message.seq))
            };
            world.attempt(actor, "reply", work).await
        }
    }
}

/// Ends the check of any file, whether its bytes came or not, also of one that is attached.
async fn check(world: &World, pool: &Pool, actor: usize) {
    let (store, tenant) = (world.store(actor), &world.companies[0].tenant);
    let mut rng = world.simulation.random(actor as u64);
    for _ in 0..TURNS {
        world.rest(&mut rng).await;
        let Some(file) = any(pool, &mut rng) else { continue };
        let end = store.of(tenant).end_check(&file.conversation, &file.id, &State::Refused);
        let work = async { Ok::<_, Failure>(end.await?) };
        world.attempt(actor, "check", work).await;
    }
}

/// Removes uploads whose time is over, as the database does some time after.
async fn sweep(world: &World, actor: usize) {
    let store = world.store(actor);
    let mut rng = world.simulation.random(actor as u64);
    let database = world.simulation.database();
    for _ in 0..TURNS {
        world.rest(&mut rng).await;
        let now = store.now();
        let rows = database.items("core");
        let is_over = |until: u64| until > 0 && Timestamp::from_millis(until) < now;
        let over = rows.iter().filter(|row| {
            text(row, "sk").starts_with("F#f") && is_over(number(row, "un").unsigned_abs())
        });
        for row in over {
            let key = json!({ "pk": row["pk"], "sk": row["sk"] });
            let request = json!({ "TableName": "core", "Key": key });
            assert!(database.answer(Operation::DeleteItem, &request).is_success());
        }
    }
}

fn any(pool: &Pool, rng: &mut StdRng) -> Option<Attachment> {
    let pool = pool.borrow();
    let place = rng.random_range(0..pool.len().max(1));
    pool.values().nth(place).cloned()
}

/// What does not hold, and how many files stand in messages. That each stands in one, of whoever
/// uploaded it, the recount says; that it came in time, only who asked for it knows.
async fn wrong(
    world: &World,
    pool: &BTreeMap<AttachmentId, Attachment>,
    lines: [&Line; 2],
) -> (Vec<String>, usize) {
    let calm = world.calm_store();
    let store = calm.of(&world.companies[0].tenant);
    let (mut faults, mut count) = (super::check::recount(world).faults(), 0);
    for line in lines {
        for seq in 1.. {
            let Some(entry) = store.entry(&line.conversation, seq).await.unwrap() else { break };
            for file in &entry.attachments {
                count += 1;
                let until = pool.get(&file.id).and_then(|asked| asked.expires_at);
                if until.is_none_or(|until| until < entry.sent_at) {
                    faults.push(format!("{} was sent at {:?}", file.id, entry.sent_at));
                }
            }
        }
    }
    (faults, count)
}
