//! The exact cost of each act: write units of the table and of its indexes, and requests. A
//! change that makes one dearer fails here.

/// Asserts what an act cost: table and index write units, and requests.
macro_rules! costs {
    ($bench:expr, $work:expr, $table:expr, $index:expr, $requests:expr) => {
        let used = $bench.used($work).await;
        assert_eq!(
            (used.write_units, used.index_write_units, used.round_trips),
            (f64::from($table), f64::from($index), $requests),
            "{}: {used}",
            stringify!($work)
        );
    };
}

mod bench;
mod crowd;
mod people;
mod search;

use bench::{Bench, live_chat};
use domain::attachment::{ContentType, FileName, State, Uploader};
use domain::delivery::Progress;
use domain::session::ActKind;
use domain::{Attachment, AttachmentId, Message};
use futures::future::join_all;
use std::collections::BTreeSet;
use store::act::Acted;
use store::attachment::Attaching;
use store::delivery::End;
use store::once::Once;
use store::rate::{Counted, Rate};
use tests::scheduler::paused;
use tests::wire::Operation;

fn run(work: impl AsyncFn(&Bench)) {
    paused(async { work(&Bench::new().await).await }).unwrap();
}

#[test]
fn a_clients_message() {
    run(async |bench| {
        // Receipt and latest head at once, then the transaction.
        costs!(bench, bench.write("carl"), 12, 1, 3);
        // The place in ACTIVE moves with the message: out and in.
        costs!(bench, bench.write("carl"), 6, 2, 3);
        let id = bench.queued("dora").await;
        bench.store.claim(&bench.person("ann"), &id).await.unwrap();
        costs!(bench, bench.write("dora"), 6, 2, 3);
        bench.answer("ann", &id, None).await;
        costs!(bench, bench.write("dora"), 8, 2, 3);
    });
}

#[test]
fn a_message_that_comes_again_writes_nothing() {
    run(async |bench| {
        let chat = bench.live_chat.clone();
        bench.post(&chat, "carl", 900).await;
        let calls = bench.calls(bench.post(&chat, "carl", 900)).await;
        assert!(calls.iter().all(|call| call.usage.write_units == 0.0), "{calls:?}");
        // Receipt and latest head go out together and are one step; the first result follows.
        let operations: Vec<_> = calls.iter().map(|call| call.operation).collect();
        assert_eq!(operations, [Operation::GetItem, Operation::Query, Operation::GetItem]);
    });
}

#[test]
fn an_answer() {
    run(async |bench| {
        let id = bench.held("carl").await;
        // Head, line and receipt together with the desk, then the channel, then the transaction.
        costs!(bench, bench.answer("ann", &id, None), 8, 2, 4);
        costs!(bench, bench.answer("ann", &id, None), 6, 2, 4);
    });
}

#[test]
fn a_file() {
    run(async |bench| {
        let id = bench.held("carl").await;
        costs!(bench, bench.answer("ann", &id, None), 8, 2, 4);
        let store = bench.store.of(&bench.tenant);
        let file = Attachment {
            conversation: id.conversation.clone(),
            id: AttachmentId::parse("a").unwrap(),
            name: FileName::parse("broken.png").unwrap(),
            claimed: ContentType::parse("image/png").unwrap(),
            size: 7,
            by: Uploader::Employee(bench.person("ann").id),
            expires_at: Some(bench.store.now().plus_millis(60_000)),
            seq: None,
            state: State::Pending,
            external_id: None,
        };
        costs!(bench, store.ask_for_upload(&file), 1, 0, 1);
        let attaching = Attaching { ids: vec![file.id.clone()], ..Attaching::default() };
        // Its row is read beside the rest, and is one more of the transaction.
        costs!(bench, bench.answer_with(&attaching, "ann", &id, None), 8, 2, 4);
        costs!(bench, store.end_check(&id.conversation, &file.id, &State::Refused), 1, 0, 1);
        // Who does it again finds the end, and writes nothing that is paid for twice.
        costs!(bench, store.end_check(&id.conversation, &file.id, &State::Refused), 1, 0, 1);
        let ids = [file.id.clone()];
        costs!(bench, store.attachments(&id.conversation, &ids), 0, 0, 1);
    });
}

