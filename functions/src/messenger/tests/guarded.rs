//! Tests of what the guard lets through, up to the connection.

use super::super::address::is_public;
use super::*;

const NO_PUBLIC_ADDRESS: Unanswered = Unanswered::Forbidden("The host has no public address.");

/// The tests have only loopback: this address of it takes the part of a public one.
fn is_second(address: IpAddr) -> bool {
    address == IpAddr::from([127, 0, 0, 2])
}

fn before(script: &Script, is_allowed: fn(IpAddr) -> bool) -> Messengers {
    Messengers::with(true, Guard::before(script.clone(), is_allowed), TIMEOUT).expect("TLS")
}

#[tokio::test]
async fn a_name_with_no_public_address_is_refused_without_a_connection() {
    let door = Door::at("127.0.0.1", 0);
    for addresses in [
        &["127.0.0.1"][..],
        &["169.254.169.254"],
        &["::ffff:10.0.0.1"],
        &["::ffff:127.0.0.1", "::1", "127.0.0.1", "0.0.0.0"],
        &["64:ff9b::7f00:1", "2002:7f00:1::1", "2001:0:7f00:1::1"],
    ] {
        let script = Script::new(&[addresses]);
        let call = post(format!("https://example.com:{}/", door.port));
        let found = before(&script, is_public).call(&call, Target::Public).await;
        assert_eq!((found, script.asked()), (Err(NO_PUBLIC_ADDRESS), 1), "{addresses:?}");
    }
    assert_eq!(door.opened("127.0.0.1"), 0);
}

#[tokio::test]
async fn of_mixed_addresses_only_the_public_are_tried() {
    let private = Door::at("127.0.0.1", 0);
    let public = Door::at("127.0.0.2", private.port);
    let script = Script::new(&[&["127.0.0.1", "127.0.0.2", "::ffff:127.0.0.1", "::1"]]);
    let call = post(format!("https://example.com:{}/", private.port));
    let found = before(&script, is_second).call(&call, Target::Public).await;
    assert!(matches!(found, Err(Unanswered::Unreachable(_))), "{found:?}");
    assert_eq!((private.opened("127.0.0.1"), public.opened("127.0.0.2")), (0, 1));
}

#[tokio::test]
async fn a_name_that_changes_its_address_leads_nowhere_else() {
    let private = Door::at("127.0.0.1", 0);
    let public = Door::at("127.0.0.2", private.port);
    let script = Script::new(&[&["127.0.0.2"], &["127.0.0.1"]]);
    let messengers = before(&script, is_second);
    let call = post(format!("https://example.com:{}/", private.port));
    // The address that was checked is connected to: a second question would have led elsewhere.
    let found = messengers.call(&call, Target::Public).await;
    assert!(matches!(found, Err(Unanswered::Unreachable(_))), "{found:?}");
    assert_eq!(script.asked(), 1);
    // The next connection asks and is checked anew.
    assert_eq!(messengers.call(&call, Target::Public).await, Err(NO_PUBLIC_ADDRESS));
    assert_eq!(script.asked(), 2);
    assert_eq!((private.opened("127.0.0.1"), public.opened("127.0.0.2")), (0, 1));
}

#[tokio::test]
async fn a_name_without_addresses_is_unreachable_and_not_forbidden() {
    let script = Script::new(&[&[]]);
    let found =
        before(&script, is_public).call(&post("https://example.com/"), Target::Public).await;
    assert!(matches!(found, Err(Unanswered::Unreachable(_))), "{found:?}");
}

#[tokio::test]
async fn a_name_of_this_machine_is_refused_by_its_address() {
    let door = Door::at("127.0.0.1", 0);
    for name in ["localhost", "LOCALHOST", "localhost."] {
        let call = post(format!("https://{name}:{}/", door.port));
        let found = local().call(&call, Target::Public).await;
        // Not every system resolves each spelling.
        let is_refused =
            matches!(found, Err(Unanswered::Unreachable(_))) || found == Err(NO_PUBLIC_ADDRESS);
        assert!(is_refused, "{name}: {found:?}");
    }
    let call = post(format!("https://localhost:{}/", door.port));
    assert_eq!(local().call(&call, Target::Public).await, Err(NO_PUBLIC_ADDRESS));
    assert_eq!(door.opened("127.0.0.1"), 0);
}

#[tokio::test]
async fn an_unusual_spelling_of_an_address_gets_past_neither_the_rule_nor_the_guard() {
    let door = Door::at("127.0.0.1", 0);
    for host in ["127.1", "0x7f.1", "2130706433", "0177.0.0.1", "127.0.0.1."] {
        let call = post(format!("https://{host}:{}/", door.port));
        let messengers = local();
        let found = messengers.call(&call, Target::Public).await;
        assert!(matches!(found, Err(Unanswered::Forbidden(_))), "{host}: {found:?}");
        // The same without the rule for the form of the URL, and without TLS, which refuses the
        // names.
        let url = call.url.replace("https:", "http:").parse().expect("a URL");
        let request = request(&call, url).expect("a request");
        let error = messengers.public.call(request).await.expect_err("no connection");
        let found = Unanswered::from(error);
        let is_unknown = matches!(found, Unanswered::Unreachable(_));
        assert!(is_unknown || found == NO_PUBLIC_ADDRESS, "{host}: {found:?}");
    }
    assert_eq!(door.opened("127.0.0.1"), 0);
}

#[tokio::test]
async fn what_the_rule_refuses_is_not_even_resolved() {
    let door = Door::at("127.0.0.1", 0);
    let script = Script::new(&[&["127.0.0.2"]]);
    let messengers = before(&script, is_second);
    let port = door.port;
    for url in [
        format!("https://127.0.0.1:{port}/"),
        format!("https://[::ffff:127.0.0.1]:{port}/"),
        format!("https://[::1]:{port}/"),
        format!("http://localhost:{port}/"),
        format!("http://example.com:{port}/"),
        format!("https://user@example.com:{port}/"),
        "https://example.com:22/".to_owned(),
        "http://127.0.0.1:80/".to_owned(),
        "http://127.0.0.1/".to_owned(),
    ] {
        let found = messengers.call(&post(url.clone()), Target::Public).await;
        assert!(matches!(found, Err(Unanswered::Forbidden(_))), "{url}: {found:?}");
    }
    assert_eq!((script.asked(), door.opened("127.0.0.1")), (0, 0));
}

#[tokio::test]
async fn in_the_cloud_127_0_0_1_is_refused() {
    let door = Door::at("127.0.0.1", 0);
    let cloud = Messengers::new(false).expect("TLS");
    let found = cloud.call(&post(format!("http://127.0.0.1:{}/", door.port)), Target::Public).await;
    assert!(matches!(found, Err(Unanswered::Forbidden(_))), "{found:?}");
    assert_eq!(door.opened("127.0.0.1"), 0);
}

#[tokio::test]
async fn a_connection_to_a_vendor_is_not_used_for_a_public_target() {
    let address = serve(Router::new()).await;
    let url = format!("http://{}/", address.replace("127.0.0.1", "localhost"));
    let script = Script::new(&[&["127.0.0.1"]]);
    let messengers = before(&script, is_public);
    assert_eq!(messengers.call(&post(&url), Target::Vendor).await.expect("an answer").status, 404);
    // The client of public targets, without the rule for the form of the URL.
    let request = request(&post(&url), url.parse().expect("a URL")).expect("a request");
    let error = messengers.public.call(request).await.expect_err("no connection");
    assert_eq!((Unanswered::from(error), script.asked()), (NO_PUBLIC_ADDRESS, 1));
}
