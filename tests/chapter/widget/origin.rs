//! The pages that may carry the widget.

use serde_json::json;
use tests::world::{code, play};

#[test]
fn a_list_of_pages_is_exact_and_of_one_live_chat() {
    play(async |world| {
        let (support, sales) = (world.live_chat("Support").await, world.live_chat("Sales").await);
        let document = "mutation($l: ID!) {
            setLiveChatOrigins(liveChatId: $l, origins: [\"https://shop.example\"]) {
                userErrors { code } } }";
        let set = world.employee("ada").await.act(document, json!({ "l": support })).await;
        assert_eq!(code(&set), "");
        for (live_chat, page, status) in [
            (&support, "https://shop.example", 200),
            (&support, "https://other.example", 403),
            (&support, "http://shop.example", 403),
            (&support, "https://shop.example.evil", 403),
            (&sales, "https://other.example", 200),
        ] {
            let wish = json!({ "liveChatId": live_chat });
            let request = world.http().post(world.url("/widget/token")).json(&wish);
            let answer = request.header("origin", page).send().await.unwrap();
            assert_eq!(answer.status().as_u16(), status, "{page}");
        }
    });
}
