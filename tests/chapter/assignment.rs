//! Assignment: claims, replies that claim, assignments and returns.

mod comment;
mod limit;
mod next;

use domain::{EmployeeId, LiveChatId, Roles, TenantId};
use functions::identity::Employee;
use futures::future::join_all;
use serde_json::{Value, json};
use tests::world::{Person, World, code, field, play, texts};

/// More operators of Support than the demo has, online.
async fn crowd(world: &World, count: usize) -> Vec<Person> {
    let app = &world.running.app;
    let (tenant, support) =
        (TenantId::parse("demo").unwrap(), LiveChatId::parse("support").unwrap());
    let mut people = Vec::new();
    for number in 0..count {
        let id = format!("op{number}");
        let employee = EmployeeId::parse(&id).unwrap();
        app.store.of(&tenant).set_member(&support, &employee, Roles::OPERATOR).await.unwrap();
        let who =
            Employee { id: id.clone(), name: format!("Op {number}"), is_administrator: false };
        let expires = i64::try_from(app.store.now().as_seconds()).unwrap() + 3600;
        let token = app.identity.signer().unwrap().sign_employee("demo", who, expires).unwrap();
        people.push(world.holder(&id, Some(token)));
    }
    join_all(people.iter().map(|person| person.presence("ONLINE"))).await;
    people
}

#[test]
fn exactly_one_of_50_claimers_wins_and_49_are_told_who() {
    play(async |world| {
        let people = crowd(world, 50).await;
        world.client("Zoe").await.post("Hello").await;
        let id = people[0].waiting().await;
        let claims = join_all(people.iter().map(|person| person.claim(&id))).await;
        let won: Vec<_> = claims.iter().filter(|payload| code(payload).is_empty()).collect();
        assert_eq!(won.len(), 1, "{won:?}");
        let winner = &won[0]["session"]["operator"];
        assert!(winner["name"].as_str().unwrap().starts_with("Op "));
        for lost in claims.iter().filter(|payload| !code(payload).is_empty()) {
            assert_eq!(code(lost), "ALREADY_CLAIMED");
            assert_eq!(lost["claimedBy"], *winner);
            assert_eq!(lost["session"], Value::Null);
        }
        let dialog = world.employee("sue").await.dialog(&id).await;
        assert_eq!(texts(&dialog, "kind"), ["CLIENT", "EVENT"]);
        assert_eq!(world.employee("sue").await.badge().await, [0; 4]);
    });
}

#[test]
fn a_race_of_few_people_who_hammer_has_one_winner() {
    play(async |world| {
        let mut people = Vec::new();
        for name in ["ann", "bob", "dan", "bea"] {
            people.push(world.online(name).await);
        }
        world.client("Zoe").await.post("Hello").await;
        let id = people[0].waiting().await;
        let claims = people.iter().flat_map(|person| {
            let id = &id;
            (0..8).map(move |_| async move { (person.name.clone(), person.claim(id).await) })
        });
        let claims = join_all(claims).await;
        let mut winners: Vec<_> = claims
            .iter()
            .filter(|(_, payload)| code(payload).is_empty())
            .map(|(name, _)| name.clone())
            .collect();
        // The operator who has it already may claim it again: no error.
        assert_eq!(winners.len(), 8);
        winners.dedup();
        assert_eq!(winners.len(), 1);
        let dialog = world.employee("sue").await.dialog(&id).await;
        assert_eq!(texts(&dialog, "kind"), ["CLIENT", "EVENT"]);
    });
}

