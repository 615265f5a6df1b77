//! The socket function: handles `$connect`, `$disconnect` and every message.
//!
//! It never fails because of what a client does: on an error of the function the gateway sends a frame
//! of its own, and clients give up on that.

use std::borrow::Cow;
use std::time::Duration;

use aws_lambda_events::apigw::ApiGatewayWebsocketProxyRequest;
use domain::Caller;
use domain::Timestamp;
use futures::future::join_all;
use serde::Deserialize;
use serde_json::{Value, json};
use store::Fault;
use store::connection::due::INITIALISATION_MILLIS;
use store::connection::holder::Holder;
use store::connection::{Connection, Phase};

use crate::app::App;
use crate::caller::caller;
use crate::identity::{Unidentified, Unverified};
use crate::protocol::{self, Act, Frame, Limits, Refusal, SUBPROTOCOL};
use crate::response::{self, unexecuted};
use crate::socket::{registering, reply, subscribing};
use crate::{metric, observe};

#[cfg(test)]
mod tests;

/// The limits of a client's messages.
const LIMITS: Limits =
    Limits { initialisation_ms: INITIALISATION_MILLIS as i64, query_bytes: 32 * 1024 };

/// The pause before a client is made to connect again.
const AGAIN_PAUSE: Duration = Duration::from_secs(3);

/// Handles an event of the WebSocket API and answers as it expects.
pub async fn handle(app: &App, event: ApiGatewayWebsocketProxyRequest) -> Value {
    let context = &event.request_context;
    let Some(connection) = context.connection_id.as_deref() else { return status(400) };
    let route = context.route_key.as_deref();
    let handling = async {
        match route {
            Some("$connect") => connect(app, connection, &event).await,
            Some("$disconnect") => disconnect(app, connection).await,
            _ => message(app, connection, &event).await.map(|()| status(200)),
        }
    };
    let request_id = context.request_id.as_deref().unwrap_or_default();
    match observe::caught(handling, request_id).await {
        Some(Ok(answer)) => return answer,
        Some(Err(fault)) => {
            metric::fault();
            tracing::error!(connection, %fault, "a message was not handled");
        }
        None => {}
    }
    // An error of the function would end the client for good.
    match route {
        Some("$connect") => status(503),
        _ if awaits_answer(&event) => {
            ask_again(app, connection).await;
            status(200)
        }
        _ => status(200),
    }
}

/// Returns true if the client waits for an answer to this message, and would wait for ever without
/// one.
fn awaits_answer(event: &ApiGatewayWebsocketProxyRequest) -> bool {
    #[derive(Deserialize)]
    struct Message<'a> {
        #[serde(borrow, rename = "type")]
        kind: Cow<'a, str>,
    }
    let text = event.body.as_deref().unwrap_or_default();
    serde_json::from_str::<Message<'_>>(text)
        .is_ok_and(|message| matches!(&*message.kind, "connection_init" | "subscribe"))
}

fn status(code: u16) -> Value {
    json!({ "statusCode": code })
}

async fn connect(
    app: &App,
    connection: &str,
    event: &ApiGatewayWebsocketProxyRequest,
) -> Result<Value, Fault> {
    let origin = event
        .headers
        .get("origin")
        .or_else(|| event.multi_value_headers.get("origin"))
        .and_then(|origin| origin.to_str().ok());
    // A client that is no browser sends none, and a browser always does.
    let is_foreign = origin.is_some_and(|origin| !app.origins.iter().any(|known| known == origin));
    if is_foreign && !app.origins.is_empty() {
        return Ok(status(403));
    }
    if app.needs_ticket {
        let ticket = event.query_string_parameters.first("ticket");
        match app.identity.admit(ticket, app.now_seconds()).await {
            Ok(()) => {}
            Err(Unidentified::Unverified(_)) => return Ok(status(401)),
            Err(Unidentified::Unavailable) => return Ok(status(503)),
        }
    }
    let offered = event
        .multi_value_headers
        .get_all("sec-websocket-protocol")
        .iter()
        .chain(event.headers.get_all("sec-websocket-protocol").iter())
        .filter_map(|value| value.to_str().ok())
        .collect::<Vec<_>>()
        .join(",");
    if protocol::negotiate(Some(&offered)).is_none() {
        return Ok(status(400));
    }
    // By the gateway's clock, as the times of messages are.
    let opened_at = u64::try_from(event.request_context.connected_at).unwrap_or(0);
    app.store.open_connection(connection, Timestamp::from_millis(opened_at)).await?;
    Ok(json!({ "statusCode": 200, "headers": { "Sec-WebSocket-Protocol": SUBPROTOCOL } }))
}

async fn disconnect(app: &App, connection: &str) -> Result<Value, Fault> {
    app.store.close_connection(connection).await?;
    Ok(status(200))
}