#[test]
fn what_a_client_has_seen() {
    run(async |bench| {
        let id = bench.held("carl").await;
        let _ = bench.answer("ann", &id, None).await;
        let store = bench.store.of(&bench.tenant);
        // The last head and the mark, then the mark alone.
        costs!(bench, store.mark_client_read(&id.conversation, 2), 1, 0, 3);
        costs!(bench, store.mark_client_read(&id.conversation, 2), 0, 0, 2);
    });
}

#[test]
fn an_answer_that_leaves_by_a_messenger_is_noted_three_times_on_its_way() {
    run(async |bench| {
        let id = bench.held("carl").await;
        let answer = bench.answer("ann", &id, None).await.message.unwrap();
        let answer = Message { leaves_after: Some(0), ..answer };
        let store = bench.store.of(&bench.tenant);
        let (of, seqs) = (&id.conversation, BTreeSet::from([answer.seq]));
        costs!(bench, store.note_due(of, &seqs), 1, 0, 1);
        let mut due = store.due(of).await.unwrap().unwrap();
        let ids = vec!["42:7".to_owned()];
        let pace = bench.store.now();
        let end = End { progress: Progress::Sent, external_ids: ids, pace };
        costs!(bench, store.end_delivery(&answer, None, &end), 1, 0, 1);
        costs!(bench, store.settle(&mut due, answer.seq, Some(pace)), 1, 0, 1);
        assert_eq!(store.due(of).await.unwrap(), None);
        // Where the messenger has a rate for all of a channel, its count.
        let rate = Rate { window_millis: 200, most: 5 };
        let channel = &bench.live_chat.channels[0].id;
        costs!(bench, store.count(Counted::Calls(channel), rate, 1), 1, 0, 1);
    });
}

#[test]
fn a_claim() {
    run(async |bench| {
        let id = bench.queued("carl").await;
        let ann = bench.person("ann");
        // The place in ACTIVE stays, because a claim is no message: only mine is new.
        costs!(bench, bench.store.claim(&ann, &id), 10, 1, 3);
        let id = bench.queued("dora").await;
        costs!(bench, bench.answer("ann", &id, None), 14, 3, 4);
        let _ = bench.queued("emil").await;
        // One look at the desk and one at the queue more.
        costs!(bench, bench.store.claim_next(&ann, None, None), 10, 1, 5);
        let _ = bench.queued("fay").await;
        let once = Once::of(&ann, Some("key"), "claimNextSession", &[]);
        costs!(bench, bench.store.claim_next(&ann, None, once.as_ref()), 12, 1, 6);
    });
}

#[test]
fn many_who_take_at_once_do_not_fight_in_line() {
    run(async |bench| {
        let (ann, bob) = (bench.person("ann"), bench.person("bob"));
        for number in 0..40 {
            bench.queued(&format!("client{number}")).await;
        }
        let claims = (0..40).map(|number| {
            let who = if number % 2 == 0 { &ann } else { &bob };
            bench.store.claim_next(who, None, None)
        });
        let calls = bench.calls(join_all(claims)).await;
        let tries = calls.iter().filter(|call| call.operation == Operation::TransactWriteItems);
        // In line there were 40 + 39 + 38 ...
        let tries = tries.count();
        assert!((40..200).contains(&tries), "{tries} tries");
        let none = bench.store.claim_next(&ann, None, None).await.unwrap();
        assert_eq!(none, None, "all were taken");
    });
}

