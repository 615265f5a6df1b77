//! The life of one WebSocket connection, from the upgrade to `$disconnect`.

use super::{
    connection::{Close, Connection},
    event,
    state::Gateway,
};
use crate::function::invoke;
use axum::{
    Error,
    extract::ws::{CloseFrame, Message, WebSocket},
};
use futures::{
    SinkExt as _, StreamExt as _,
    stream::{SplitSink, SplitStream},
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{Semaphore, mpsc},
    time::timeout,
};

/// The longest time that a client may take to read one frame before it counts as gone.
const WRITE: Duration = Duration::from_secs(30);
/// The longest time that the closing handshake may take.
const FAREWELL: Duration = Duration::from_secs(1);
/// The time that a connection that broke the protocol stays open after its close frame. Further
/// frames from the client are not read. An immediate close would reset the connection before the
/// client reads the close frame.
const LINGER: Duration = Duration::from_millis(250);

type Writer = SplitSink<WebSocket, Message>;
type Reader = SplitStream<WebSocket>;

/// A connection, with a guard that keeps the gateway from ending before it.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) gateway: Arc<Gateway>,
    pub(super) connection: Arc<Connection>,
    #[expect(
        dead_code,
        reason = "held, never read: the gateway ends after the last one is dropped"
    )]
    pub(super) alive: mpsc::Sender<()>,
}

/// The end of a conversation.
enum End {
    /// The gateway closes.
    Ours(Close),
    /// The client sent something that cannot be read past.
    Broken(Close),
    /// The client closed, with its code and reason.
    Theirs(u16, String),
    /// The client is gone.
    Gone,
}

/// Carries messages in both directions until the end, then sends `$disconnect`.
pub(super) async fn run(session: Session, outgoing: mpsc::Receiver<String>, socket: WebSocket) {
    let (mut writer, mut reader) = socket.split();
    let end = session.converse(outgoing, &mut writer, &mut reader).await;
    let (code, reason) = match &end {
        End::Ours(close) | End::Broken(close) => (close.code, close.reason.to_owned()),
        End::Theirs(code, reason) => (*code, reason.clone()),
        End::Gone => (1006, "Connection closed abnormally".to_owned()),
    };
    tokio::join!(session.leave(code, &reason), farewell(end, writer, reader));
}

impl Session {
    /// Forgets the connection, so that posts get 410, and invokes `$disconnect`.
    pub(super) async fn leave(&self, code: u16, reason: &str) {
        self.gateway.connections.remove(&self.connection.id);
        let event = event::disconnect(&self.gateway.domain, &self.connection, code, reason);
        let ended = invoke(&self.gateway.socket, event, self.gateway.limits.handler).await;
        if let Err(failure) = ended {
            tracing::error!(route = "$disconnect", %failure);
        }
    }

    async fn converse(
        &self,
        outgoing: mpsc::Receiver<String>,
        writer: &mut Writer,
        reader: &mut Reader,
    ) -> End {
        let limits = &self.gateway.limits;
        self.connection.touch();
        tokio::select! {
            end = self.read(reader) => end,
            end = self.write(outgoing, writer) => end,
            () = self.connection.idle(limits.idle) => End::Ours(Close::GOING_AWAY),
            () = tokio::time::sleep(limits.life) => End::Ours(Close::GOING_AWAY),
        }
    }

    async fn read(&self, reader: &mut Reader) -> End {
        let in_flight = Arc::new(Semaphore::new(self.gateway.limits.in_flight.max(1)));
        loop {
            let Ok(permit) = Arc::clone(&in_flight).acquire_owned().await else {
                return End::Gone;
            };
            let text = match self.next_text(reader).await {
                Ok(text) => text,
                Err(end) => return end,
            };
            // The time of a message is when it came, not when it is handled: it grows along a
            // connection.
            let (event, request) = event::message(&self.gateway.domain, &self.connection, &text);
            // Messages of one connection are handled side by side, as API Gateway does it.
            let session = self.clone();
            tokio::spawn(async move {
                session.handle(event, request).await;
                drop(permit);
            });
        }
    }

    /// Returns the next message, past the frames of the protocol itself.
    async fn next_text(&self, reader: &mut Reader) -> Result<String, End> {
        loop {
            let frame = reader.next().await.ok_or(End::Gone)?.map_err(|error| broken(&error))?;
            self.connection.touch();
            match frame {
                Message::Text(text) => return Ok(text.as_str().to_owned()),
                Message::Binary(_) => return Err(End::Ours(Close::BINARY)),
                // The library answers pings by itself.
                Message::Ping(_) | Message::Pong(_) => {}
                Message::Close(None) => return Err(End::Theirs(1005, String::new())),
                Message::Close(Some(frame)) => {
                    return Err(End::Theirs(frame.code, frame.reason.as_str().to_owned()));
                }
            }
        }
    }

    async fn handle(&self, event: Value, request: String) {
        let handled = invoke(&self.gateway.socket, event, self.gateway.limits.handler).await;
        if let Err(failure) = handled {
            tracing::error!(route = "$default", %failure);
            let frame = json!({
                "message": "Internal server error",
                "connectionId": self.connection.id,
                "requestId": request,
            });
            self.connection.post_when_room(frame.to_string()).await;
        }
    }

    async fn write(&self, mut outgoing: mpsc::Receiver<String>, writer: &mut Writer) -> End {
        loop {
            let text = tokio::select! {
                text = outgoing.recv() => text,
                close = self.connection.closing() => {
                    // From here on posts are refused; those that were taken still go out.
                    outgoing.close();
                    while let Some(text) = outgoing.recv().await {
                        if !self.send(writer, text).await {
                            return End::Gone;
                        }
                    }
                    return End::Ours(close);
                }
            };
            let Some(text) = text else {
                return End::Gone;
            };
            if !self.send(writer, text).await {
                return End::Gone;
            }
        }
    }

    /// Writes a message. The library makes one frame of it, of any length; clients join frames
    /// anyway.
    async fn send(&self, writer: &mut Writer, text: String) -> bool {
        let sent = timeout(WRITE, writer.send(Message::Text(text.into()))).await;
        self.connection.touch();
        matches!(sent, Ok(Ok(())))
    }
}

/// Returns the kind of end for an error. The library's error kinds differ in their texts only.
fn broken(error: &Error) -> End {
    let text = error.to_string();
    if text.starts_with("Space limit exceeded") {
        End::Broken(Close::TOO_BIG)
    } else if text.starts_with("UTF-8 encoding error") {
        End::Broken(Close::NOT_UTF8)
    } else if text.starts_with("WebSocket protocol error") && !text.contains("without closing") {
        End::Broken(Close::PROTOCOL)
    } else {
        End::Gone
    }
}

/// Performs the closing handshake.
async fn farewell(end: End, mut writer: Writer, mut reader: Reader) {
    let close = match &end {
        End::Ours(close) | End::Broken(close) => *close,
        End::Theirs(..) => {
            // Reading on lets the library answer the client's close frame.
            let _ = timeout(FAREWELL, async { while reader.next().await.is_some() {} }).await;
            return;
        }
        End::Gone => return,
    };
    let frame = CloseFrame { code: close.code, reason: close.reason.into() };
    let sent = timeout(FAREWELL, writer.send(Message::Close(Some(frame)))).await;
    if !matches!(sent, Ok(Ok(()))) {
        return;
    }
    let _ = timeout(FAREWELL, async { while reader.next().await.is_some() {} }).await;
    if matches!(end, End::Broken(_)) {
        tokio::time::sleep(LINGER).await;
    }
}
