//! The local run with kept data, killed again and again while answers leave.

use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future::join_all;
use local::run::{Options, Running};
use serde_json::{Value, json};
use tests::world::{alone, code, signature, within};
use tokio::sync::watch;
use tokio::task::spawn_blocking;

use super::bench::{ANSWERS, CREATE};
use super::raw::{Call, Receiver, Reply};

const CONVERSATIONS: usize = 8;
/// The answers that an operator writes in each conversation before the next kill.
const PART: usize = 3;
/// The longest time until everything is delivered after the last start.
const DELIVERED: Duration = Duration::from_secs(180);
/// The name of the test, which also is the process that it kills: started so, it has a variable with
/// the folder of the data.
const TEST: &str =
    "messenger::restart::ten_kills_of_the_local_run_lose_nothing_and_change_no_order";
const DATA: &str = "CHATDESK_PROCESS_DATA";
const PAUSE: Duration = Duration::from_millis(20);

/// The moments at which the process is killed, after so many others of their kind.
#[derive(Clone, Copy)]
enum Moment {
    /// The other system has an answer, and the process does not know.
    InACall(usize),
    /// The other system has answered a call.
    Answered(usize),
    /// An answer was accepted at the desk.
    Accepted(usize),
}

use Moment::{Accepted, Answered, InACall};

const MOMENTS: [Moment; 10] = [
    InACall(1),
    Accepted(1),
    Answered(1),
    InACall(9),
    Accepted(11),
    Answered(6),
    Accepted(24),
    InACall(16),
    Answered(14),
    Accepted(5),
];

/// Runs the system over kept data, as long as the test that has started this process lives.
fn run(data: PathBuf) {
    alone(async || {
        let options = Options { data: Some(data), ..Options::default() };
        let running = Box::pin(Running::start(options)).await.unwrap();
        println!("\nready http://{}", running.address);
        let end = spawn_blocking(|| io::stdin().read_to_end(&mut Vec::new()));
        end.await.unwrap().unwrap();
        running.stop().await.unwrap();
    });
}

/// A process with the local run, which ends when this is dropped.
struct Process {
    child: Child,
    url: String,
}

impl Process {
    async fn start(data: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", TEST, "--nocapture"])
            .env(DATA, data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let ready = spawn_blocking(|| {
            let mut lines = out.lines().map_while(Result::ok);
            lines.find_map(|line| line.strip_prefix("ready ").map(str::to_owned))
        });
        let url = within("the start", ready).await.unwrap();
        Self { child, url: url.expect("it starts") }
    }

    /// Kills it, as `kill -9` does.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// People who use the process, and its receiver: what is the same after each start.
#[derive(Clone)]
struct Desk {
    http: reqwest::Client,
    token: String,
}

impl Desk {
    async fn sign_in(process: &Process, name: &str) -> Self {
        let http = reqwest::Client::new();
        let url = format!("{}/dev/token?as={name}", process.url);
        let answer: Value = http.get(url).send().await.unwrap().json().await.unwrap();
        Self { http, token: answer["token"].as_str().unwrap().to_owned() }
    }

    /// Sends a document. Returns its data; none when there is no answer, or none that is one.
    async fn send(&self, url: &str, document: &str, variables: Value) -> Option<Value> {
        let body = json!({ "query": document, "variables": variables });
        let request = self.http.post(format!("{url}/graphql")).bearer_auth(&self.token).json(&body);
        let answer: Value = request.send().await.ok()?.json().await.ok()?;
        answer.get("data").filter(|data| data.is_object()).cloned()
    }

    async fn come_online(&self, process: &Process) {
        let document = "mutation { setPresence(presence: ONLINE) { userErrors { code } } }";
        let data = self.send(&process.url, document, json!({})).await.unwrap();
        assert_eq!(code(&data["setPresence"]), "");
    }

    /// Sends an answer until the process that runs then has accepted it.
    async fn answer(&self, at: &mut watch::Receiver<Option<String>>, session: &str, text: &str) {
        let document = "mutation($id: ID!, $t: String!) {
            sendMessage(sessionId: $id, text: $t, clientMessageId: $t) {
                message { id } userErrors { code } } }";
        loop {
            let url = at.wait_for(Option::is_some).await.unwrap().clone().unwrap();
            let variables = json!({ "id": session, "t": text });
            let data = self.send(&url, document, variables).await.unwrap_or_default();
            match code(&data["sendMessage"]) {
                "" if data["sendMessage"]["message"].is_object() => return,
                "" | "LIMIT" => tokio::time::sleep(PAUSE).await,
                refusal => panic!("{text}: {refusal}"),
            }
        }
    }

    /// Returns the answers of a dialog, with their states, as far as the process answers.
    async fn answers(&self, process: &Process, session: &str) -> Vec<(String, String)> {
        let data = self.send(&process.url, ANSWERS, json!({ "id": session })).await.unwrap();
        let entries = data["viewer"]["session"]["messages"]["nodes"].as_array().unwrap().clone();
        let answers = entries.iter().filter(|entry| entry["kind"] == "OPERATOR");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        answers.map(|answer| (text(&answer["text"]), text(&answer["delivery"]["state"]))).collect()
    }
}

/// Lets people write through a new channel. Returns their sessions, by their ids there.
async fn sessions(process: &Process, ann: &Desk, receiver: &Receiver) -> Vec<(String, String)> {
    let document = "{ viewer { liveChats { id name } } }";
    let data = ann.send(&process.url, document, json!({})).await.unwrap();
    let live_chats = data["viewer"]["liveChats"].as_array().unwrap();
    let support = live_chats.iter().find(|one| one["name"] == "Support").unwrap()["id"].clone();
    let settings = json!({ "webhook": { "replyUrl": receiver.url } });
    let variables = json!({ "l": support, "k": "WEBHOOK", "s": settings });
    let ada = Desk::sign_in(process, "ada").await;
    let created = ada.send(&process.url, CREATE, variables).await.unwrap()["createChannel"].take();
    let (channel, secret) = (&created["channel"], created["secret"].as_str().unwrap());
    let url = format!("{}{}", process.url, channel["inboundPath"].as_str().unwrap());
    for number in 0..CONVERSATIONS {
        let client = format!("client-{number}");
        let from = json!({ "id": client, "name": client });
        let body = json!({ "messageId": client, "from": from, "text": "Hello" }).to_string();
        let signed = signature(secret, &body);
        let request = ann.http.post(&url).header("content-type", "application/json");
        let answer = request.header("X-Signature", signed).body(body).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    let document = "query($id: ID!) { viewer { liveChat(id: $id) {
        sessions(group: QUEUE, first: 100) { nodes { id name } } } } }";
    let data = ann.send(&process.url, document, json!({ "id": support })).await.unwrap();
    let queue = data["viewer"]["liveChat"]["sessions"]["nodes"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    queue.iter().map(|session| (text(&session["name"]), text(&session["id"]))).collect()
}

