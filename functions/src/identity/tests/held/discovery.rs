//! Tests of discovery: the place of a provider's keys, and answers that are none.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::super::NOW;
use super::{Desk, Provider, of, trusting};
use crate::identity::*;

#[tokio::test]
async fn where_the_keys_are_is_found_out_by_discovery() {
    let provider = Provider::start().await;
    let mut settings = trusting(&provider);
    settings["providers"][0].as_object_mut().expect("a provider").remove("jwksUri");
    let desk = Desk::of(&settings);
    assert!(desk.outcome(&provider.token("1"), NOW).await.is_ok());
    assert_eq!(provider.asked(), ["/.well-known/openid-configuration", "/keys"]);
}

#[tokio::test]
async fn a_discovery_document_of_somebody_else_is_not_believed() {
    let provider = Provider::start().await;
    let here = format!("http://localhost:{}", provider.address.port());
    let mut settings = json!({ "providers": [of(&here, "acme")] });
    settings["providers"][0].as_object_mut().expect("a provider").remove("jwksUri");
    let desk = Desk::of(&settings);
    let body = URL_SAFE_NO_PAD.encode(json!({ "iss": here }).to_string());
    let header = URL_SAFE_NO_PAD.encode(json!({ "alg": "EdDSA", "kid": "1" }).to_string());
    let token = format!("Bearer {header}.{body}.AAAA");
    assert_eq!(desk.outcome(&token, NOW).await, Err(Unidentified::Unavailable));
    assert_eq!(provider.asked(), ["/.well-known/openid-configuration"]);
}

#[tokio::test]
async fn an_answer_without_end_or_from_elsewhere_is_none() {
    let provider = Provider::start().await;
    for path in ["large", "elsewhere"] {
        let mut settings = trusting(&provider);
        settings["providers"][0]["jwksUri"] = json!(format!("{}/{path}", provider.issuer()));
        let desk = Desk::of(&settings);
        assert_eq!(desk.outcome(&provider.token("1"), NOW).await, Err(Unidentified::Unavailable));
    }
}