#[test]
fn a_loser_who_asked_for_next_gets_the_next() {
    play(async |world| {
        let mut people = Vec::new();
        for name in ["ann", "bob", "dan", "bea"] {
            people.push(world.online(name).await);
        }
        for name in ["One", "Two", "Three"] {
            world.client(name).await.post("Hello").await;
        }
        let claims = join_all(people.iter().map(|person| person.claim_next(None))).await;
        assert!(claims.iter().all(|payload| code(payload).is_empty()), "{claims:?}");
        let mut taken: Vec<_> =
            claims.iter().filter_map(|payload| payload["session"]["name"].as_str()).collect();
        taken.sort_unstable();
        assert_eq!(taken, ["One", "Three", "Two"]);
        // None waits: no session and no error.
        let nothing = people[0].claim_next(None).await;
        assert_eq!((code(&nothing), &nothing["session"]), ("", &Value::Null));
    });
}

#[test]
fn the_longest_waiting_session_is_taken_first_of_one_live_chat_or_of_all() {
    play(async |world| {
        let bob = world.online("bob").await;
        world.client_of("First", "Sales").await.post("Hello").await;
        world.client("Second").await.post("Hello").await;
        world.client_of("Third", "Sales").await.post("Hello").await;
        let document = "mutation($l: ID) { claimNextSession(liveChatId: $l) {
            session { name state operator { name } unreadCount isNew } userErrors { code } } }";
        let support = world.live_chat("Support").await;
        let payload = bob.act(document, json!({ "l": support })).await;
        assert_eq!(payload["session"]["name"], "Second");
        assert_eq!(payload["session"]["state"], "ASSIGNED");
        assert_eq!(payload["session"]["operator"]["name"], "Bob");
        // Claiming does not read.
        assert_eq!(payload["session"]["unreadCount"], 1);
        assert_eq!(payload["session"]["isNew"], false);
        for name in ["First", "Third"] {
            assert_eq!(bob.claim_next(None).await["session"]["name"], name);
        }
    });
}

#[test]
fn the_same_idempotency_key_gives_the_first_answer() {
    play(async |world| {
        let ann = world.online("ann").await;
        for name in ["One", "Two"] {
            world.client(name).await.post("Hello").await;
        }
        let first = ann.claim_next(Some("k1")).await;
        let again = join_all((0..3).map(|_| ann.claim_next(Some("k1")))).await;
        for payload in again {
            assert_eq!(payload["session"]["id"], first["session"]["id"]);
        }
        assert_eq!(ann.group("MY").await.len(), 1);
        let second = ann.claim_next(Some("k2")).await;
        assert_ne!(second["session"]["id"], first["session"]["id"]);
        assert_eq!(code(&ann.claim_next(Some(&"k".repeat(101))).await), "INVALID");
    });
}

#[test]
fn a_claim_shows_in_the_dialog_and_claiming_what_is_mine_is_no_error() {
    play(async |world| {
        let ann = world.online("ann").await;
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        let first = ann.claim(&id).await;
        assert_eq!((code(&first), &first["session"]["operator"]["name"]), ("", &json!("Ann")));
        let again = ann.claim(&id).await;
        assert_eq!((code(&again), &again["session"]), ("", &first["session"]));
        let dialog = ann.dialog(&id).await;
        assert_eq!(texts(&dialog, "kind"), ["CLIENT", "EVENT"]);
        assert_eq!(dialog[1]["event"]["kind"], "CLAIMED");
        assert_eq!(dialog[1]["event"]["to"]["name"], "Ann");
        assert_eq!(dialog[1]["author"], json!({ "__typename": "Employee", "name": "Ann" }));
        assert!(!dialog[1]["text"].as_str().unwrap().is_empty());
        assert_eq!(dialog[1]["channel"], Value::Null);
    });
}

