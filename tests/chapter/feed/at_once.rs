//! Pushes from the request itself, before the stream delivers what it has committed.

use std::cell::Cell;
use std::time::Duration;

use domain::Roles;
use serde_json::{Value, json};
use tests::service::{Company, Post, Service};
use tokio::join;
use tokio::task::yield_now;

/// More than any push takes, however busy the machine.
const LONG: Duration = Duration::from_secs(60);
const DESK: &str = "subscription { desk { counters { version } changes { kind session { id } }
    alerts { kind } } }";
const DIALOG: &str = "subscription($id: ID!) { messages(sessionId: $id) { seq text } }";
const SEND: &str = "mutation($id: ID!, $text: String!) {
    sendMessage(sessionId: $id, text: $text, clientMessageId: $text) { userErrors { code } } }";
const CLAIM: &str = "mutation { claimNextSession { session { id } userErrors { code } } }";

/// A company whose operator Ann has a session of Carl's, with her desk and the dialog open, and whose
/// supervisor Sue has her desk open.
struct Chat {
    service: Service,
    company: Company,
    session: String,
}

impl Chat {
    async fn new() -> Self {
        let mut service = Service::new().await;
        service.app = service.app.pushing_at_once(Some(LONG));
        let company = Company::new(&service, "acme").await;
        let mut chat = Self { service, company, session: String::new() };
        chat.sit_down("ann", Roles::OPERATOR).await;
        chat.sit_down("sue", Roles::SUPERVISOR).await;
        chat.company.write(&chat.service, "carl", 1).await;
        chat.company.claim(&chat.service, "ann", "carl").await;
        chat.streamed().await;
        chat.session = chat.company.session_of(&chat.service, "carl").await;
        let payload = json!({ "query": DIALOG, "variables": { "id": chat.session } });
        chat.service.subscribe("ann", "dialog", &payload).await;
        // Everything that was written so far is pushed by now.
        chat.service.clock.pass(60_000);
        chat
    }

    async fn sit_down(&self, name: &str, roles: Roles) {
        let token = self.company.member(&self.service, name, roles).await;
        self.service.connect(name, &token).await;
        self.service.subscribe(name, "desk", &json!({ "query": DESK })).await;
    }

    /// Executes an operation over a person's socket, and returns all posts before its end.
    async fn ask(&self, name: &str, query: &str, variables: Value) -> Vec<Post> {
        let _ = self.service.gateway.take();
        let payload = json!({ "query": query, "variables": variables });
        self.service.subscribe(name, "once", &payload).await;
        self.service.gateway.take()
    }

    /// Sends Ann's answer, and returns what is pushed before the mutation is answered.
    async fn send(&self, text: &str) -> Vec<Post> {
        let posts = self.ask("ann", SEND, json!({ "id": self.session, "text": text })).await;
        let is_answer = |post: &Post| post.frame["id"] == "once";
        let answer = posts.iter().find(|post| is_answer(post)).map(|post| &post.frame["payload"]);
        let errors = answer.and_then(|answer| answer.pointer("/data/sendMessage/userErrors"));
        assert_eq!(errors, Some(&json!([])), "{posts:?}");
        posts.into_iter().filter(|post| !is_answer(post)).collect()
    }

    /// Lets Ann claim the session of a new client, which concerns everybody, because everybody's counter
    /// falls. Returns the round trips of the stream's consumer, which pushes it.
    async fn claimed_by_stream(&self, client: &str) -> u64 {
        self.company.write(&self.service, client, 1).await;
        self.streamed().await;
        self.service.clock.pass(60_000);
        let posts = self.ask("ann", CLAIM, json!({})).await;
        assert_eq!(posts.iter().filter(|post| post.frame["id"] == "desk").count(), 0);
        let _ = self.service.meter.take();
        assert_eq!(self.streamed().await.len(), 42);
        self.service.meter.take().round_trips
    }

    /// Returns what is pushed from the stream.
    async fn streamed(&self) -> Vec<Post> {
        let _ = self.service.gateway.take();
        assert_eq!(self.service.fan_out().await, json!({ "batchItemFailures": [] }));
        self.service.gateway.take()
    }
}

/// Returns the connections and operations of posts, in an order of their own.
fn targets(posts: &[Post]) -> Vec<(&str, &str)> {
    let mut targets: Vec<_> =
        posts.iter().map(|post| (post.connection.as_str(), post.operation())).collect();
    targets.sort_unstable();
    targets
}

/// Returns the texts of a dialog's posts.
fn texts(posts: &[Post]) -> Vec<&str> {
    let text = "/payload/data/messages/text";
    posts.iter().filter_map(|post| post.frame.pointer(text)?.as_str()).collect()
}

