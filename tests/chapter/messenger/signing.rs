//! Signatures of what webhooks send, as Standard Webhooks has them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use tests::world::play_ahead;

use super::bench::answer;
use super::hook::connect;
use super::receiver::Post;

const HOUR: u64 = 60 * 60 * 1000;
const ROTATE: &str = "mutation($c: ID!) { rotateChannelSecret(channelId: $c) {
    secret userErrors { code } } }";

/// Returns the signature of a post under a secret.
fn signature(secret: &str, post: &Post) -> String {
    let encoded = secret.strip_prefix("whsec_").expect("the prefix");
    let key = STANDARD.decode(encoded).expect("base64");
    assert_eq!(key.len(), 32, "the bytes of a secret");
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(post.header("webhook-id").as_bytes());
    mac.update(b".");
    mac.update(post.header("webhook-timestamp").as_bytes());
    mac.update(b".");
    mac.update(&post.body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Returns the signatures that a post carries.
fn signatures(post: &Post) -> Vec<&str> {
    post.header("webhook-signature").split(' ').collect()
}

fn message(id: &str) -> Value {
    json!({ "messageId": id, "from": { "id": "Zoe" }, "text": "Hello?" })
}

#[test]
fn what_is_sent_is_signed_under_each_secret_that_is_valid() {
    play_ahead(async |world, clock| {
        let (hook, ann) = (connect(world).await, world.online("ann").await);
        let id = hook.open(&ann, "Zoe").await;
        answer(&ann, &id, "Good day").await;
        let first = hook.receiver.wait(1).await.pop().unwrap();
        assert_eq!(first.header("webhook-id"), first.text("deliveryId"));
        let at: u64 = first.header("webhook-timestamp").parse().unwrap();
        let now = world.running.app.store.now().as_seconds();
        assert!(at <= now && now - at < 60, "{at} {now}");
        assert_eq!(signatures(&first), [signature(&hook.secret, &first)]);

        let rotate = async || {
            let ada = world.employee("ada").await;
            let rotated = ada.act(ROTATE, json!({ "c": hook.id })).await;
            assert_eq!(rotated["userErrors"], json!([]));
            rotated["secret"].as_str().unwrap().to_owned()
        };
        let second = rotate().await;
        assert_ne!(second, hook.secret);
        answer(&ann, &id, "Again").await;
        let post = hook.receiver.wait(2).await.pop().unwrap();
        let both = [signature(&second, &post), signature(&hook.secret, &post)];
        let mut carried = signatures(&post);
        carried.sort_unstable();
        let mut wanted: Vec<&str> = both.iter().map(String::as_str).collect();
        wanted.sort_unstable();
        assert_eq!(carried, wanted);
        assert_eq!(hook.post_with(&hook.secret, &message("2")).await.0, 200);
        assert_eq!(hook.post_with(&second, &message("3")).await.0, 200);

        clock.pass(25 * HOUR);
        assert_eq!(hook.post_with(&hook.secret, &message("4")).await.0, 401);
        assert_eq!(hook.post_with(&second, &message("5")).await.0, 200);
        let ann = world.online("ann").await;
        answer(&ann, &id, "The next day").await;
        let post = hook.receiver.wait(3).await.pop().unwrap();
        assert_eq!(signatures(&post), [signature(&second, &post)]);

        // A further rotation ends the oldest secret at once.
        let third = rotate().await;
        let fourth = rotate().await;
        assert_eq!(hook.post_with(&second, &message("6")).await.0, 401);
        assert_eq!(hook.post_with(&third, &message("7")).await.0, 200);
        assert_eq!(hook.post_with(&fourth, &message("8")).await.0, 200);
    });
}
