//! `POST /socket/ticket`: gives a ticket to somebody who is signed in. With it they open a socket where
//! `$connect` requires one.

use domain::Timestamp;
use http::header::AUTHORIZATION;
use lambda_http::Request;
use serde_json::{Value, json};

use crate::app::App;
use crate::caller::caller;
use crate::identity::{TICKET_SECONDS, Unidentified};
use crate::json::Refused;

/// Issues a ticket. It names no person: the first message on the socket carries the token of the
/// caller.
pub(super) async fn ticket(app: &App, request: &Request) -> Result<Value, Refused> {
    let token = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let now = app.now_seconds();
    let claims = app.identity.authenticate(token, now).await;
    let caller = claims.and_then(|claims| Ok(caller(claims)?)).map_err(|why| match why {
        Unidentified::Unverified(_) => {
            Refused::Unauthenticated { challenge: "Bearer", message: "A valid token is needed." }
        }
        Unidentified::Unavailable => Refused::Unavailable,
    })?;
    app.limiter.admit(&app.store, &caller).await.map_err(|after_seconds| Refused::TooMany {
        message: "Too many requests at once.",
        after_seconds,
    })?;
    let expires_at = now.saturating_add(TICKET_SECONDS);
    let signer = app.identity.client_signer(now).await.ok_or(Refused::Unavailable)?;
    let ticket = signer
        .sign_ticket(expires_at)
        .map_err(|unsigned| Refused::Internal(unsigned.to_string()))?;
    let millis = u64::try_from(expires_at).unwrap_or(0).saturating_mul(1000);
    Ok(json!({
        "ticket": ticket,
        "expiresAt": Timestamp::from_millis(millis).to_string(),
    }))
}