const EVERYBODY: [(&str, &str); 3] = [("ann", "desk"), ("ann", "dialog"), ("sue", "desk")];

#[tokio::test]
async fn a_change_is_pushed_before_its_request_is_answered_and_no_second_time() {
    let chat = Chat::new().await;
    for text in ["one", "two"] {
        let posts = chat.send(text).await;
        assert_eq!((targets(&posts), texts(&posts)), (EVERYBODY.to_vec(), vec![text]));
    }
    let _ = chat.service.meter.take();
    assert_eq!(chat.streamed().await, []);
    // The stream's consumer reads one note, and nobody's roles or subscriptions. A look for
    // subscriptions of an older version may come with it.
    let used = chat.service.meter.take();
    assert!(used.round_trips <= 2 && used.write_units == 0.0, "{used}");
}

#[tokio::test]
async fn the_stream_waits_for_a_request_that_pushes() {
    let chat = Chat::new().await;
    let _ = chat.service.gateway.take();
    let payload = json!({ "query": SEND, "variables": { "id": chat.session, "text": "one" } });
    let is_answered = Cell::new(false);
    let request = async {
        chat.service.subscribe("ann", "once", &payload).await;
        is_answered.set(true);
    };
    // The stream's consumer is quicker than the request's note: it takes each record as it is written.
    let consumer = async {
        while !is_answered.get() {
            assert_eq!(chat.service.fan_out().await, json!({ "batchItemFailures": [] }));
            yield_now().await;
        }
    };
    join!(request, consumer);
    chat.service.fan_out().await;
    let pushed: Vec<Post> =
        chat.service.gateway.take().into_iter().filter(|post| post.operation() != "once").collect();
    assert_eq!((targets(&pushed), texts(&pushed)), (EVERYBODY.to_vec(), vec!["one"]));
}

#[tokio::test]
async fn a_change_that_is_not_noted_as_pushed_is_pushed_once_more() {
    let chat = Chat::new().await;
    chat.service.outage.begin_for_writes("M#acme");
    let first = chat.send("one").await;
    chat.service.outage.end();
    // Longer than the request may take.
    chat.service.clock.pass(60_000);
    let again = chat.streamed().await;
    assert_eq!((targets(&first), targets(&again)), (EVERYBODY.to_vec(), EVERYBODY.to_vec()));
    assert_eq!((texts(&first), texts(&again)), (vec!["one"], vec!["one"]));
}

#[tokio::test]
async fn an_entry_does_not_overtake_the_one_before_it() {
    let chat = Chat::new().await;
    // By another function, which leaves it to the stream.
    chat.company.write(&chat.service, "carl", 2).await;
    assert_eq!(chat.send("answer").await, []);
    assert_eq!(texts(&chat.streamed().await), ["Hello", "answer"]);
    // The stream has it, and later the next one is pushed at once again.
    chat.service.clock.pass(60_000);
    assert_eq!(texts(&chat.send("another").await), ["another"]);
    assert_eq!(chat.streamed().await, []);
}

#[tokio::test]
async fn what_concerns_many_is_left_to_the_stream() {
    let mut chat = Chat::new().await;
    for number in 0..40 {
        chat.sit_down(&format!("operator{number}"), Roles::OPERATOR).await;
    }
    // The documents of the subscriptions are read once by each instance.
    let _ = chat.claimed_by_stream("dora").await;
    let noted = chat.claimed_by_stream("eve").await;
    chat.service.app = chat.service.app.pushing_at_once(None);
    // It reads the note that the request has left, and waits for nothing.
    assert_eq!(noted, chat.claimed_by_stream("fay").await + 1);
}

#[tokio::test]
async fn a_setting_leaves_everything_to_the_stream() {
    let mut chat = Chat::new().await;
    chat.service.app = chat.service.app.pushing_at_once(None);
    assert_eq!(chat.send("one").await, []);
    assert_eq!(targets(&chat.streamed().await), EVERYBODY);
}

#[tokio::test]
async fn a_request_that_pushes_itself_costs_what_its_push_costs_and_a_note() {
    let mut chat = Chat::new().await;
    // The documents of the subscriptions are read once by each instance.
    let _ = chat.send("zero").await;
    chat.service.clock.pass(60_000);
    let _ = chat.service.meter.take();
    let _ = chat.send("one").await;
    let at_once = chat.service.meter.take();
    chat.service.app = chat.service.app.pushing_at_once(None);
    chat.service.clock.pass(60_000);
    let _ = chat.send("two").await;
    let alone = chat.service.meter.take();
    let more = at_once.round_trips - alone.round_trips;
    let (read, written) =
        (at_once.read_units - alone.read_units, at_once.write_units - alone.write_units);
    assert_eq!((more, read, written), (6, 6.0, 1.0), "{at_once}; {alone}");
}
