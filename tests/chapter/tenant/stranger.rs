//! A person of another tenant who has the id of a colleague.

use serde_json::{Value, json};
use tests::world::{Person, code, play};

async fn presence(who: &Person) -> Value {
    let data = who.get("{ viewer { employee { presence } } }").await;
    data["viewer"]["employee"]["presence"].clone()
}

#[test]
fn of_two_tenants_neither_finds_or_changes_anything_of_the_other() {
    play(async |world| {
        let (ann, ada) = (world.online("ann").await, world.employee("ada").await);
        let stranger = world.online("other/ann").await;
        let document = "{ viewer { id employee { id } counters { id }
            liveChats { id name channels { id } } } }";
        let theirs = stranger.get(document).await["viewer"].clone();
        let live_chat = &theirs["liveChats"][0];
        let ids = [
            &theirs["id"],
            &theirs["employee"]["id"],
            &theirs["counters"]["id"],
            &live_chat["id"],
            &live_chat["channels"][0]["id"],
        ];
        let nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        let seen = stranger.get_with(nodes, json!({ "ids": ids })).await;
        assert_eq!(seen["nodes"], json!(ids.map(|id| json!({ "id": id }))));
        for who in [&ann, &ada] {
            let seen = who.get_with(nodes, json!({ "ids": ids })).await;
            assert_eq!(seen["nodes"], json!([null, null, null, null, null]), "{}", who.name);
        }

        let member = "mutation($l: ID!, $e: ID!) {
            setMember(liveChatId: $l, employeeId: $e, roles: [OPERATOR]) { userErrors { code } } }";
        let variables = json!({ "l": world.live_chat("Support").await, "e": stranger.id().await });
        assert_eq!(code(&ada.act(member, variables).await), "NOT_FOUND");
        let rename = "mutation($l: ID!) { renameLiveChat(liveChatId: $l, name: \"Taken over\") {
            userErrors { code } } }";
        assert_eq!(code(&ada.act(rename, json!({ "l": live_chat["id"] })).await), "NOT_FOUND");
        assert_eq!(stranger.get(document).await["viewer"], theirs);

        ann.presence("OFFLINE").await;
        assert_eq!(presence(&stranger).await, "ONLINE");
        ann.presence("ONLINE").await;
        stranger.presence("OFFLINE").await;
        assert_eq!(
            (presence(&ann).await, presence(&stranger).await),
            (json!("ONLINE"), json!("OFFLINE"))
        );
    });
}
