//! The rules for reply URLs, at the door of an administrator.

use serde_json::json;
use tests::world::{code, play};

use super::bench::{channel, create_channel, update_channel};
use super::hook::connect;

/// URLs that lead nowhere that a customer's system may be.
const REFUSED: [&str; 14] = [
    "https://10.0.0.1/answers",
    "https://127.0.0.1/answers",
    "https://169.254.169.254/latest/meta-data",
    "https://192.168.1.1:8443/answers",
    "https://[::1]/answers",
    "https://[::ffff:10.0.0.1]/answers",
    "https://2130706433/answers",
    "http://shop.example/answers",
    "http://10.0.0.1:8080/answers",
    "https://user@shop.example/answers",
    "https://user:password@shop.example/answers",
    "https://shop.example:22/answers",
    "ftp://shop.example/answers",
    "answers",
];

#[test]
fn a_reply_url_that_is_not_public_or_not_https_is_refused() {
    play(async |world| {
        let hook = connect(world).await;
        for url in REFUSED {
            let settings = json!({ "webhook": { "replyUrl": url } });
            let created = create_channel(world, "WEBHOOK", settings.clone()).await;
            assert_eq!(code(&created), "INVALID", "{url}: {created}");
            assert!(created["channel"].is_null() && created["secret"].is_null(), "{url}");
            let changed = update_channel(world, &hook.id, settings).await;
            assert_eq!(code(&changed), "INVALID", "{url}: {changed}");
        }
        let ada = world.employee("ada").await;
        assert_eq!(channel(&ada, &hook.id).await["canReply"], true, "the former one stays");
        for url in ["https://shop.example/answers", "https://shop.example:8443/a?b=c"] {
            let settings = json!({ "webhook": { "replyUrl": url } });
            assert_eq!(code(&create_channel(world, "WEBHOOK", settings).await), "", "{url}");
        }
    });
}
