//! Tests that nothing of a call is printed.

use std::fmt;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::*;

/// Keeps all that is traced.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        *self.0.lock().expect("a lock") += &format!("{field}={value:?}\n");
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

fn call(origin: &str) -> Call {
    let mut call = post(format!("{origin}/bot1:secret/send?token=secret"));
    call.headers.push(("x-key", "secret".to_owned()));
    call.headers.push(("authorization", "Bearer secret".to_owned()));
    call.body = b"secret".to_vec();
    call
}

/// Makes calls that succeed and fail in each way; returns what came of them, as it is printed.
async fn outcomes() -> Vec<String> {
    let long = || async { vec![b'a'; 100_000] };
    let broken = || async {
        let first = Ok(axum::body::Bytes::from_static(b"secret"));
        let parts = futures::stream::iter([first, Err("secret")]);
        axum::body::Body::from_stream(parts)
    };
    let router = Router::new()
        .route("/{bot}/send", axum::routing::any(|| async { "secret" }))
        .route("/long/{bot}/send", axum::routing::any(long))
        .route("/broken/{bot}/send", axum::routing::any(broken))
        .route("/silent/{bot}/send", axum::routing::any(std::future::pending::<()>));
    let address = serve(router).await;
    let (_bound, closed) = closed();
    let messengers = Messengers::with(true, Guard::new(), SHORT).expect("TLS");
    let mut printed = Vec::new();
    for origin in [
        format!("http://{address}"),
        format!("http://{address}/long"),
        format!("http://{address}/broken"),
        format!("http://{address}/silent"),
        format!("http://{closed}"),
        format!("https://{}", closed.replace("127.0.0.1", "localhost")),
        format!("https://{address}"),
        "https://secret@example.com".to_owned(),
        "secret".to_owned(),
        String::new(),
    ] {
        for target in [Target::Vendor, Target::Public] {
            let found = messengers.call(&call(&origin), target).await;
            let text = found.as_ref().err().map(ToString::to_string);
            printed.push(format!("{found:?} {text:?} {messengers:?}"));
        }
    }
    printed
}

#[test]
fn neither_errors_nor_traces_contain_anything_of_a_call() {
    let log = Log::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let printed = tracing::subscriber::with_default(log.clone(), || {
        runtime.expect("a runtime").block_on(outcomes())
    });
    for line in &printed {
        assert!(!line.contains("secret"), "{line}");
    }
    let traced = log.0.lock().expect("a lock").clone();
    assert!(traced.contains("127.0.0.1"), "the log is there");
    let line = traced.lines().find(|line| line.contains("secret"));
    assert_eq!(line, None);
    for expected in ["status: 200", "TimedOut", "Unreachable", "Forbidden"] {
        assert!(printed.iter().any(|line| line.contains(expected)), "{expected}: {printed:#?}");
    }
}
