//! The limit of 200 open sessions for an operator in a live chat.

use std::collections::BTreeSet;

use futures::future::join_all;
use serde_json::{Value, json};
use tests::world::{Person, World, code, play, texts};

const MOST: usize = 200;

/// Lets so many clients write to Support.
async fn crowd(world: &World, count: usize) {
    let messages = (0..count).map(|number| {
        let from = json!({ "id": number.to_string(), "name": format!("Client {number}") });
        json!({ "messageId": number.to_string(), "from": from, "text": "Hello" })
    });
    let messages: Vec<Value> = messages.collect();
    for some in messages.chunks(20) {
        for (status, answer) in join_all(some.iter().map(|one| world.webhook(one))).await {
            assert_eq!(status, 200, "{answer}");
        }
    }
}

async fn claim_next_of(who: &Person, live_chat: &str) -> Value {
    let document = "mutation($l: ID!) { claimNextSession(liveChatId: $l) {
        session { id } userErrors { code } } }";
    who.act(document, json!({ "l": live_chat })).await
}

/// Returns the number of Ann's open sessions, as the live chat counts them.
async fn open(who: &Person, live_chat: &str) -> Value {
    let document = "query($l: ID!) { viewer { liveChat(id: $l) {
        operators { employee { name } openSessions } } } }";
    let data = who.get_with(document, json!({ "l": live_chat })).await;
    let operators = data["viewer"]["liveChat"]["operators"].as_array().unwrap();
    let ann = operators.iter().find(|one| one["employee"]["name"] == "Ann").unwrap();
    ann["openSessions"].clone()
}

/// Returns the ids of an operator's sessions, over all pages.
async fn mine(who: &Person) -> BTreeSet<String> {
    let document = "query($a: String) { viewer { sessions(first: 100, after: $a) {
        nodes { id } pageInfo { hasNextPage endCursor } } } }";
    let (mut ids, mut after) = (BTreeSet::new(), Value::Null);
    loop {
        let data = who.get_with(document, json!({ "a": after })).await;
        let page = &data["viewer"]["sessions"];
        ids.extend(texts(page["nodes"].as_array().unwrap(), "id"));
        if page["pageInfo"]["hasNextPage"] == false {
            return ids;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

#[test]
fn an_operator_has_200_open_sessions_of_a_live_chat_at_most_however_they_come() {
    play(async |world| {
        let (ann, sue) = (world.online("ann").await, world.online("sue").await);
        let [support, sales] = [world.live_chat("Support").await, world.live_chat("Sales").await];
        crowd(world, MOST + 4).await;
        for _ in 1..MOST {
            assert_eq!(code(&claim_next_of(&ann, &support).await), "");
        }
        // Of four claims at once, one gets the last place.
        let waiting = texts(&ann.group("QUEUE").await, "id");
        let claims = join_all(waiting[..4].iter().map(|id| ann.claim(id))).await;
        let mut codes: Vec<_> = claims.iter().map(code).collect();
        codes.sort_unstable();
        assert_eq!(codes, ["", "LIMIT", "LIMIT", "LIMIT"]);
        assert_eq!(open(&sue, &support).await, MOST);

        let next = sue.waiting().await;
        let before = sue.session(&next).await;
        for refused in [
            ann.claim(&next).await,
            claim_next_of(&ann, &support).await,
            ann.reply(&next, "Hi").await,
            sue.assign(&next, &ann.id().await).await,
        ] {
            assert_eq!(code(&refused), "LIMIT", "{refused}");
        }
        assert_eq!(sue.session(&next).await, before);
        // Claiming a session of one's own is no error.
        let all = mine(&ann).await;
        assert_eq!(all.len(), MOST);
        let first = all.first().unwrap();
        assert_eq!(code(&ann.claim(first).await), "");
        // Another live chat has a limit of its own.
        world.appoint("ann", "Sales", &["OPERATOR"]).await;
        world.client_of("Yan", "Sales").await.post("Hello").await;
        assert!(claim_next_of(&ann, &sales).await["session"]["id"].is_string());
        // Closing a session makes room for one.
        assert_eq!(code(&ann.close(first, None).await), "");
        assert_eq!(claim_next_of(&ann, &support).await["session"]["id"], next);
        assert_eq!(code(&claim_next_of(&ann, &support).await), "LIMIT");
        assert_eq!(open(&sue, &support).await, MOST);
    });
}
