//! Tests of settings that change or break while a desk is at work.

use serde_json::json;

use super::super::widget::ONE;
use super::super::{LATER, NOW, visitor};
use super::{Desk, Provider, of, trusting};
use crate::identity::*;

#[tokio::test]
async fn settings_that_failed_an_hour_ahead_are_read_again_when_the_clock_steps_back() {
    for ahead in [3, 60, 3600] {
        let desk = Desk::of(&json!("nonsense"));
        let unread = desk.identity.serves("acme", NOW + ahead).await;
        assert_eq!(unread, Err(Unidentified::Unavailable));
        desk.settle(&json!({ "providers": [of("https://id.acme.example", "acme")] }));
        assert_eq!(desk.identity.serves("acme", NOW).await, Ok(()), "{ahead} s ahead");
    }
}

#[tokio::test]
async fn issuers_and_keys_of_the_widget_come_and_go_with_the_settings() {
    let (one, two) = (Provider::start().await, Provider::start().await);
    let desk = Desk::of(&trusting(&one));
    let (ann, bob) = (one.token("1"), two.token("1"));
    assert_eq!(desk.outcome(&ann, NOW).await, Ok("acme".to_owned()));
    assert_eq!(desk.outcome(&bob, NOW).await, Err(Unverified::UnknownIssuer.into()));
    assert!(desk.identity.client_signer(NOW).await.is_none());
    desk.settle(&json!({
        "providers": [of(&one.issuer(), "acme"), of(&two.issuer(), "globex")],
        "widgetKeys": [{ "id": "1", "privateKey": *ONE }],
    }));
    // A tenant that was just taken in need not wait for the settings to grow old.
    assert_eq!(desk.outcome(&bob, NOW + 60).await, Ok("globex".to_owned()));
    let signer = desk.identity.client_signer(NOW + 60).await.expect("a key that signs");
    let client = signer.sign_client("globex", visitor(), LATER).expect("a token");
    let held = desk.identity.holder(&client, NOW + 60).await.expect("a token of ours");
    assert_eq!(held.subject, Subject::Client(visitor()));
    // The keys of a provider that stays are not fetched again.
    assert_eq!(desk.outcome(&ann, NOW + 60).await, Ok("acme".to_owned()));
    assert_eq!(one.asked(), ["/keys"]);
    desk.settle(&json!({ "providers": [of(&two.issuer(), "globex")] }));
    assert_eq!(desk.outcome(&ann, NOW + 359).await, Ok("acme".to_owned()));
    assert_eq!(desk.outcome(&ann, NOW + 360).await, Err(Unverified::UnknownIssuer.into()));
}

#[tokio::test]
async fn settings_that_are_broken_do_not_lock_anybody_out() {
    let provider = Provider::start().await;
    let desk = Desk::of(&json!("nonsense"));
    let token = provider.token("1");
    assert_eq!(desk.outcome(&token, NOW).await, Err(Unidentified::Unavailable));
    desk.settle(&trusting(&provider));
    assert_eq!(desk.outcome(&token, NOW + 2).await, Ok("acme".to_owned()));
    desk.settle(&json!({ "providers": 7 }));
    assert_eq!(desk.outcome(&token, NOW + 3000).await, Ok("acme".to_owned()));
}

#[tokio::test]
async fn without_settings_nobody_is_asked_for() {
    let nobody = Identity::nobody().expect("an identity");
    let provider = Provider::start().await;
    let outcome = nobody.authenticate(Some(&provider.token("1")), NOW).await;
    assert_eq!(outcome.err(), Some(Unverified::UnknownIssuer.into()));
    assert_eq!(provider.asked(), [""; 0]);
}

#[tokio::test]
async fn a_provider_that_is_wrong_locks_out_its_own_people_alone() {
    let provider = Provider::start().await;
    let mut wrong = of("https://id.globex.example", "globex");
    wrong["audiences"] = json!([]);
    let desk = Desk::of(&json!({ "providers": [wrong, of(&provider.issuer(), "acme")] }));
    // From the beginning: a new instance has no settings to fall back on.
    assert_eq!(desk.outcome(&provider.token("1"), NOW).await, Ok("acme".to_owned()));
}