#[test]
fn replying_to_a_queued_session_claims_it_in_one_step() {
    play(async |world| {
        let (ann, bob) = (world.online("ann").await, world.online("bob").await);
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        let id = ann.waiting().await;
        let sent = ann.reply_as(&id, "Hi, Zoe", "r1", None).await;
        assert_eq!(code(&sent), "");
        assert_eq!(sent["session"]["operator"]["name"], "Ann");
        assert_eq!(sent["session"]["unreadCount"], 0);
        assert_eq!(sent["session"]["waitingSince"], Value::Null);
        assert_eq!(sent["message"]["kind"], "OPERATOR");
        let dialog = ann.dialog(&id).await;
        assert_eq!(texts(&dialog, "kind"), ["CLIENT", "EVENT", "OPERATOR"]);
        assert_eq!(field(&dialog, "seq"), [1, 2, 3]);
        let late = bob.reply(&id, "Hi").await;
        assert_eq!(code(&late), "ALREADY_CLAIMED");
        assert_eq!(late["claimedBy"]["name"], "Ann");
        assert_eq!((&late["message"], &late["session"]), (&Value::Null, &Value::Null));
        // A repeated send is the first one; another text under its id is refused.
        assert_eq!(ann.reply_as(&id, "Hi, Zoe", "r1", None).await["message"], sent["message"]);
        assert_eq!(code(&ann.reply_as(&id, "Bye", "r1", None).await), "KEY_REUSED");
        assert_eq!(texts(&zoe.conversation(None).await, "text"), ["Hello", "Hi, Zoe"]);
    });
}

#[test]
fn one_of_several_who_reply_at_once_gets_the_session() {
    play(async |world| {
        let mut people = Vec::new();
        for name in ["ann", "bob", "dan", "bea"] {
            people.push(world.online(name).await);
        }
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        let id = people[0].waiting().await;
        let sent = join_all(people.iter().map(|person| person.reply(&id, "Hi"))).await;
        let won = sent.iter().filter(|payload| code(payload).is_empty()).count();
        let lost = sent.iter().filter(|payload| code(payload) == "ALREADY_CLAIMED").count();
        assert_eq!((won, lost), (1, 3));
        assert_eq!(zoe.conversation(None).await.len(), 2);
    });
}

#[test]
fn an_operator_hands_their_own_session_over_and_it_leaves_their_sight() {
    play(async |world| {
        let (ann, bob) = (world.online("ann").await, world.online("bob").await);
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        let given = ann.assign(&id, &bob.id().await).await;
        assert_eq!((code(&given), &given["session"]), ("", &Value::Null));
        assert_eq!(ann.session(&id).await, Value::Null);
        assert!(ann.group("MY").await.is_empty());
        let theirs = bob.session(&id).await;
        assert_eq!(theirs["operator"]["name"], "Bob");
        assert_eq!(theirs["unreadCount"], 1);
        let event = &bob.dialog(&id).await[2]["event"];
        assert_eq!(
            *event,
            json!({
                "kind": "ASSIGNED", "from": { "name": "Ann" }, "to": { "name": "Bob" }, "name": null,
            })
        );
        // To who has it: nothing changes and it is no error.
        let again = bob.assign(&id, &bob.id().await).await;
        assert_eq!(
            (code(&again), again["session"]["version"].clone()),
            ("", theirs["version"].clone())
        );
    });
}

#[test]
fn a_supervisor_assigns_any_session_queued_ones_too() {
    play(async |world| {
        let (sue, ann, bob) =
            (world.online("sue").await, world.online("ann").await, world.online("bob").await);
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        let given = sue.assign(&id, &ann.id().await).await;
        assert_eq!((code(&given), &given["session"]["operator"]["name"]), ("", &json!("Ann")));
        let given = sue.assign(&id, &bob.id().await).await;
        assert_eq!((code(&given), &given["session"]["operator"]["name"]), ("", &json!("Bob")));
        assert_eq!(ann.session(&id).await, Value::Null);
    });
}

