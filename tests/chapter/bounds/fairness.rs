//! One who follows much: what it costs is bounded, and others hear in the same batch.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::scheduler::paused;
use tests::service::{Company, Post, Service};
use tests::world::ALERTS;

/// The most operations of one person that get the same event.
const MOST_OF_PERSON: usize = 100;
const SOCKETS: usize = 5;
const OPERATIONS: usize = 100;

/// A document like no other, that says the same: by its aliases, its spaces or its variables.
fn document(number: usize) -> Value {
    let spaces = " ".repeat(number);
    match number % 3 {
        0 => json!({ "query":
            format!("subscription {{ conversationMessages {{ m{number}: text }} }}") }),
        1 => json!({ "query":
            format!("subscription {{ {spaces}conversationMessages {{ text }} }}") }),
        _ => json!({ "query": "subscription { conversationMessages { text } }",
            "variables": { "unused": number } }),
    }
}

/// Opens as many connections of a client as they may have, each with as many operations as it may have.
async fn follow_much(service: &Service, company: &Company, client: &str) {
    let token = company.client_token(service, client);
    for socket in 0..SOCKETS {
        let connection = format!("{client}-{socket}");
        service.connect(&connection, &token).await;
        for operation in 0..OPERATIONS {
            let payload = document(socket * OPERATIONS + operation);
            service.subscribe(&connection, &operation.to_string(), &payload).await;
        }
    }
}

/// Opens three connections of an employee, each with as many operations at the desk as it may have.
async fn count_much(service: &Service, name: &str, token: &str) {
    for socket in 0..3 {
        let connection = format!("{name}-{socket}");
        service.connect(&connection, token).await;
        for operation in 0..OPERATIONS {
            let query = format!("subscription {{ counters {{ c{operation}: queue }} }}");
            let payload = json!({ "query": query });
            service.subscribe(&connection, &operation.to_string(), &payload).await;
        }
    }
}

/// Returns the number of operations that follow a client's side of their conversation.
async fn following(service: &Service, company: &Company, client: &str) -> usize {
    service.app.store.subscriptions(&company.side_of(client)).await.unwrap().len()
}

/// Returns the number of documents that were run for a batch, and the frames that were posted.
async fn fanned_out(service: &Service) -> (u64, Vec<Post>) {
    let (before, _) = (service.app.graphql.pushes(), service.gateway.take());
    assert_eq!(service.fan_out().await, json!({ "batchItemFailures": [] }));
    (service.app.graphql.pushes() - before, service.gateway.take())
}

#[test]
fn what_a_client_with_five_hundred_operations_costs_is_bounded_and_others_hear_in_the_same_batch() {
    paused(async {
        let service = Service::new().await;
        let acme = Company::new(&service, "acme").await;
        let globex = Company::new(&service, "globex").await;
        let token = globex.operator(&service, "ann").await;
        service.connect("ann", &token).await;
        service.subscribe("ann", "1", &json!({ "query": ALERTS })).await;
        follow_much(&service, &acme, "carl").await;
        assert_eq!(following(&service, &acme, "carl").await, SOCKETS * OPERATIONS);
        acme.write(&service, "carl", 0).await;
        globex.write(&service, "zoe", 0).await;
        let (run, posts) = fanned_out(&service).await;
        // One more is the alert.
        assert_eq!(run, MOST_OF_PERSON as u64 + 1);
        let of =
            |who: &'static str| posts.iter().filter(move |post| post.connection.starts_with(who));
        assert_eq!(of("carl").filter(|post| post.is_next()).count(), MOST_OF_PERSON);
        let excess = SOCKETS * OPERATIONS - MOST_OF_PERSON;
        assert_eq!(of("carl").filter(|post| post.code() == "RATE_LIMITED").count(), excess);
        assert_eq!(of("ann").filter(|post| post.is_next()).count(), 1);
        assert_eq!(posts.len(), MOST_OF_PERSON + excess + 1);
        let place = posts.iter().position(|post| post.connection == "ann");
        assert!(place.is_some_and(|place| place < 32), "the other company waits: {place:?}");
        assert_eq!(following(&service, &acme, "carl").await, MOST_OF_PERSON);
        // From then on nothing is too much.
        acme.write(&service, "carl", 1).await;
        let (run, posts) = fanned_out(&service).await;
        assert_eq!((run, posts.len()), (MOST_OF_PERSON as u64, MOST_OF_PERSON));
        assert!(posts.iter().all(Post::is_next));
    })
    .unwrap();
}

#[test]
fn what_an_employee_with_three_hundred_operations_costs_is_bounded_and_colleagues_hear() {
    paused(async {
        let service = Service::new().await;
        let acme = Company::new(&service, "acme").await;
        let ann = acme.operator(&service, "ann").await;
        let bob = acme.operator(&service, "bob").await;
        // Nobody subscribes yet: the fan-out pushes their memberships to nobody.
        fanned_out(&service).await;
        count_much(&service, "ann", &ann).await;
        let refused = service.gateway.take();
        let refused = refused.iter().filter(|post| post.code() == "RATE_LIMITED").count();
        assert_eq!(refused, 3 * OPERATIONS - MOST_OF_PERSON);
        service.connect("bob", &bob).await;
        service.subscribe("bob", "1", &json!({ "query": ALERTS })).await;
        fanned_out(&service).await;
        for client in ["carl", "dora"] {
            acme.write(&service, client, 0).await;
            let (run, posts) = fanned_out(&service).await;
            assert_eq!((run, posts.len()), (MOST_OF_PERSON as u64 + 1, MOST_OF_PERSON + 1));
            assert!(posts.iter().all(Post::is_next));
            assert_eq!(posts.iter().filter(|post| post.connection == "bob").count(), 1);
        }
    })
    .unwrap();
}

#[test]
fn a_tenant_whose_push_fails_is_pushed_to_again_and_the_others_once() {
    paused(async {
        let service = Service::new().await;
        let companies =
            [Company::new(&service, "acme").await, Company::new(&service, "globex").await];
        for (company, name) in companies.iter().zip(["ann", "bob"]) {
            let token = company.operator(&service, name).await;
            service.connect(name, &token).await;
            service.subscribe(name, "1", &json!({ "query": ALERTS })).await;
        }
        fanned_out(&service).await;
        let [acme, globex] = &companies;
        globex.write(&service, "carl", 0).await;
        acme.write(&service, "dora", 0).await;
        globex.write(&service, "emil", 0).await;
        let posted = || {
            let posts = service.gateway.take();
            posts.into_iter().map(|post| post.connection).collect::<Vec<_>>()
        };
        service.outage.begin("acme");
        let answer = service.fan_out().await;
        assert_eq!(answer["batchItemFailures"].as_array().unwrap().len(), 1, "{answer}");
        assert_eq!(posted(), ["bob", "bob"]);
        service.outage.end();
        assert_eq!(service.fan_out().await, json!({ "batchItemFailures": [] }));
        assert_eq!(posted(), ["ann"]);
    })
    .unwrap();
}

#[test]
fn each_document_of_the_five_hundred_is_another() {
    let all = (0..SOCKETS * OPERATIONS).map(|number| document(number).to_string());
    assert_eq!(all.collect::<BTreeSet<_>>().len(), SOCKETS * OPERATIONS);
}
