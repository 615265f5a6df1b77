//! Those who take the next session, or one that they looked at.

use futures::future::join_all;
use serde_json::{Value, json};
use tests::world::{Person, code, play, texts};

async fn next(who: &Person, live_chat: Option<&str>, key: Option<&str>) -> Value {
    let document = "mutation($l: ID, $k: String) {
        claimNextSession(liveChatId: $l, idempotencyKey: $k) {
            session { id name } userErrors { code field } } }";
    who.act(document, json!({ "l": live_chat, "k": key })).await
}

#[test]
fn who_may_not_take_the_next_is_told_why_and_the_first_answer_stays() {
    play(async |world| {
        let (ann, bob, sue) =
            (world.online("ann").await, world.online("bob").await, world.online("sue").await);
        let support = world.live_chat("Support").await;
        for name in ["One", "Two"] {
            world.client(name).await.post("Hello").await;
        }
        for presence in ["OFFLINE", "ONLINE"] {
            sue.presence(presence).await;
            assert_eq!(code(&next(&sue, Some(&support), None).await), "FORBIDDEN", "{presence}");
        }
        for wrong in [String::new(), "k".repeat(101)] {
            let refused = next(&ann, None, Some(&wrong)).await;
            assert_eq!(code(&refused), "INVALID");
            assert_eq!(refused["userErrors"][0]["field"], json!(["idempotencyKey"]));
        }

        let all = join_all((0..10).map(|_| next(&ann, Some(&support), Some("key")))).await;
        let first = &all[0]["session"];
        assert_eq!(first["name"], "One");
        assert!(all.iter().all(|one| one["session"] == *first), "{all:?}");
        assert_eq!(texts(&ann.group("MY").await, "name"), ["One"]);
        // The key of one person is nothing to another.
        let his = next(&bob, Some(&support), Some("key")).await;
        assert_eq!(his["session"]["name"], "Two");
        ann.presence("OFFLINE").await;
        assert_eq!(next(&ann, Some(&support), Some("key")).await["session"], *first);
        ann.presence("ONLINE").await;
        let id = first["id"].as_str().unwrap();
        assert_eq!(code(&sue.assign(id, &bob.id().await).await), "");
        let again = next(&ann, Some(&support), Some("key")).await;
        assert_eq!((code(&again), &again["session"]), ("", &Value::Null), "out of her sight");
    });
}

#[test]
fn one_that_is_looked_at_stays_in_the_queue() {
    play(async |world| {
        let (bob, sue) = (world.online("bob").await, world.employee("sue").await);
        world.client("Zoe").await.post("Hello").await;
        let id = bob.waiting().await;
        let before = sue.session(&id).await;
        assert_eq!(texts(&bob.dialog(&id).await, "text"), ["Hello"]);
        let seen = bob.session(&id).await;
        assert_eq!((&seen["state"], &seen["isNew"]), (&json!("QUEUED"), &json!(true)));
        assert_eq!(sue.session(&id).await, before);
        let claimed = bob.claim(&id).await;
        assert_eq!((code(&claimed), &claimed["claimedBy"]), ("", &Value::Null));
        assert_eq!(claimed["session"]["isNew"], false);
    });
}

#[test]
fn of_a_claim_a_reply_and_a_call_for_the_next_one_wins() {
    play(async |world| {
        let [ann, bob, bea, sue] = [
            world.online("ann").await,
            world.online("bob").await,
            world.online("bea").await,
            world.online("sue").await,
        ];
        let dans = world.online("dan").await.id().await;
        for round in 0..6 {
            world.client(&format!("Zoe {round}")).await.post("Hello").await;
            let id = sue.waiting().await;
            let (claimed, sent, taken, given) = tokio::join!(
                ann.claim(&id),
                bob.reply(&id, "I have it"),
                bea.claim_next(None),
                sue.assign(&id, &dans)
            );
            assert_eq!(code(&given), "", "{given}");
            let won = [&claimed, &sent, &taken]
                .into_iter()
                .filter(|payload| code(payload).is_empty() && payload["session"].is_object());
            let dialog = sue.dialog(&id).await;
            let claims = dialog.iter().filter(|entry| entry["event"]["kind"] == "CLAIMED").count();
            assert!(claims <= 1, "{dialog:?}");
            assert_eq!(won.count(), claims, "{claimed} {sent} {taken}");
            // A supervisor gives away what is taken, too.
            assert_eq!(sue.session(&id).await["operator"]["name"], "Dan");
        }
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
