//! The page of the small messenger: a document, a script and a style, and nothing from elsewhere.

use axum::Router;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// Returns the routes of the page.
pub(super) fn routes() -> Router {
    let html = include_str!("page/page.html");
    let script = include_str!("page/page.js");
    let style = include_str!("page/page.css");
    Router::new()
        .route("/dev/telegram", get(async move || file("text/html", html)))
        .route("/dev/telegram/page.js", get(async move || file("text/javascript", script)))
        .route("/dev/telegram/page.css", get(async move || file("text/css", style)))
}

fn file(kind: &str, content: &'static str) -> Response {
    let headers: [(HeaderName, String); 4] = [
        (header::CONTENT_TYPE, format!("{kind}; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    (headers, content).into_response()
}
