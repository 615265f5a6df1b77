//! Tests of tenants that are served: those with a provider, and those of the demo.

use serde_json::json;

use super::super::widget::ONE;
use super::super::{LATER, NOW, visitor};
use super::{Desk, Provider, of};
use crate::identity::*;

#[tokio::test]
async fn a_tenant_that_has_no_provider_any_more_has_no_widget_any_more() {
    let provider = Provider::start().await;
    let settings = |tenants: &[&str]| {
        let providers: Vec<_> =
            tenants.iter().map(|tenant| of(&provider.issuer(), tenant)).collect();
        json!({ "providers": providers, "widgetKeys": [{ "id": "1", "privateKey": *ONE }] })
    };
    let desk = Desk::of(&settings(&["acme"]));
    let signer = desk.identity.client_signer(NOW).await.expect("a key that signs");
    let sign = |tenant| signer.sign_client(tenant, visitor(), LATER).expect("a token");
    let (acme, globex) = (sign("acme"), sign("globex"));
    let off = || Err(Unidentified::from(Unverified::TenantIsOff));
    let held =
        async |token: &str, now| desk.identity.holder(token, now).await.map(|claims| claims.tenant);
    assert_eq!(held(&acme, NOW).await, Ok("acme".to_owned()));
    assert_eq!(held(&globex, NOW).await, off());
    assert_eq!(desk.identity.serves("globex", NOW).await.err(), off().err());
    desk.settle(&settings(&[]));
    // The settings are good for five minutes, and longer only while they cannot be read.
    assert_eq!(held(&acme, NOW + 299).await, Ok("acme".to_owned()));
    assert_eq!(held(&acme, NOW + 300).await, off());
    desk.settle(&json!("nonsense"));
    assert_eq!(held(&acme, NOW + 600).await, off());
    desk.settle(&settings(&["acme"]));
    assert_eq!(held(&acme, NOW + 900).await, Ok("acme".to_owned()));
    desk.settle(&json!("nonsense"));
    assert_eq!(held(&acme, NOW + 9000).await, Ok("acme".to_owned()));
}

#[tokio::test]
async fn while_the_settings_were_never_read_nobody_knows_who_is_served() {
    let desk = Desk::of(&json!("nonsense"));
    assert_eq!(desk.identity.serves("acme", NOW).await, Err(Unidentified::Unavailable));
    desk.settle(&json!({ "providers": [] }));
    assert_eq!(desk.identity.serves("acme", NOW + 60).await, Err(Unverified::TenantIsOff.into()));
}

#[tokio::test]
async fn the_tenants_of_the_demo_are_served_without_a_provider() {
    let place = tempfile::tempdir().expect("a place");
    let file = place.path().join("issuers.json");
    std::fs::write(&file, "{}").expect("written");
    let identity = Identity::new(None, Source::File(file)).expect("an identity");
    let identity = identity.serving(&["demo"]);
    assert_eq!(identity.serves("demo", NOW).await, Ok(()));
    assert_eq!(identity.serves("acme", NOW).await, Err(Unverified::TenantIsOff.into()));
}
