//! The GraphQL function: GraphQL over HTTP, as its specification defines it.

use async_graphql::parser::types::OperationType;
use domain::Caller;
use http::header::{
    ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, VARY, WWW_AUTHENTICATE,
};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use lambda_http::{Body, Error, Request, RequestExt, Response};

use crate::app::App;
use crate::caller::caller;
use crate::cors::Cors;
use crate::identity::{Unidentified, Unverified};
use crate::media::{self, Media};
use crate::parameters::{self, Malformed, PERSISTED_QUERY_MESSAGE};
use crate::response;
use crate::{fanout, metric, observe, request};
use graphql::error::{Code, INTERNAL};

#[cfg(test)]
mod tests;

/// The longest body, in bytes.
const BODY_BYTES: usize = 1024 * 1024;
const CORS: Cors = Cors { allowed: "GET, POST, OPTIONS", methods: "GET, POST", exposed: None };

/// The reason why a request is not executed.
struct Rejection {
    status: StatusCode,
    code: Code,
    message: String,
    header: Option<(HeaderName, &'static str)>,
}

impl Rejection {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, code: Code::BadUserInput, message: message.into(), header: None }
    }

    fn panicked() -> Self {
        Self { code: Code::Internal, ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, INTERNAL) }
    }

    fn not_allowed(allowed: &'static str, message: impl Into<String>) -> Self {
        let header = Some((ALLOW, allowed));
        Self { header, ..Self::new(StatusCode::METHOD_NOT_ALLOWED, message) }
    }
}

impl From<Unverified> for Rejection {
    fn from(why: Unverified) -> Self {
        tracing::info!(%why, "a token is not accepted");
        let message = match why {
            Unverified::Expired => "The token has expired.",
            _ => "The token is not accepted.",
        };
        Self {
            code: why.code(),
            header: Some((WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")),
            ..Self::new(StatusCode::UNAUTHORIZED, message)
        }
    }
}

impl From<Unidentified> for Rejection {
    fn from(why: Unidentified) -> Self {
        match why {
            Unidentified::Unverified(unverified) => unverified.into(),
            Unidentified::Unavailable => Self {
                code: Code::Unavailable,
                header: Some((RETRY_AFTER, "1")),
                ..Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Who you are cannot be found out now: try again.",
                )
            },
        }
    }
}

impl From<Malformed> for Rejection {
    fn from(why: Malformed) -> Self {
        match why {
            Malformed::Wrong(message) => Self::new(StatusCode::BAD_REQUEST, message),
            // Not a failure: clients look into a body with this status for what to do.
            Malformed::Persisted => Self {
                code: Code::PersistedQueryNotSupported,
                ..Self::new(StatusCode::OK, PERSISTED_QUERY_MESSAGE)
            },
        }
    }
}

/// Answers one request.
///
/// # Errors
/// None: every failure has an answer of its own.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    if request.method() == Method::OPTIONS {
        return Ok(CORS.preflight());
    }
    let id = request::id(app, &request);
    let media = media::negotiate(request.headers());
    let Some(response) = observe::caught(handled(app, &request, media, &id), &id).await else {
        return Ok(reject(&Rejection::panicked(), media.unwrap_or(Media::Json), &id));
    };
    Ok(response)
}

async fn handled(app: &App, request: &Request, media: Option<Media>, id: &str) -> Response<Body> {
    let answered = match (allow(request.method()), media) {
        (Err(rejection), _) => Err(rejection),
        (Ok(()), None) => Err(Rejection::new(
            StatusCode::NOT_ACCEPTABLE,
            "Accept application/graphql-response+json or application/json.",
        )),
        (Ok(()), Some(media)) => answer(app, request, media, id).await,
    };
    answered.unwrap_or_else(|rejection| {
        if rejection.code == Code::Unavailable {
            metric::fault();
        }
        reject(&rejection, media.unwrap_or(Media::Json), id)
    })
}

