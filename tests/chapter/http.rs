//! GraphQL over HTTP, and who is asking.

mod fault;

use functions::identity::Employee;
use serde_json::json;
use tests::world::{World, play};

const SOMEBODY: &str = "{ viewer { id } }";

fn expired(world: &World) -> String {
    let ann = Employee { id: "ann".to_owned(), name: "Ann".to_owned(), is_administrator: false };
    world.running.app.identity.signer().unwrap().sign_employee("demo", ann, 1).unwrap()
}

#[test]
fn a_query_that_needs_somebody_is_401_without_a_token() {
    play(async |world| {
        let nobody = world.holder("nobody", None);
        for document in [
            SOMEBODY,
            "{ node(id: \"x\") { id } }",
            "{ conversation { id } }",
            "mutation { claimNextSession { session { id } } }",
            "mutation { postMessage(text: \"x\", clientMessageId: \"1\") { message { id } } }",
        ] {
            let answer = nobody.send_document(document, json!({})).await;
            assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"), "{document}");
            let id = &answer.body["errors"][0]["extensions"]["requestId"];
            assert!(id.as_str().is_some_and(|id| !id.is_empty()), "{}", answer.text);
        }
    });
}

#[test]
fn typename_and_introspection_answer_without_a_token() {
    play(async |world| {
        let nobody = world.holder("nobody", None);
        let answer = nobody.send_document("{ __typename }", json!({})).await;
        assert_eq!(answer.status, 200);
        assert!(answer.media.starts_with("application/graphql-response+json"), "{}", answer.media);
        assert_eq!(answer.data()["__typename"], "Query");
        let document = "{ __schema { queryType { name } types { name } } }";
        assert_eq!(nobody.get(document).await["__schema"]["queryType"]["name"], "Query");
    });
}

#[test]
fn an_expired_token_is_told_apart_from_a_wrong_one() {
    play(async |world| {
        for (token, wanted) in [
            (expired(world), "TOKEN_EXPIRED"),
            ("nonsense".to_owned(), "UNAUTHENTICATED"),
            (format!("{}x", world.employee("ann").await.token.unwrap()), "UNAUTHENTICATED"),
        ] {
            let holder = world.holder("ann", Some(token));
            let answer = holder.send_document(SOMEBODY, json!({})).await;
            assert_eq!((answer.status, answer.code()), (401, wanted));
            // A token that is not accepted is never as good as none.
            assert_eq!(holder.send_document("{ __typename }", json!({})).await.status, 401);
        }
    });
}

#[test]
fn get_is_for_queries_only() {
    play(async |world| {
        let get = async |query: &str| {
            let url = world.url(&format!("/graphql?query={query}"));
            let request =
                world.http().get(url).header("accept", "application/graphql-response+json");
            request.send().await.unwrap()
        };
        assert_eq!(get("%7B__typename%7D").await.status().as_u16(), 200);
        let mutation = "mutation%7BsetPresence(presence:ONLINE)%7Bemployee%7Bid%7D%7D%7D";
        let refused = get(mutation).await;
        assert_eq!(refused.status().as_u16(), 405);
        assert!(refused.headers()["allow"].to_str().unwrap().contains("POST"));
    });
}

#[test]
fn wrong_requests_are_told_so_without_an_entry_data() {
    play(async |world| {
        let ann = world.employee("ann").await;
        for document in ["{", "{ nonsense }", "subscription { counters { id } }", "{ viewer }"] {
            let answer = ann.send_document(document, json!({})).await;
            assert_eq!((answer.status, answer.code()), (400, "BAD_USER_INPUT"), "{}", answer.text);
            assert!(answer.body.get("data").is_none(), "{}", answer.text);
        }
        for (body, media, status) in [
            ("nonsense", "application/json", 400),
            ("[]", "application/json", 400),
            ("{\"query\": \"{ __typename }\"}", "text/plain", 415),
            ("{\"query\": \"{ __typename }\"}", "application/json", 200),
        ] {
            let request = world.http().post(world.url("/graphql")).header("content-type", media);
            let answer = request.body(body).send().await.unwrap();
            assert_eq!(answer.status().as_u16(), status, "{body}");
        }
        let request = world.http().post(world.url("/graphql")).header("accept", "text/html");
        let request = request.json(&json!({ "query": "{ __typename }" }));
        assert_eq!(request.send().await.unwrap().status().as_u16(), 406);
    });
}

#[test]
fn a_document_that_asks_for_too_much_is_refused() {
    play(async |world| {
        let ann = world.employee("ann").await;
        let wide: String = (0..200)
            .map(|n| format!("a{n}: sessions(first: 100) {{ nodes {{ id name }} }} "))
            .collect();
        let answer = ann.send_document(&format!("{{ viewer {{ {wide} }} }}"), json!({})).await;
        assert_eq!(answer.code(), "TOO_COMPLEX", "{}", answer.text);
        let deep = format!(
            "{{ viewer {{ {} id {} }} }}",
            "sessions(first: 1) { nodes { client { ".repeat(8),
            "} } } ".repeat(8)
        );
        let answer = ann.send_document(&deep, json!({})).await;
        assert_eq!(answer.code(), "TOO_COMPLEX", "{}", answer.text);
    });
}

#[test]
fn the_home_page_offers_the_demo_people() {
    play(async |world| {
        let page = world.http().get(world.url("/")).send().await.unwrap().text().await.unwrap();
        for name in
            ["ann", "bob", "sue", "dan", "eve", "bea", "ada", "kim", "other/ann", "/graphiql"]
        {
            assert!(page.contains(name), "{name}");
        }
        let page = world.http().get(world.url("/graphiql")).send().await.unwrap();
        assert_eq!(page.status().as_u16(), 200);
        let nobody = world.http().get(world.url("/dev/token?as=nobody")).send().await.unwrap();
        assert_eq!(nobody.status().as_u16(), 404);
    });
}
