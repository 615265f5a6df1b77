//! The system at the other end of a webhook channel. It notes each call, and answers it, or not, as
//! it is told.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tests::world::within;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// The time that a late answer takes.
const LATE: Duration = Duration::from_secs(1);

/// What the receiver does with a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reply {
    /// It answers with this status, and asks for a delay of so many seconds.
    Status(u16, Option<u32>),
    /// It takes the message and answers late.
    Late,
    /// It closes the connection.
    Nothing,
    /// It takes the message and closes the connection without an answer.
    Lost,
    /// It takes the message and never answers.
    Held,
}

impl Reply {
    /// Returns true if the receiver takes the message.
    pub(super) const fn is_taken(self) -> bool {
        matches!(self, Self::Status(200..=299, _) | Self::Late | Self::Lost | Self::Held)
    }
}

/// One call.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// The header `webhook-id`.
    pub(super) id: String,
    /// The message.
    pub(super) message: Value,
    /// The number of calls with this id before.
    pub(super) before: usize,
    /// The number of processes of the sender before the one that calls.
    pub(super) process: usize,
    /// What the receiver does with it.
    pub(super) reply: Reply,
}

impl Call {
    /// Returns the client's id.
    pub(super) fn to(&self) -> &str {
        self.message["to"]["id"].as_str().expect("an id")
    }

    /// Returns the text.
    pub(super) fn text(&self) -> &str {
        self.message["text"].as_str().expect("a text")
    }
}

/// Decides on a call. The decision in it has no meaning yet.
type Script = dyn Fn(&Call) -> Reply + Send + Sync;

/// The other system. It serves as long as the test runs.
pub(super) struct Receiver {
    /// The URL for answers.
    pub(super) url: String,
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    script: Box<Script>,
    calls: Mutex<Vec<Call>>,
    process: watch::Sender<usize>,
    /// The number of calls that have got what they get, or are held.
    done: watch::Sender<usize>,
    /// The number of connections that are open.
    open: watch::Sender<usize>,
}

impl Receiver {
    /// Starts it. The script decides on each call.
    pub(super) async fn start(script: impl Fn(&Call) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let url = format!("http://{address}/answers");
        let shared = Arc::new(Shared {
            script: Box::new(script),
            calls: Mutex::default(),
            process: watch::Sender::new(0),
            done: watch::Sender::new(0),
            open: watch::Sender::new(0),
        });
        let ours = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let ours = Arc::clone(&ours);
                ours.open.send_modify(|open| *open += 1);
                tokio::spawn(async move {
                    serve(stream, &ours).await;
                    ours.open.send_modify(|open| *open -= 1);
                });
            }
        });
        Self { url, address, shared }
    }

    /// Returns the calls so far, in order.
    pub(super) fn calls(&self) -> Vec<Call> {
        self.shared.calls.lock().expect("unpoisoned").clone()
    }

    /// Takes what a process that was killed has sent, and notes that another one sends from now on.
    pub(super) async fn next_process(&self) {
        // Connections are accepted in order: those of the process come before this one.
        let mut probe = TcpStream::connect(self.address).await.expect("a connection");
        probe.shutdown().await.expect("a connection");
        let _ = within("the receiver", probe.read(&mut [0])).await;
        let mut open = self.shared.open.subscribe();
        within("the end", open.wait_for(|open| *open == 0)).await.expect("a receiver");
        self.shared.process.send_modify(|process| *process += 1);
    }

    /// Returns the number of calls that are over, or held.
    pub(super) fn done(&self) -> usize {
        *self.shared.done.borrow()
    }

    /// Waits until the process that sends waits for the answer to a call.
    pub(super) async fn until_held(&self) {
        let mut done = self.shared.done.subscribe();
        let process = *self.shared.process.borrow();
        let is_it = |call: &Call| call.process == process && call.reply == Reply::Held;
        let held = done.wait_for(|_| self.calls().iter().any(is_it));
        within("a held call", held).await.expect("a receiver");
    }

    /// Waits until so many calls are over, or held.
    pub(super) async fn until(&self, calls: usize) {
        let mut done = self.shared.done.subscribe();
        within("the calls", done.wait_for(|done| *done >= calls)).await.expect("a receiver");
    }
}

async fn serve(stream: TcpStream, shared: &Shared) {
    let mut stream = BufReader::new(stream);
    while let Some((id, body)) = request(&mut stream).await {
        let message = serde_json::from_slice(&body).expect("JSON");
        let reply = shared.note(id, message);
        let (status, after) = match reply {
            Reply::Status(status, after) => (status, after),
            Reply::Late => {
                tokio::time::sleep(LATE).await;
                (200, None)
            }
            Reply::Nothing | Reply::Lost => return shared.end(),
            Reply::Held => {
                shared.end();
                // The end of the process that waits.
                let _ = stream.read(&mut [0]).await;
                return;
            }
        };
        let after = after.map_or_else(String::new, |after| format!("retry-after: {after}\r\n"));
        let answer = format!("HTTP/1.1 {status} Status\r\n{after}content-length: 0\r\n\r\n");
        let written = stream.get_mut().write_all(answer.as_bytes()).await;
        shared.end();
        if written.is_err() {
            return;
        }
    }
}

impl Shared {
    fn note(&self, id: String, message: Value) -> Reply {
        let mut calls = self.calls.lock().expect("unpoisoned");
        let before = calls.iter().filter(|call| call.id == id).count();
        let process = *self.process.borrow();
        let call = Call { id, message, before, process, reply: Reply::Nothing };
        let reply = (self.script)(&call);
        calls.push(Call { reply, ..call });
        reply
    }

    fn end(&self) {
        self.done.send_modify(|done| *done += 1);
    }
}

/// Reads a request: the header `webhook-id`, and the body. None when the connection ends.
async fn request(stream: &mut BufReader<TcpStream>) -> Option<(String, Vec<u8>)> {
    let (mut id, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok().filter(|bytes| *bytes > 0)?;
        match line.trim_end().split_once(": ") {
            Some(("webhook-id", value)) => value.clone_into(&mut id),
            Some(("content-length", value)) => length = value.parse().expect("a length"),
            None if line.trim_end().is_empty() => break,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some((id, body))
}
