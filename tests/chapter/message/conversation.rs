//! A client's side of a conversation: what they send, and what they read again.

use serde_json::{Value, json};
use tests::world::{CONVERSATION, Person, code, play, texts};

async fn post(who: &Person, live_chat: Value, text: &str, key: &str, quote: Value) -> String {
    let document = "mutation($l: ID, $t: String!, $k: String!, $q: ID) {
        postMessage(liveChatId: $l, text: $t, clientMessageId: $k, replyToId: $q) {
            message { id } userErrors { code field } } }";
    let variables = json!({ "l": live_chat, "t": text, "k": key, "q": quote });
    let payload = who.act(document, variables).await;
    assert_eq!(payload["message"].is_null(), !code(&payload).is_empty(), "{payload}");
    code(&payload).to_owned()
}

#[test]
fn of_several_reasons_against_a_clients_message_the_contracts_first_is_given() {
    play(async |world| {
        let kim = world.employee("kim").await;
        let support = json!(world.live_chat("Support").await);
        let me = kim.id().await;
        assert_eq!(post(&kim, support.clone(), "Once", "k1", Value::Null).await, "");
        // INVALID by the arguments alone, before a key that was used and a live chat that is not
        // there.
        for live_chat in [support.clone(), json!("nonsense")] {
            assert_eq!(post(&kim, live_chat, "", "k1", Value::Null).await, "INVALID");
        }
        // The quote is a part of what was sent, and KEY_REUSED comes before NOT_FOUND.
        let seen = kim.conversation(support.as_str()).await;
        for quote in [&seen[0]["id"], &json!("nonsense"), &json!(me)] {
            let again = post(&kim, support.clone(), "Once", "k1", quote.clone()).await;
            assert_eq!(again, "KEY_REUSED", "{quote}");
        }
        for wrong in ["", "nonsense", &me, &"x".repeat(5000)] {
            let (wrong, key) = (json!(wrong), "k2");
            let nowhere = post(&kim, wrong.clone(), "Hello", key, Value::Null).await;
            assert_eq!(nowhere, "NOT_FOUND", "{wrong}");
            assert_eq!(post(&kim, support.clone(), "Hello", key, wrong).await, "NOT_FOUND");
        }
        assert_eq!(kim.conversation(support.as_str()).await, seen);
    });
}

#[test]
fn a_client_quotes_nothing_of_another_client() {
    play(async |world| {
        let (zoe, yan) = (world.client("Zoe").await, world.client("Yan").await);
        let (mine, theirs) = (zoe.post("Mine").await, yan.post("Theirs").await);
        let quote = async |message: &Value, key: &str| {
            post(&zoe, Value::Null, "With this", key, message["id"].clone()).await
        };
        assert_eq!(quote(&theirs, "k1").await, "NOT_FOUND");
        assert_eq!(quote(&mine, "k2").await, "");
    });
}

#[test]
fn a_conversation_is_read_page_by_page_from_either_end_over_notes_and_events() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        for number in 1..=3 {
            zoe.post(&number.to_string()).await;
        }
        let id = ann.waiting().await;
        assert_eq!(code(&ann.claim(&id).await), "");
        assert_eq!(code(&ann.note(&id, "Counts").await), "");
        for number in 4..=7 {
            zoe.post(&number.to_string()).await;
        }
        let page = async |arguments: &str| {
            let document = format!(
                "{{ conversation {{ messages({arguments}) {{ nodes {{ text }}
                    edges {{ cursor node {{ text }} }}
                    pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }}"
            );
            zoe.get(&document).await["conversation"]["messages"].clone()
        };
        let said = |page: &Value| texts(page["nodes"].as_array().unwrap(), "text");
        let (mut forward, mut from) = (Vec::new(), String::new());
        let (mut backward, mut to) = (Vec::new(), String::new());
        loop {
            let next = page(&format!("first: 3 {from}")).await;
            let previous = page(&format!("last: 3 {to}")).await;
            forward.extend(said(&next));
            backward.splice(0..0, said(&previous));
            let more = next["pageInfo"]["hasNextPage"].clone();
            assert_eq!(previous["pageInfo"]["hasPreviousPage"], more);
            if more == false {
                break;
            }
            from = format!("after: {}", next["pageInfo"]["endCursor"]);
            to = format!("before: {}", previous["pageInfo"]["startCursor"]);
        }
        assert_eq!(forward, ["1", "2", "3", "4", "5", "6", "7"]);
        assert_eq!(backward, forward);

        let first = page("first: 2").await;
        let edges = first["edges"].as_array().unwrap();
        assert_eq!(texts(edges, "cursor").len(), 2);
        assert_eq!(edges[1]["node"]["text"], "2");
        let (start, end) = (&edges[0]["cursor"], &edges[1]["cursor"]);
        let info = json!({ "hasNextPage": true, "hasPreviousPage": false,
            "startCursor": start, "endCursor": end });
        assert_eq!(first["pageInfo"], info);
        assert_eq!(said(&page(&format!("first: 2 after: {end}")).await), ["3", "4"]);
        let last = page("last: 2").await;
        assert_eq!(said(&last), ["6", "7"]);
        assert_eq!(last["pageInfo"]["hasNextPage"], false);
        assert_eq!(last["pageInfo"]["hasPreviousPage"], true);
    });
}

#[test]
fn without_a_number_a_client_hears_what_comes_from_now_on() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        zoe.post("Before").await;
        let id = ann.waiting().await;
        world.settle(&[]).await;
        let socket = zoe.socket().await;
        let mut live = socket.subscribe(CONVERSATION, json!({}));
        world.followed_as_client(&id, 1).await;
        assert_eq!(code(&ann.reply(&id, "Now").await), "");
        let heard = live.entry().await;
        assert_eq!((&heard["seq"], &heard["text"]), (&json!(2), &json!("Now")));
        world.settle(&[&socket]).await;
        assert!(live.rest_of_entries().is_empty());
    });
}
