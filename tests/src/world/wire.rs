//! A WebSocket, frame by frame.
#![expect(clippy::expect_used, clippy::panic, reason = "whoever calls this is a test")]

use std::net::SocketAddr;

use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::within;

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A WebSocket, frame by frame.
pub struct Wire {
    pub(super) out: SplitSink<Stream, Message>,
    pub(super) back: SplitStream<Stream>,
}

/// An event of the connection.
#[derive(Clone, PartialEq, Debug)]
pub enum Heard {
    /// A message.
    Message(Value),
    /// The end, with its code.
    Closed(Option<u16>),
}

impl Wire {
    /// Opens a socket with these sub-protocols offered.
    ///
    /// # Errors
    /// The status of a handshake that was refused.
    pub async fn open(address: SocketAddr, protocols: Option<&str>) -> Result<Self, u16> {
        Self::open_at(address, "/graphql", protocols).await
    }

    /// The same at another path, or with a query.
    ///
    /// # Errors
    /// The status of a handshake that was refused.
    pub async fn open_at(
        address: SocketAddr,
        path: &str,
        protocols: Option<&str>,
    ) -> Result<Self, u16> {
        let url = format!("ws://{address}{path}");
        let mut request = url.into_client_request().expect("a request");
        if let Some(protocols) = protocols {
            let offer = protocols.parse().expect("a header");
            request.headers_mut().insert("Sec-WebSocket-Protocol", offer);
        }
        match within("the handshake", connect_async(request)).await {
            Ok((stream, answer)) => {
                let chosen = answer.headers().get("Sec-WebSocket-Protocol");
                assert_eq!(chosen.expect("a sub-protocol"), "graphql-transport-ws");
                let (out, back) = stream.split();
                Ok(Self { out, back })
            }
            Err(Error::Http(answer)) => Err(answer.status().as_u16()),
            Err(error) => panic!("{error}"),
        }
    }

    /// Sends a message.
    pub async fn say(&mut self, message: &Value) {
        self.say_text(&message.to_string()).await;
    }

    /// Sends anything.
    pub async fn say_text(&mut self, text: &str) {
        self.out.send(Message::text(text)).await.expect("an open socket");
    }

    /// Returns the next event.
    pub async fn hear(&mut self) -> Heard {
        within("a frame", hear(&mut self.back)).await
    }
}

pub(super) async fn hear(back: &mut SplitStream<Stream>) -> Heard {
    loop {
        match back.next().await {
            Some(Ok(Message::Text(text))) => {
                let message = serde_json::from_str(text.as_str()).expect("JSON");
                return Heard::Message(message);
            }
            Some(Ok(Message::Close(frame))) => {
                return Heard::Closed(frame.map(|frame| frame.code.into()));
            }
            Some(Ok(_)) => {}
            None | Some(Err(_)) => return Heard::Closed(None),
        }
    }
}

/// Returns the signature of a webhook's body.
pub(super) fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
    mac.update(body);
    let bytes = mac.finalize().into_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={hex}")
}
