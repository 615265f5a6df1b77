//! The gateway as clients and functions see it, over real sockets.

mod http_api;
mod management;
mod socket_api;

use super::{Limits, Routes, serve};
use crate::{Fault, Function};
use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Barrier, mpsc, oneshot},
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

pub(super) const DEADLINE: Duration = Duration::from_secs(20);

type Client = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// A gateway whose functions report every event, and do the actions that the event asks for.
struct Running {
    address: SocketAddr,
    events: mpsc::UnboundedReceiver<Value>,
    stop: oneshot::Sender<()>,
    served: JoinHandle<Result<(), Fault>>,
}

impl Running {
    async fn start(limits: Limits) -> Self {
        let (tell, events) = mpsc::unbounded_channel();
        let routes = Routes {
            graphql: http_function(tell.clone()),
            inbound: http_function(tell.clone()),
            socket: socket_function(tell),
            extra: axum::Router::new().route("/", axum::routing::get(async || "home")),
        };
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(serve(listener, routes, limits, async {
            let _ = stopped.await;
        }));
        Self { address, events, stop, served }
    }

    /// Returns the next event of this route; those before it are passed over.
    async fn event(&mut self, route: &str) -> Value {
        let next = async {
            loop {
                let event = self.events.recv().await.unwrap();
                if event["requestContext"]["routeKey"] == route {
                    return event;
                }
            }
        };
        timeout(DEADLINE, next).await.expect("the function is invoked")
    }

    async fn connect(&self) -> Client {
        let mut request =
            format!("ws://{}/graphql?a=1&a=2", self.address).into_client_request().unwrap();
        let offer = "other, graphql-transport-ws".parse().unwrap();
        request.headers_mut().insert("Sec-WebSocket-Protocol", offer);
        let (client, response) = connect_async(request).await.unwrap();
        assert_eq!(response.headers()["sec-websocket-protocol"], "graphql-transport-ws");
        assert_eq!(response.headers()["x-from-connect"], "yes");
        client
    }

    /// Returns a client and the id of its connection.
    async fn connection(&mut self) -> (Client, String) {
        let client = self.connect().await;
        let event = self.event("$connect").await;
        let id = event["requestContext"]["connectionId"].as_str().unwrap();
        (client, id.to_owned())
    }
}

fn http_function(tell: mpsc::UnboundedSender<Value>) -> Function {
    Arc::new(move |event| {
        let tell = tell.clone();
        Box::pin(async move {
            let _ = tell.send(event.clone());
            match event["body"].as_str() {
                Some("fail") => Err("on purpose".to_owned()),
                Some("hang") => std::future::pending().await,
                Some("nonsense") => Ok(json!({"statusCode": "abc"})),
                _ => Ok(json!({
                    "statusCode": 202,
                    "headers": {"Content-Type": "application/graphql-response+json"},
                    "cookies": ["a=1; Secure", "b=2"],
                    "body": "{\"data\":null}",
                })),
            }
        })
    })
}

fn socket_function(tell: mpsc::UnboundedSender<Value>) -> Function {
    let two = Arc::new(Barrier::new(2));
    Arc::new(move |event| {
        let (tell, two) = (tell.clone(), Arc::clone(&two));
        Box::pin(async move {
            if event["body"] == "meet" {
                two.wait().await;
            }
            let _ = tell.send(event.clone());
            if event["queryStringParameters"]["refuse"] == "403" {
                return Ok(json!({"statusCode": 403, "body": "no"}));
            }
            match event["body"].as_str() {
                Some("fail") => Err("on purpose".to_owned()),
                Some("panic") => panic!("on purpose"),
                _ => Ok(json!({
                    "statusCode": 200,
                    "headers": {
                        "sEC-websocket-PROTOCOL": "graphql-transport-ws",
                        "X-From-Connect": "yes",
                    },
                })),
            }
        })
    })
}

async fn send(client: &mut Client, text: &str) {
    client.send(Message::text(text)).await.unwrap();
}

async fn next(client: &mut Client) -> Message {
    let next = timeout(DEADLINE, client.next()).await.expect("the gateway sends something");
    next.expect("the connection is open").expect("a frame")
}

async fn close_code(client: &mut Client) -> u16 {
    loop {
        match next(client).await {
            Message::Close(frame) => return frame.expect("a code").code.into(),
            _other => {}
        }
    }
}