#[test]
fn a_read_mark() {
    run(async |bench| {
        let id = bench.held("carl").await;
        let (ann, sue) = (bench.person("ann"), bench.person("sue"));
        let seq = bench.session(&id).await.seq;
        costs!(bench, bench.store.mark_read(&ann, &id, 1), 4, 0, 3);
        costs!(bench, bench.store.mark_read(&ann, &id, seq), 1, 0, 3);
        costs!(bench, bench.store.mark_read(&ann, &id, seq), 0, 0, 2);
        costs!(bench, bench.store.mark_read(&sue, &id, seq), 1, 0, 3);
        costs!(bench, bench.store.mark_read(&sue, &id, 1), 0, 0, 2);
    });
}

#[test]
fn handing_on_putting_back_and_closing() {
    run(async |bench| {
        let (ann, bob, sue) = (bench.person("ann"), bench.person("bob"), bench.person("sue"));
        let id = bench.held("carl").await;
        // Beside the two desks, the lease of the new operator is looked at.
        costs!(bench, bench.store.assign(&ann, &id, &bob.id, None), 8, 2, 5);
        // Only mine goes: the place in ACTIVE stays.
        costs!(bench, bench.store.put_back(&bob, &id, None), 10, 1, 3);
        costs!(bench, bench.store.close(&sue, &id, None), 8, 2, 3);
        let id = bench.held("dora").await;
        costs!(bench, bench.store.close(&ann, &id, None), 8, 4, 3);
    });
}

#[test]
fn a_name() {
    run(async |bench| {
        let id = bench.held("carl").await;
        let ann = bench.person("ann");
        costs!(bench, bench.store.rename(&ann, &id, "Order 7"), 4, 0, 3);
        bench.store.close(&ann, &id, None).await.unwrap();
        costs!(bench, bench.store.rename(&ann, &id, "Order 8"), 1, 0, 3);
    });
}

#[test]
fn a_binding() {
    run(async |bench| {
        let (id, app) = (bench.held("carl").await, bench.app().await);
        let ann = bench.person("ann");
        let create = async |title: &str, key: Option<&str>| {
            let once = Once::of(&ann, key, "createAndBindItem", &[title]);
            let done = bench.store.create_and_bind(&ann, &id, &app, title, once.as_ref()).await;
            done.unwrap().item.id
        };
        // Head and line beside the desk; what it is bound to and may be; then the transaction.
        costs!(bench, create("Order 7", None), 10, 0, 4);
        costs!(bench, create("Order 8", Some("key")), 12, 0, 5);
        costs!(bench, create("Order 8", Some("key")), 0, 0, 4);
        let item = create("Order 9", None).await;
        costs!(bench, bench.store.bind(&ann, &id, &item), 0, 0, 3);
        costs!(bench, bench.store.unbind(&ann, &id, &item), 8, 0, 4);
        costs!(bench, bench.store.bind(&ann, &id, &item), 8, 0, 4);
        bench.store.close(&ann, &id, None).await.unwrap();
        costs!(bench, bench.store.unbind(&ann, &id, &item), 6, 0, 4);
        costs!(bench, bench.store.bind(&ann, &id, &item), 6, 0, 4);
    });
}