async fn message(
    app: &App,
    id: &str,
    event: &ApiGatewayWebsocketProxyRequest,
) -> Result<(), Fault> {
    let Some(connection) = app.store.connection(id).await? else { return Ok(()) };
    let received_at = event.request_context.request_time_epoch;
    let request_id = event.request_context.request_id.as_deref().unwrap_or_default();
    let known = protocol::Connection {
        phase: match connection.phase {
            Phase::Opened => protocol::Phase::Opened,
            Phase::Acknowledged => protocol::Phase::Acknowledged,
            Phase::Refused => protocol::Phase::Refused,
        },
        connected_at_ms: i64::try_from(connection.connected_at.as_millis()).unwrap_or(i64::MAX),
    };
    let text = event.body.as_deref().unwrap_or_default();
    let act = protocol::receive(&known, &LIMITS, received_at, text);
    let caller = signed_in(app, &connection).await?;
    if connection.phase == Phase::Acknowledged && caller.is_none() {
        // The token ran out: a new connection brings a new one.
        app.connections.recycle(id).await;
        return Ok(());
    }
    match act {
        Act::Nothing => {}
        Act::Send(frame) => {
            app.connections.post(id, &frame).await;
        }
        Act::Refuse(refusal) => refuse(app, id, &refusal).await?,
        Act::RefuseOperation { id: operation, code, reason } => {
            let error = unexecuted(code, &reason, request_id);
            app.connections.post(id, &Frame::error(&operation, &[error])).await;
        }
        Act::Init { authorization, .. } => {
            initialise(app, id, authorization.as_deref()).await?;
        }
        Act::Complete { id: operation } => {
            registering::complete(app, id, &operation, received_at).await?;
        }
        Act::Subscribe(subscribe) => {
            let Some(caller) = caller else { return Ok(()) };
            let from = reply::Origin { connection: &connection, received_at, request_id };
            if let Err(seconds) = app.limiter.admit(&app.store, &caller).await {
                let errors = response::limited(seconds).errors;
                return reply::refuse(app, &from, &subscribe.id, errors).await;
            }
            subscribing::subscribe(app, &from, caller, subscribe).await?;
        }
    }
    Ok(())
}

/// Returns the caller at the other end, while their token is valid, and renews their lease: a frame
/// is a sign of life.
async fn signed_in(app: &App, connection: &Connection) -> Result<Option<Caller>, Fault> {
    let is_valid = connection.expires_at.is_some_and(|at| at > app.store.now());
    let known = connection.caller.as_deref().filter(|_| is_valid);
    let caller = known.and_then(|known| serde_json::from_str::<Caller>(known).ok());
    if let Some(tenant) = caller.as_ref().and_then(Caller::tenant) {
        let serves = app.identity.serves(tenant.as_str(), app.now_seconds()).await;
        // While nobody knows, whoever got in stays.
        if let Err(Unidentified::Unverified(_)) = serves {
            return Ok(None);
        }
    }
    if let Some(Caller::Employee { person, .. }) = &caller {
        app.leases.renew_over(&app.store, person, &connection.id).await?;
    }
    Ok(caller)
}

/// Makes a client that got no answer connect again: on its next connection it requests everything
/// again. A recycled client is back at once, so the pause is here.
async fn ask_again(app: &App, id: &str) {
    tokio::time::sleep(AGAIN_PAUSE).await;
    app.connections.recycle(id).await;
}

async fn initialise(app: &App, id: &str, authorization: Option<&str>) -> Result<(), Fault> {
    let verified = app.identity.authenticate(authorization, app.now_seconds()).await;
    let signed_in = verified.and_then(|claims| {
        let expires_at = claims.expires_at_seconds;
        Ok((caller(claims)?, expires_at))
    });
    let (caller, expires_at) = match signed_in {
        Ok(signed_in) => signed_in,
        Err(Unidentified::Unverified(unverified)) => {
            return refuse(app, id, &reason(&unverified)).await;
        }
        Err(Unidentified::Unavailable) => {
            metric::fault();
            ask_again(app, id).await;
            return Ok(());
        }
    };
    let Ok(known) = serde_json::to_string(&caller) else { return Ok(()) };
    let expires_at = Timestamp::from_millis(u64::try_from(expires_at).unwrap_or(0) * 1000);
    let holder = match &caller {
        Caller::Employee { person, .. } => Holder::Employee(&person.tenant, &person.id),
        Caller::Client { tenant, client, .. } => Holder::Client(tenant, client),
        Caller::Nobody => return Ok(()),
    };
    // Known before it is acknowledged: a subscribe that follows must find it.
    let Some(out) = app.store.acknowledge(id, &known, holder, expires_at).await? else {
        return refuse(app, id, &Refusal::too_many_initialisations()).await;
    };
    // Refused for good: a client that came back would push out another of the same person.
    let refusal = Frame::close(&Refusal::too_many_connections());
    join_all(out.iter().map(|out| app.connections.post(out, &refusal))).await;
    if let Caller::Employee { person, .. } = &caller {
        app.leases.connect(&app.store, person, id).await?;
    }
    reply::post(app, id, reply::ACKNOWLEDGEMENT, &Frame::connection_ack(None)).await
}

fn reason(unverified: &Unverified) -> Refusal {
    Refusal::forbidden(match unverified {
        Unverified::Missing => "Sign in first: a token is needed.",
        Unverified::Expired => "The token has expired.",
        _ => "The token is not valid.",
    })
}

/// Refuses a connection. The gateway cannot close with a code, so a frame carries it. Clients close
/// by themselves on that frame, and do not come back. A client that was late is disconnected
/// without it, and may come back.
async fn refuse(app: &App, id: &str, refusal: &Refusal) -> Result<(), Fault> {
    if refusal.code().invites_retry() {
        app.connections.recycle(id).await;
        return Ok(());
    }
    reply::refuse_connection(app, id, refusal).await
}