#[test]
fn assigning_is_refused_to_who_is_offline_or_no_operator_there() {
    play(async |world| {
        let ann = world.online("ann").await;
        for name in ["eve", "sue"] {
            world.online(name).await;
        }
        let bob = world.employee("bob").await;
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        for (name, wanted) in
            [("bob", "OPERATOR_OFFLINE"), ("eve", "NOT_AN_OPERATOR"), ("sue", "NOT_AN_OPERATOR")]
        {
            let refused = ann.assign(&id, &world.employee(name).await.id().await).await;
            assert_eq!(code(&refused), wanted, "{name}");
            assert_eq!(refused["userErrors"][0]["field"], json!(["employeeId"]), "{name}");
        }
        let stranger = world.employee("other/ann").await.id().await;
        for nobody in [stranger.as_str(), "nonsense"] {
            let refused = ann.assign(&id, nobody).await;
            assert_eq!(code(&refused), "NOT_FOUND");
            assert_eq!(refused["userErrors"][0]["field"], json!(["employeeId"]));
            // An operator who may not see the session learns nothing about the employee.
            let refused = bob.assign(&id, nobody).await;
            assert_eq!(code(&refused), "NOT_FOUND");
            assert_eq!(refused["userErrors"][0]["field"], Value::Null);
        }
        assert_eq!(ann.session(&id).await["operator"]["name"], "Ann");
    });
}

#[test]
fn a_returned_session_keeps_its_place_and_is_unread_as_a_whole() {
    play(async |world| {
        let ann = world.online("ann").await;
        for name in ["One", "Two"] {
            world.client(name).await.post("Hello").await;
        }
        let id = ann.waiting().await;
        ann.claim(&id).await;
        ann.reply(&id, "Hi").await;
        assert_eq!(ann.session(&id).await["unreadCount"], 0);
        let back = ann.give_back(&id, Some("For the evening")).await;
        assert_eq!((code(&back), &back["session"]["state"]), ("", &json!("QUEUED")));
        assert_eq!(back["session"]["unreadCount"], 1);
        assert_eq!(texts(&ann.group("QUEUE").await, "name"), ["One", "Two"]);
        let dialog = ann.dialog(&id).await;
        let event = &dialog[3]["event"];
        assert_eq!((&event["kind"], &event["from"]["name"]), (&json!("RETURNED"), &json!("Ann")));
        // A comment is for colleagues.
        assert_eq!(
            (&dialog[4]["kind"], &dialog[4]["text"]),
            (&json!("NOTE"), &json!("For the evening"))
        );
        let comment = "x".repeat(1001);
        ann.claim(&id).await;
        assert_eq!(code(&ann.give_back(&id, Some(&comment)).await), "INVALID");
    });
}

#[test]
fn returning_what_is_queued_changes_nothing_and_is_no_error() {
    play(async |world| {
        let sue = world.online("sue").await;
        world.client("Zoe").await.post("Hello").await;
        let id = sue.waiting().await;
        let before = sue.session(&id).await;
        let back = sue.give_back(&id, None).await;
        assert_eq!((code(&back), &back["session"]), ("", &before));
        assert_eq!(sue.dialog(&id).await.len(), 1);
    });
}

#[test]
fn who_may_not_act_on_a_session_is_told_why() {
    play(async |world| {
        let (ann, bob, sue, dan) = (
            world.online("ann").await,
            world.online("bob").await,
            world.online("sue").await,
            world.online("dan").await,
        );
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        let to = bob.id().await;
        // Queued: an operator may take it and no more.
        assert_eq!(code(&ann.note(&id, "x").await), "NOT_ASSIGNED");
        assert_eq!(code(&ann.assign(&id, &to).await), "NOT_ASSIGNED");
        assert_eq!(code(&ann.give_back(&id, None).await), "NOT_ASSIGNED");
        assert_eq!(code(&ann.close(&id, None).await), "NOT_ASSIGNED");
        // A supervisor who is no operator neither claims nor replies.
        assert_eq!(code(&sue.claim(&id).await), "FORBIDDEN");
        assert_eq!(code(&sue.reply(&id, "x").await), "FORBIDDEN");
        ann.claim(&id).await;
        assert_eq!(code(&sue.reply(&id, "x").await), "FORBIDDEN");
        // A supervisor who is also an operator learns that another has it.
        let late = dan.claim(&id).await;
        assert_eq!((code(&late), &late["claimedBy"]["name"]), ("ALREADY_CLAIMED", &json!("Ann")));
        assert_eq!(late["session"]["operator"]["name"], "Ann");
        assert_eq!(code(&dan.reply(&id, "x").await), "ALREADY_CLAIMED");
        // Of a session in other hands an operator learns only that it is taken, and only so.
        let late = bob.claim(&id).await;
        assert_eq!((code(&late), &late["session"]), ("ALREADY_CLAIMED", &Value::Null));
        assert_eq!(code(&bob.note(&id, "x").await), "NOT_FOUND");
        assert_eq!(code(&bob.close(&id, None).await), "NOT_FOUND");
        assert_eq!(code(&bob.read(&id, 1).await), "NOT_FOUND");
        // To people of elsewhere there is no such session.
        for name in ["eve", "other/ann", "ada", "kim"] {
            let person = world.online(name).await;
            assert_eq!(code(&person.claim(&id).await), "NOT_FOUND", "{name}");
            assert_eq!(code(&person.reply(&id, "x").await), "NOT_FOUND", "{name}");
        }
    });
}

