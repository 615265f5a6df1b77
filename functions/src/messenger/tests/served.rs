//! Tests of calls that reach a server, and of the bounds of its answer.

use std::convert::Infallible;
use std::process::Command;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, StatusCode, Uri};
use axum::routing::{any, get, post as on_post};
use futures::{StreamExt as _, stream};

use super::*;

/// The environment variable that has the test of proxies call a server, instead of starting one.
const SERVER: &str = "CHATDESK_TEST_SERVER";

#[tokio::test]
async fn a_call_arrives_as_it_is_and_its_answer_too() {
    let echo = |uri: Uri, headers: HeaderMap, body: Bytes| async move {
        let key = headers["x-key"].to_str().expect("a text").to_owned();
        let text = format!("{uri} {key} {}", String::from_utf8_lossy(&body));
        (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "7")], text)
    };
    let address = serve(Router::new().route("/{*path}", on_post(echo))).await;
    for target in [Target::Vendor, Target::Public] {
        let mut call = post(format!("http://{address}/a/b?c=d%20e"));
        call.headers.push(("x-key", "k".to_owned()));
        let answer = local().call(&call, target).await.expect("an answer");
        let text = String::from_utf8(answer.body).expect("UTF-8");
        assert_eq!((answer.status, answer.retry_after.as_deref()), (429, Some("7")));
        assert_eq!(text, "/a/b?c=d%20e k {}");
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let door = Door::at("127.0.0.1", 0);
    for location in [
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        format!("http://127.0.0.1:{}/", door.port),
    ] {
        for status in [301, 302, 303, 307, 308] {
            let headers = [("location", location.clone())];
            let status = StatusCode::from_u16(status).expect("a status");
            let address = serve(Router::new().fallback((status, headers))).await;
            for target in [Target::Vendor, Target::Public] {
                let answer = local().call(&post(format!("http://{address}/")), target).await;
                assert_eq!(answer.expect("an answer").status, status.as_u16());
            }
        }
    }
    assert_eq!(door.opened("127.0.0.1"), 0);
}

#[tokio::test]
async fn an_answer_of_64_kb_is_read_and_of_a_longer_one_the_status() {
    let endless = || async {
        Body::from_stream(stream::repeat(Ok::<_, Infallible>(Bytes::from_static(&[b'a'; 1000]))))
    };
    let router = Router::new()
        .route("/fits", get(|| async { vec![b'a'; 64 * 1024] }))
        .route("/long", get(|| async { vec![b'a'; 64 * 1024 + 1] }))
        .route("/endless", get(endless));
    let address = serve(router).await;
    let get = |path| Call {
        method: Method::GET,
        body: vec![],
        ..post(format!("http://{address}{path}"))
    };
    let answer = local().call(&get("/fits"), Target::Public).await.expect("an answer");
    assert_eq!(answer.body.len(), 64 * 1024);
    for target in [Target::Vendor, Target::Public] {
        for path in ["/long", "/endless"] {
            let answer = local().call(&get(path), target).await.expect("its status");
            assert_eq!((answer.status, answer.body.len()), (200, 0), "{path}");
        }
    }
}

#[tokio::test]
async fn the_head_of_an_answer_is_bounded() {
    let many = || async {
        let mut headers = HeaderMap::new();
        for number in 0..1000 {
            let name: HeaderName = format!("x-{number}").parse().expect("a name");
            headers.insert(name, http::HeaderValue::from_static("a"));
        }
        headers
    };
    let address = serve(Router::new().route("/", any(many))).await;
    let found = local().call(&post(format!("http://{address}/")), Target::Public).await;
    assert!(matches!(found, Err(Unanswered::Unreachable(_))), "{found:?}");
}

#[tokio::test]
async fn a_server_that_does_not_answer_times_out_and_one_that_does_not_end_has_answered() {
    let stalls = || async {
        let first = stream::once(async { Ok::<_, Infallible>(Bytes::from_static(b"a")) });
        Body::from_stream(first.chain(stream::pending()))
    };
    let silent = || async { std::future::pending::<StatusCode>().await };
    let router = Router::new().route("/stalls", any(stalls)).route("/silent", any(silent));
    let address = serve(router).await;
    // The kernel connects, and nothing accepts.
    let deaf = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let deaf_address = deaf.local_addr().expect("an address");
    let messengers = Messengers::with(true, Guard::new(), SHORT).expect("TLS");
    for target in [Target::Vendor, Target::Public] {
        let stalled = messengers.call(&post(format!("http://{address}/stalls")), target).await;
        let stalled = stalled.expect("its status");
        assert_eq!((stalled.status, stalled.body.len()), (200, 0));
    }
    for url in [format!("http://{address}/silent"), format!("http://{deaf_address}/")] {
        for target in [Target::Vendor, Target::Public] {
            let found = messengers.call(&post(&url), target).await;
            assert_eq!(found, Err(Unanswered::TimedOut), "{url}");
        }
    }
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let (_bound, address) = closed();
    let call = post(format!("http://{address}/"));
    let refused = Unanswered::Unreachable("The host refused the connection.".to_owned());
    for target in [Target::Vendor, Target::Public] {
        assert_eq!(local().call(&call, target).await, Err(refused.clone()));
    }
}

#[tokio::test]
async fn a_malformed_call_is_not_sent() {
    for (url, value) in [
        ("https://example.com", "a\nb"),
        ("https://user@example.com", "a"),
        ("not a url", "a"),
        ("/a", "a"),
        ("", "a"),
    ] {
        let mut call = post(url);
        call.headers.push(("x-key", value.to_owned()));
        assert_eq!(local().call(&call, Target::Vendor).await, Err(unsendable()), "{url}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_of_the_environment_is_not_used() {
    let messengers = local();
    if let Ok(address) = std::env::var(SERVER) {
        for target in [Target::Vendor, Target::Public] {
            let call = post(format!("http://{address}/"));
            assert_eq!(messengers.call(&call, target).await.expect("an answer").status, 418);
        }
        let call = post(format!("https://{address}/"));
        assert!(messengers.call(&call, Target::Vendor).await.is_err());
        let script = Script::new(&[&["127.0.0.1"]]);
        let is_loopback = |address: IpAddr| address.is_loopback();
        let guard = Guard::before(script, is_loopback);
        let messengers = Messengers::with(true, guard, TIMEOUT).expect("TLS");
        let call = post(format!("https://example.com:{}/", &address["127.0.0.1:".len()..]));
        assert!(messengers.call(&call, Target::Public).await.is_err());
        return;
    }
    let proxy = Door::at("127.0.0.1", 0);
    let served = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&served);
    let teapot = move || {
        count.fetch_add(1, Ordering::SeqCst);
        async { StatusCode::IM_A_TEAPOT }
    };
    let address = serve(Router::new().route("/", any(teapot))).await;
    // The environment of a process cannot be changed safely, so a second one runs this test.
    let (_, module) = module_path!().split_once("::").expect("a module");
    let mut run = Command::new(std::env::current_exe().expect("a path"));
    run.args([&format!("{module}::a_proxy_of_the_environment_is_not_used"), "--exact"]);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"] {
        run.env(name, format!("http://127.0.0.1:{}", proxy.port));
    }
    run.env_remove("NO_PROXY").env_remove("no_proxy").env(SERVER, &address);
    let output = tokio::task::spawn_blocking(move || run.output()).await.expect("a thread");
    let output = output.expect("a process");
    assert!(output.status.success(), "{output:?}");
    assert_eq!((served.load(Ordering::SeqCst), proxy.opened("127.0.0.1")), (2, 0));
}