fn allow(method: &Method) -> Result<(), Rejection> {
    if method == Method::GET || method == Method::POST {
        return Ok(());
    }
    Err(Rejection::not_allowed(
        CORS.allowed,
        format!("The method {method} is not allowed: use POST."),
    ))
}

async fn answer(
    app: &App,
    request: &Request,
    media: Media,
    id: &str,
) -> Result<Response<Body>, Rejection> {
    let caller = authenticate(app, request).await?;
    if let Err(seconds) = app.limiter.admit(&app.store, &caller).await {
        return Ok(limit(seconds, media, id));
    }
    let operation = match app.graphql.read(parameters(request)?, &caller) {
        Ok(operation) => operation,
        Err(error) => {
            return Ok(reply(async_graphql::Response::from_errors(vec![error]), media, id));
        }
    };
    if request.method() == Method::GET && operation.kind() != OperationType::Query {
        return Err(Rejection::not_allowed("POST", "By GET only queries are executed: use POST."));
    }
    if let Caller::Employee { person, .. } = &caller
        && let Err(fault) = app.leases.renew(&app.store, person).await
    {
        // If that matters to the request, its own reads and writes find out.
        tracing::warn!(request_id = id, %fault, "a lease is not renewed");
    }
    let tenant = caller.tenant().cloned();
    let name = operation.name().map(str::to_owned);
    let executed = app.graphql.execute(operation, caller, id).await;
    observe::operation(name.as_deref(), tenant.as_ref(), id, &executed.response);
    fanout::at_once::push(app, tenant.as_ref(), &executed).await;
    Ok(reply(executed.response, media, id))
}

/// Returns the caller. A token that is not accepted is refused and never treated as no token: the
/// client believes that it is signed in.
async fn authenticate(app: &App, request: &Request) -> Result<Caller, Rejection> {
    let Some(authorization) = request.headers().get(AUTHORIZATION) else {
        return Ok(Caller::Nobody);
    };
    let authorization = authorization.to_str().map_err(|_| Unverified::Malformed)?;
    let claims = app.identity.authenticate(Some(authorization), app.now_seconds()).await?;
    Ok(caller(claims)?)
}

fn parameters(request: &Request) -> Result<async_graphql::Request, Rejection> {
    if request.method() == Method::GET {
        return Ok(parameters::from_query(request.query_string_parameters_ref())?);
    }
    if !media::is_json(request.headers()) {
        return Err(Rejection::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "The Content-Type of a request is application/json, in UTF-8.",
        ));
    }
    if request.body().len() > BODY_BYTES {
        return Err(Rejection::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("The body has more than {BODY_BYTES} bytes."),
        ));
    }
    Ok(parameters::from_body(request.body())?)
}

fn reply(response: async_graphql::Response, media: Media, id: &str) -> Response<Body> {
    let status = response::status(&response, media);
    let mut reply = respond(status, media, response::render(response, id));
    let header = match status {
        StatusCode::UNAUTHORIZED => Some((WWW_AUTHENTICATE, "Bearer")),
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => Some((RETRY_AFTER, "1")),
        _ => None,
    };
    if let Some((name, value)) = header {
        reply.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    reply
}

/// Builds the answer to a caller over the limit, with the seconds to wait before the next request.
fn limit(seconds: u64, media: Media, id: &str) -> Response<Body> {
    let mut reply = reply(response::limited(seconds), media, id);
    reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    reply
}

fn reject(rejection: &Rejection, media: Media, id: &str) -> Response<Body> {
    let body = response::failure(rejection.code, &rejection.message, id);
    let mut reply = respond(rejection.status, media, body);
    if let Some((name, value)) = &rejection.header {
        reply.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    reply
}

fn respond(status: StatusCode, media: Media, body: String) -> Response<Body> {
    let mut response = Response::new(Body::Text(body));
    *response.status_mut() = status;
    for (name, value) in
        [(CONTENT_TYPE, media.content_type()), (CACHE_CONTROL, "no-store"), (VARY, "Accept")]
    {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    CORS.share(response)
}