#[test]
fn the_first_error_that_applies_is_the_one_reported() {
    play(async |world| {
        let (ann, sue) = (world.employee("ann").await, world.employee("sue").await);
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        // INVALID by the arguments alone, before a session that is not there.
        assert_eq!(code(&ann.reply("nonsense", "").await), "INVALID");
        assert_eq!(code(&ann.reply("nonsense", "x").await), "NOT_FOUND");
        // NOT_FOUND and FORBIDDEN before OPERATOR_OFFLINE.
        assert_eq!(code(&ann.claim("nonsense").await), "NOT_FOUND");
        assert_eq!(code(&sue.claim(&id).await), "FORBIDDEN");
        let offline = ann.claim(&id).await;
        assert_eq!(code(&offline), "OPERATOR_OFFLINE");
        assert_eq!(offline["userErrors"][0]["field"], Value::Null);
        // OPERATOR_OFFLINE before NOT_ASSIGNED, SESSION_CLOSED and ALREADY_CLAIMED.
        assert_eq!(code(&ann.give_back(&id, None).await), "OPERATOR_OFFLINE");
        assert_eq!(code(&ann.claim_next(None).await), "OPERATOR_OFFLINE");
        let bob = world.online("bob").await;
        bob.claim(&id).await;
        assert_eq!(code(&ann.claim(&id).await), "OPERATOR_OFFLINE");
        // A repeated key before everything but INVALID: even offline and after the close.
        let sent = bob.reply_as(&id, "Hi", "k1", None).await;
        bob.close(&id, None).await;
        bob.presence("OFFLINE").await;
        assert_eq!(code(&bob.note(&id, "x").await), "OPERATOR_OFFLINE");
        let again = bob.reply_as(&id, "Hi", "k1", None).await;
        assert_eq!((code(&again), &again["message"]), ("", &sent["message"]));
        assert_eq!(code(&bob.reply_as(&id, "Ho", "k1", None).await), "KEY_REUSED");
    });
}

#[test]
fn offline_people_look_and_change_nothing_but_read_marks() {
    play(async |world| {
        let ann = world.online("ann").await;
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        assert_eq!(ann.presence("OFFLINE").await["presence"], "OFFLINE");
        assert_eq!(ann.session(&id).await["operator"]["name"], "Ann");
        assert_eq!(code(&ann.reply(&id, "x").await), "OPERATOR_OFFLINE");
        assert_eq!(code(&ann.close(&id, None).await), "OPERATOR_OFFLINE");
        assert_eq!(code(&ann.read(&id, 1).await), "");
        assert_eq!(ann.badge().await, [0; 4]);
        assert_eq!(ann.presence("ONLINE").await["presence"], "ONLINE");
        assert_eq!(code(&ann.reply(&id, "x").await), "");
    });
}
