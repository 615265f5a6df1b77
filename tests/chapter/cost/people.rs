//! The cost of a push, with ten operators online and with four hundred.

use domain::Roles;
use serde_json::{Value, json};
use tests::meter::Usage;
use tests::scheduler::paused;
use tests::service::{Company, Post, Service};

/// A desk as a page follows it.
const DESK: &str = "subscription { desk { counters { version workspaceBadge }
    changes { kind session { id version unreadCount } removedId by { name } version }
    alerts { id kind session { id } message { id text } at } presence { id presence } } }";

/// A company with an operator, a supervisor, and more operators, all of them online at their desks.
struct Desks {
    service: Service,
    company: Company,
}

/// The cost of the pushes of one batch.
struct Cost {
    used: Usage,
    documents: u64,
    posts: Vec<Post>,
}

impl Desks {
    async fn new(more: usize, document: &str) -> Self {
        let service = Service::new().await;
        let company = Company::new(&service, "acme").await;
        let desks = Self { service, company };
        desks.sit_down("ann", Roles::OPERATOR, document).await;
        desks.sit_down("sue", Roles::SUPERVISOR, document).await;
        for number in 0..more {
            desks.sit_down(&format!("operator{number}"), Roles::OPERATOR, document).await;
        }
        desks.pushed().await;
        desks
    }

    async fn sit_down(&self, name: &str, roles: Roles, document: &str) {
        let token = self.company.member(&self.service, name, roles).await;
        self.service.connect(name, &token).await;
        self.service.subscribe(name, "1", &json!({ "query": document })).await;
    }

    /// Pushes what has happened.
    async fn pushed(&self) -> Cost {
        let (service, before) = (&self.service, self.service.app.graphql.pushes());
        let _ = (service.gateway.take(), service.meter.take());
        assert_eq!(service.fan_out().await, json!({ "batchItemFailures": [] }));
        let documents = service.app.graphql.pushes() - before;
        Cost { used: service.meter.take(), documents, posts: service.gateway.take() }
    }

    async fn write(&self, number: usize) -> Cost {
        self.company.write(&self.service, "carl", number).await;
        self.pushed().await
    }
}

impl Cost {
    /// Returns the connections of the posts, with the number of parts of each that are not empty.
    fn posted(&self) -> Vec<(&str, Vec<&str>)> {
        let parts = ["counters", "changes", "alerts", "presence"];
        let is_there = |update: &Value, part: &str| match &update[part] {
            Value::Null => false,
            Value::Array(list) => !list.is_empty(),
            _ => true,
        };
        let mut posted: Vec<_> = self
            .posts
            .iter()
            .map(|post| {
                let update = &post.frame["payload"]["data"]["desk"];
                let found = parts.into_iter().filter(|part| is_there(update, part)).collect();
                (post.connection.as_str(), found)
            })
            .collect();
        posted.sort_unstable();
        posted
    }
}

#[test]
fn a_message_costs_what_those_whom_it_concerns_cost() {
    paused(async {
        let mut trips = Vec::new();
        for more in [10, 400] {
            let desks = Desks::new(more, DESK).await;
            desks.write(1).await;
            desks.company.claim(&desks.service, "ann", "carl").await;
            desks.pushed().await;
            let cost = desks.write(2).await;
            let posted = [("ann", vec!["changes", "alerts"]), ("sue", vec!["changes"])];
            assert_eq!((cost.posted().as_slice(), cost.documents), (&posted[..], 2));
            // Of all others, only the roles are read: about nine units of four hundred members.
            assert!(cost.used.round_trips <= 12 && cost.used.read_units <= 15.0, "{}", cost.used);
            trips.push(cost.used.round_trips);
        }
        assert_eq!(trips[0], trips[1]);
    })
    .unwrap();
}

#[test]
fn a_new_session_is_one_frame_for_each_member() {
    paused(async {
        let desks = Desks::new(198, DESK).await;
        let opened = desks.write(1).await;
        assert_eq!((opened.posts.len(), opened.documents), (200, 200), "{}", opened.used);
        let everything = vec!["counters", "changes", "alerts"];
        assert_eq!(opened.posted().first(), Some(&("ann", everything)));
        assert_eq!(opened.posted().last(), Some(&("sue", vec!["counters", "changes"])));
        // The counters of each are read by themselves, everything else at once.
        assert!(opened.used.round_trips <= 200 + 10, "{}", opened.used);
    })
    .unwrap();
}

#[test]
fn what_concerns_nobody_at_a_desk_is_read_for_nobody() {
    paused(async {
        let desks = Desks::new(100, DESK).await;
        let other = Company::named(&desks.service, "acme", "sales").await;
        other.member(&desks.service, "eve", Roles::OPERATOR).await;
        other.write(&desks.service, "dora", 1).await;
        let cost = desks.pushed().await;
        assert_eq!((cost.posts.len(), cost.documents), (0, 0));
        assert!(cost.used.round_trips <= 5 && cost.used.read_units <= 5.0, "{}", cost.used);
    })
    .unwrap();
}