/// Returns the texts of the answers to a client, in order.
fn texts(client: &str) -> Vec<String> {
    (0..=MOMENTS.len() * PART).map(|number| format!("Answer {number} to {client}")).collect()
}

/// Checks the calls for a client: everything arrived in order, and what was repeated was so by the
/// next process.
fn check(client: &str, calls: &[Call]) {
    let calls: Vec<_> = calls.iter().filter(|call| call.to() == client).collect();
    let mut order = Vec::new();
    for (place, call) in calls.iter().enumerate() {
        assert!(call.reply.is_taken());
        match place.checked_sub(1).map(|before| calls[before]) {
            Some(before) if before.id == call.id => {
                assert_eq!(before.text(), call.text());
                assert!(before.process < call.process, "{client}: {before:?} {call:?}");
            }
            before => {
                assert!(before.is_none_or(|before| before.reply != Reply::Held), "{before:?}");
                order.push(call.text());
            }
        }
    }
    assert_eq!(order, texts(client), "{client}");
}

#[test]
fn ten_kills_of_the_local_run_lose_nothing_and_change_no_order() {
    if let Some(data) = std::env::var_os(DATA) {
        return run(PathBuf::from(data));
    }
    alone(async || {
        let place = tempfile::tempdir().unwrap();
        // The number of calls until one is held; 0 for none.
        let until_held = Arc::new(AtomicUsize::new(0));
        let countdown = Arc::clone(&until_held);
        let receiver = Receiver::start(move |_| {
            let less = |left: usize| left.checked_sub(1);
            let left = countdown.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less);
            if left == Ok(1) { Reply::Held } else { Reply::Status(200, None) }
        })
        .await;
        let mut process = Process::start(place.path()).await;
        let ann = Desk::sign_in(&process, "ann").await;
        ann.come_online(&process).await;
        let sessions = sessions(&process, &ann, &receiver).await;
        assert_eq!(sessions.len(), CONVERSATIONS);

        let (at, parts, accepted) =
            (watch::Sender::new(None), watch::Sender::new(0_usize), watch::Sender::new(0_usize));
        let write = |(client, session): &(String, String)| {
            let (ann, client, session) = (ann.clone(), client.clone(), session.clone());
            let (mut at, mut parts, accepted) =
                (at.subscribe(), parts.subscribe(), accepted.clone());
            tokio::spawn(async move {
                for (number, text) in texts(&client).iter().enumerate() {
                    parts.wait_for(|parts| number < parts * PART).await.unwrap();
                    ann.answer(&mut at, &session, text).await;
                    accepted.send_modify(|accepted| *accepted += 1);
                }
            })
        };
        let writers: Vec<_> = sessions.iter().map(write).collect();
        for moment in MOMENTS {
            let (answered, before) = (receiver.done(), *accepted.borrow());
            if let InACall(number) = moment {
                until_held.store(number, Ordering::SeqCst);
            }
            at.send_replace(Some(process.url.clone()));
            parts.send_modify(|parts| *parts += 1);
            match moment {
                InACall(_) => receiver.until_held().await,
                Answered(number) => receiver.until(answered + number).await,
                Accepted(number) => {
                    let mut accepted = accepted.subscribe();
                    let all = accepted.wait_for(|accepted| *accepted >= before + number);
                    within("the answers", all).await.unwrap();
                }
            }
            process.kill();
            at.send_replace(None);
            receiver.next_process().await;
            process = Process::start(place.path()).await;
            ann.come_online(&process).await;
        }
        at.send_replace(Some(process.url.clone()));
        parts.send_modify(|parts| *parts += 1);
        within("the answers", join_all(writers)).await.into_iter().for_each(Result::unwrap);

        for (client, session) in &sessions {
            let expected: Vec<_> =
                texts(client).into_iter().map(|text| (text, "SENT".to_owned())).collect();
            // After so many kills the pauses of some are long.
            let arrived = tokio::time::timeout(DELIVERED, async {
                while ann.answers(&process, session).await != expected {
                    tokio::time::sleep(PAUSE).await;
                }
            });
            assert!(arrived.await.is_ok(), "{client}: not delivered within {DELIVERED:?}");
        }
        let calls = receiver.calls();
        for (client, _) in &sessions {
            check(client, &calls);
        }
    });
}
