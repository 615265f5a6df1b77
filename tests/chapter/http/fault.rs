//! Errors beside the data: one code and a request id each.

use serde_json::json;
use tests::world::play;

#[test]
fn whatever_is_wrong_with_a_document_has_one_code_and_a_request_id() {
    play(async |world| {
        let ann = world.employee("ann").await;
        let (open, end) = ("sessions(first: 1) { nodes { client { ", "} } } ");
        let deep = format!("{{ viewer {{ {} id {} }} }}", open.repeat(8), end.repeat(8));
        for (document, code) in [
            ("{ viewer { ", "BAD_USER_INPUT"),
            ("{ viewer { nothing } }", "BAD_USER_INPUT"),
            ("{ viewer { sessions(first: 1, that: 2) { nodes { id } } } }", "BAD_USER_INPUT"),
            ("{ viewer { sessions(first: \"one\") { nodes { id } } } }", "BAD_USER_INPUT"),
            ("mutation { setPresence(presence: AWAY) { employee { id } } }", "BAD_USER_INPUT"),
            ("{ node { id } }", "BAD_USER_INPUT"),
            ("{ administration { apps { id } } }", "FORBIDDEN"),
            (&deep, "TOO_COMPLEX"),
        ] {
            let answer = ann.send_document(document, json!({})).await;
            let errors = answer.body["errors"].as_array().expect("errors");
            assert!(!errors.is_empty(), "{document}");
            for error in errors {
                assert_eq!(error["extensions"]["code"], code, "{document}: {error}");
                let id = error["extensions"]["requestId"].as_str();
                assert!(id.is_some_and(|id| !id.is_empty()), "{document}: {error}");
            }
        }
    });
}