#[test]
fn what_sessions_are_bound_to_and_their_templates_cost_as_many_calls_for_two_as_for_eight() {
    const DOCUMENT: &str = "query($id: ID!) { viewer { liveChat(id: $id) { apps { name kind }
        sessions(group: QUEUE, first: 100) { nodes { client { name }
            bindings { item { title app { name } } boundBy { name } }
            templates(first: 5) { nodes { text } } } } } } }";
    run(async |bench| {
        let (sue, app) = (bench.person("sue"), bench.app().await);
        let chat = &bench.live_chat.id;
        let text = "Dear {client}";
        bench.store.of(&sue.tenant).create_template(chat, "Welcome", text, None).await.unwrap();
        let service = graphql::Service::new(
            bench.store.clone(),
            graphql::Settings::new(graphql::Introspection::Nobody),
        );
        let id = graphql::id::GlobalId::LiveChat(chat.clone()).encode(&bench.tenant);
        let variables = serde_json::json!({ "id": id });
        let (mut known, mut calls) = (0, Vec::new());
        for sessions in [2, 8] {
            while known < sessions {
                known += 1;
                let id = bench.queued(&format!("client {known}")).await;
                for title in ["Order", "Account"] {
                    bench.store.create_and_bind(&sue, &id, &app, title, None).await.unwrap();
                }
            }
            let request = async_graphql::Request::new(DOCUMENT)
                .variables(async_graphql::Variables::from_json(variables.clone()));
            let caller = domain::Caller::Employee { person: sue.clone(), is_administrator: false };
            let mut seen = String::new();
            let asked = bench.calls(async {
                let operation = service.read(request, &caller).unwrap();
                let response = service.execute(operation, caller, "request").await.response;
                assert!(response.errors.is_empty(), "{:?}", response.errors);
                seen = response.data.to_string();
            });
            calls.push(asked.await.len());
            assert_eq!(seen.matches("Dear client").count(), sessions);
            assert_eq!(seen.matches("title: \"Order\"").count(), sessions, "{seen}");
        }
        assert_eq!(calls[0], calls[1]);
    });
}

#[test]
fn badges_cost_the_same_with_ten_sessions_and_with_hundreds() {
    run(async |bench| {
        for name in ["sales", "billing", "returns", "press"] {
            bench.create(&live_chat(name)).await;
        }
        let ann = bench.person("ann");
        let read = async || {
            let desk = bench.store.of(&bench.tenant).desk(&ann.id).await.unwrap();
            let counters = bench.store.of(&bench.tenant).counters(&desk).await.unwrap();
            counters.queue
        };
        let mut queued = 0;
        for sessions in [10, 500] {
            while queued < sessions {
                queued += 1;
                bench.queued(&format!("client {queued}")).await;
            }
            assert_eq!(read().await, sessions);
            let used = bench.used(read()).await;
            assert_eq!((used.read_units, used.round_trips), (21.0, 2), "{sessions}: {used}");
        }
    });
}

#[test]
fn a_head_has_at_most_a_kilobyte_for_names_of_sixty_characters() {
    run(async |bench| {
        for letter in ["x", "я", "語"] {
            let name = letter.repeat(60);
            let id = bench.queued(&name).await;
            let ann = domain::EmployeeId::parse("00000000-0000-0000-0000-000000000000").unwrap();
            let person = domain::Person { id: ann, ..bench.person("x") };
            let person = domain::Person { name: name.clone(), ..person };
            let chat = &bench.live_chat.id;
            let roles = domain::Roles::BOTH;
            let online = domain::presence::Choice::Online;
            bench.store.of(&bench.tenant).set_member(chat, &person.id, roles).await.unwrap();
            bench.store.choose_presence(&person, online).await.unwrap();
            let claimed = bench.store.claim(&person, &id).await.unwrap();
            let long = name.repeat(10);
            let answer = store::act::Answer {
                attaching: &Attaching::default(),
                text: &long,
                client_message_id: "long",
                reply_to: None,
                read_up_to: None,
            };
            let answered = bench.store.reply(&person, &id, &answer).await.unwrap();
            assert_is(&claimed, ActKind::Claimed);
            assert_is(&answered, ActKind::Message);
            let open = bench.head_size(&id);
            bench.store.close(&person, &id, None).await.unwrap();
            bench.store.rename(&person, &id, &letter.repeat(59)).await.unwrap();
            let closed = bench.head_size(&id);
            assert!(open.max(closed) <= 1024, "{letter}: {open} open, {closed} closed");
        }
    });
}

fn assert_is(acted: &Acted, kind: ActKind) {
    assert_eq!(acted.session.last.kind, kind);
}
