//! Tickets for sockets, where they are required.

use functions::identity::TICKET_SECONDS;
use local::run::Options;
use reqwest::Method;
use serde_json::Value;
use tests::world::{Wire, World, play, play_ahead_in};

const PROTOCOL: &str = "graphql-transport-ws";

/// Asks for a ticket with the value of an `Authorization` header.
async fn ask(world: &World, authorization: Option<&str>) -> (u16, Value) {
    let mut request = world.http().post(world.url("/socket/ticket"));
    if let Some(authorization) = authorization {
        request = request.header("Authorization", authorization);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

/// The ticket of somebody.
async fn ticket(world: &World, token: &str) -> String {
    let (status, answer) = ask(world, Some(&format!("Bearer {token}"))).await;
    assert_eq!(status, 200, "{answer}");
    answer["ticket"].as_str().unwrap().to_owned()
}

/// The status of a handshake with this query.
async fn opened(world: &World, query: &str) -> u16 {
    match Wire::open_at(world.address(), &format!("/graphql{query}"), Some(PROTOCOL)).await {
        Ok(_) => 101,
        Err(status) => status,
    }
}

#[test]
fn where_tickets_are_required_a_socket_opens_with_one_only() {
    let options = Options { needs_ticket: true, ..Options::default() };
    play_ahead_in(options, async |world, clock| {
        let ann = world.employee("ann").await.token.unwrap();
        let client = world.client("Max").await.token.unwrap();
        assert_eq!(opened(world, "").await, 401);
        // A token is no ticket: it may not stand in an address.
        for wrong in ["", "nonsense", &ann, &client] {
            assert_eq!(opened(world, &format!("?ticket={wrong}")).await, 401, "{wrong}");
        }
        for holder in [&ann, &client] {
            let ticket = ticket(world, holder).await;
            assert_eq!(opened(world, &format!("?ticket={ticket}")).await, 101);
            assert_eq!(opened(world, &format!("?tickets={ticket}")).await, 401);
            // It opens a socket and says nothing of who that is: it is no token.
            let (status, _) = ask(world, Some(&format!("Bearer {ticket}"))).await;
            assert_eq!(status, 401);
        }
        let old = ticket(world, &ann).await;
        clock.pass(TICKET_SECONDS.cast_unsigned() * 1000);
        assert_eq!(opened(world, &format!("?ticket={old}")).await, 401);
    });
}

#[test]
fn a_ticket_is_given_to_who_is_signed_in() {
    play(async |world| {
        for authorization in [None, Some("Bearer nonsense"), Some("nonsense"), Some("")] {
            let (status, answer) = ask(world, authorization).await;
            assert_eq!((status, &answer["error"]["code"]), (401, &"UNAUTHENTICATED".into()));
        }
        let ann = world.employee("ann").await.token.unwrap();
        // Where none is required, one does no harm.
        let ticket = ticket(world, &ann).await;
        assert_eq!(opened(world, &format!("?ticket={ticket}")).await, 101);
        assert_eq!(opened(world, "").await, 101);
        // Pages of other origins ask for one.
        let url = world.url("/socket/ticket");
        let response = world.http().request(Method::OPTIONS, &url).send().await.unwrap();
        assert_eq!(response.status(), 204);
        let allowed = response.headers()["access-control-allow-headers"].to_str().unwrap();
        assert!(allowed.split(", ").any(|name| name == "authorization"), "{allowed}");
        assert_eq!(world.http().get(&url).send().await.unwrap().status(), 404);
    });
}
