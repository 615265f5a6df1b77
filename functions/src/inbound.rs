//! The inbound function: takes in what messengers and other systems post, and issues the widget's tokens
//! and the tickets for sockets.

mod channel;
mod received;
mod ticket;
mod widget;

#[cfg(test)]
mod tests;

use http::Method;
use lambda_http::{Body, Error, Request, Response};

use crate::app::App;
use crate::cors::Cors;
use crate::json::{self, Refused};
use crate::{metric, observe, request};

/// The access of pages to the addresses that are for them.
const CORS: Cors = Cors { allowed: "POST, OPTIONS", methods: "POST", exposed: Some("retry-after") };

/// Answers one request.
///
/// # Errors
/// None: every failure has an answer of its own.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    let id = request::id(app, &request);
    let answered = observe::caught(respond(app, &request, &id), &id).await;
    let response = answered.unwrap_or_else(|| Refused::Internal("a panic".to_owned()).respond(&id));
    let is_of_pages = of_pages(&request::path(&request));
    Ok(if is_of_pages { CORS.share(response) } else { response })
}

/// Returns true if pages of other origins send requests to this path.
fn of_pages(path: &[&str]) -> bool {
    matches!(path, [.., "widget", "token"] | [.., "socket", "ticket"])
}

async fn respond(app: &App, request: &Request, request_id: &str) -> Response<Body> {
    let is_post = request.method() == Method::POST;
    let path = request::path(request);
    if request.method() == Method::OPTIONS && of_pages(&path) {
        return CORS.preflight();
    }
    let answered = match path.as_slice() {
        [.., "widget", "token"] if is_post => widget::token(app, request).await,
        [.., "channels", "webhook", id] if is_post => channel::webhook(app, request, id).await,
        [.., "channels", "telegram", id] if is_post => channel::telegram(app, request, id).await,
        [.., "channels", "whatsapp", id] if is_post => channel::whatsapp(app, request, id).await,
        [.., "channels", "whatsapp", id] if request.method() == Method::GET => {
            return channel::verify_whatsapp(app, request, id)
                .await
                .unwrap_or_else(|refused| refuse(&refused, request_id));
        }
        [.., "socket", "ticket"] if is_post => ticket::ticket(app, request).await,
        path if of_pages(path) => Err(Refused::NotAllowed { allowed: CORS.allowed }),
        [.., "channels", "webhook" | "telegram", _] => Err(Refused::NotAllowed { allowed: "POST" }),
        [.., "channels", "whatsapp", _] => Err(Refused::NotAllowed { allowed: "GET, POST" }),
        _ => Err(Refused::NotFound),
    };
    answered.map_or_else(|refused| refuse(&refused, request_id), |answer| json::respond(&answer))
}

fn refuse(refused: &Refused, request_id: &str) -> Response<Body> {
    if refused.is_fault() {
        metric::fault();
    }
    refused.respond(request_id)
}
