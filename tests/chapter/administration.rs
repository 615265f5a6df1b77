//! Administration: live chats, members, channels.

mod channel;
mod limit;
mod live_chat;
mod messenger;
mod role;

use domain::{EmployeeId, LiveChatId, TenantId};
use futures::future::join_all;
use serde_json::{Value, json};
use store::removal::Removal;
use tests::world::{Person, World, code, play, signature, texts, within};

const ERRORS: &str = "userErrors { code field }";

async fn create(ada: &Person, name: &str, key: Option<&str>) -> Value {
    let document = format!(
        "mutation($n: String!, $k: String) {{ createLiveChat(name: $n, idempotencyKey: $k) {{
            liveChat {{ id name sessionNameTemplate origins viewerRoles
                channels {{ id kind name inboundPath }} members {{ employee {{ name }} }} }}
            {ERRORS} }} }}"
    );
    ada.act(&document, json!({ "n": name, "k": key })).await
}

async fn member(who: &Person, live_chat: &str, employee: &str, roles: &[&str]) -> Value {
    let document = format!(
        "mutation($l: ID!, $e: ID!, $r: [Role!]!) {{
            setMember(liveChatId: $l, employeeId: $e, roles: $r) {{
                liveChat {{ id members {{ employee {{ name }} roles }} }} {ERRORS} }} }}"
    );
    who.act(&document, json!({ "l": live_chat, "e": employee, "r": roles })).await
}

async fn webhook(who: &Person, live_chat: &str, name: &str, key: Option<&str>) -> Value {
    let document = format!(
        "mutation($l: ID!, $n: String!, $k: String) {{
            createChannel(liveChatId: $l, kind: WEBHOOK, name: $n, idempotencyKey: $k) {{
                channel {{ id kind name inboundPath }} secret {ERRORS} }} }}"
    );
    who.act(&document, json!({ "l": live_chat, "n": name, "k": key })).await
}

/// One mutation with the live chat as `$l` and one more argument as `$x`.
async fn set(who: &Person, call: &str, ty: &str, live_chat: &str, argument: Value) -> Value {
    let document = format!("mutation($l: ID!, $x: {ty}) {{ {call} {{ {ERRORS} }} }}");
    who.act(&document, json!({ "l": live_chat, "x": argument })).await
}

/// Posts a signed message to a channel; the status.
async fn post(world: &World, path: &Value, secret: &Value, id: &str) -> u16 {
    let channel = path.as_str().unwrap().rsplit('/').next().unwrap();
    let message = json!({ "messageId": id, "from": { "id": "c1", "name": "Zoe" }, "text": "Hi" });
    let (body, secret) = (message.to_string(), secret.as_str().unwrap());
    let signature = signature(secret, &body);
    world.webhook_raw(channel, body, Some(signature)).await.0
}

#[test]
fn a_new_live_chat_is_in_work_as_soon_as_it_has_an_operator() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.online("ann").await);
        let created = create(&ada, "  Complaints ", None).await;
        assert_eq!(code(&created), "", "{created}");
        let live_chat = &created["liveChat"];
        assert_eq!(
            (&live_chat["name"], &live_chat["viewerRoles"]),
            (&json!("Complaints"), &json!([]))
        );
        let channels = live_chat["channels"].as_array().unwrap();
        let mut kinds = texts(channels, "kind");
        kinds.sort();
        assert_eq!(kinds, ["INTERNAL", "WEB"]);
        let id = live_chat["id"].as_str().unwrap();
        let wish = json!({ "liveChatId": id, "name": "Zoe" });
        let token = world.widget(&wish).await.1["token"].as_str().unwrap().to_owned();
        world.holder("zoe", Some(token)).post("Hello").await;
        world.employee("kim").await.post_to(id, "Hello from inside").await;
        let document = "query($id: ID!) { viewer { liveChat(id: $id) { id } } }";
        let before = ann.get_with(document, json!({ "id": id })).await;
        assert_eq!(before["viewer"]["liveChat"], Value::Null);
        let joined = member(&ada, id, &ann.id().await, &["OPERATOR", "OPERATOR"]).await;
        assert_eq!(
            joined["liveChat"]["members"],
            json!([{ "employee": { "name": "Ann" }, "roles": ["OPERATOR"] }])
        );
        assert_eq!(texts(&ann.group_of("Complaints", "QUEUE").await, "name"), ["Zoe", "Kim"]);
        assert_eq!(ann.badge().await, [0, 0, 0, 2]);
        assert_eq!(ann.claim_next(None).await["session"]["name"], "Zoe");
    });
}

#[test]
fn the_same_key_creates_one_live_chat_however_often_it_comes() {
    play(async |world| {
        let ada = world.employee("ada").await;
        let all = join_all((0..8).map(|_| create(&ada, "Complaints", Some("k1")))).await;
        let first = &all[0]["liveChat"]["id"];
        assert!(
            first.is_string() && all.iter().all(|each| each["liveChat"]["id"] == *first),
            "{all:?}"
        );
        assert_eq!(code(&create(&ada, "Praise", Some("k1")).await), "KEY_REUSED");
        assert_ne!(create(&ada, "Complaints", Some("k2")).await["liveChat"]["id"], *first);
        let document = "query($a: String) { administration { liveChats(first: 2, after: $a) {
            nodes { name } pageInfo { hasNextPage endCursor } } } }";
        let page = ada.get_with(document, json!({})).await["administration"]["liveChats"].clone();
        assert_eq!(texts(page["nodes"].as_array().unwrap(), "name"), ["Complaints", "Complaints"]);
        assert_eq!(page["pageInfo"]["hasNextPage"], true);
        let after = json!({ "a": page["pageInfo"]["endCursor"] });
        let page = ada.get_with(document, after).await["administration"]["liveChats"].clone();
        assert_eq!(texts(page["nodes"].as_array().unwrap(), "name"), ["Sales", "Support"]);
        assert_eq!(page["pageInfo"]["hasNextPage"], false);
    });
}

#[test]
fn a_live_chat_is_renamed_and_names_its_sessions_by_its_template() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.employee("ann").await);
        let support = world.live_chat("Support").await;
        let rename = "renameLiveChat(liveChatId: $l, name: $x)";
        assert_eq!(code(&set(&ada, rename, "String!", &support, json!("Help")).await), "");
        let template = "setSessionNameTemplate(liveChatId: $l, template: $x)";
        let named = json!("{liveChat}: {client} by {channel}");
        assert_eq!(code(&set(&ada, template, "String!", &support, named).await), "");
        let zoe = world.client("Zoe").await;
        zoe.post("Hello").await;
        assert_eq!(texts(&ann.group_of("Help", "QUEUE").await, "name"), ["Help: Zoe by Web"]);
        for (call, wrong) in [(rename, " "), (rename, "a\nb"), (template, "{who}"), (template, "")]
        {
            let refused = set(&ada, call, "String!", &support, json!(wrong)).await;
            assert_eq!(code(&refused), "INVALID", "{wrong}");
        }
    });
}

#[test]
fn who_is_operator_no_more_gives_their_sessions_back() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.online("ann").await);
        let bob = world.employee("bob").await;
        let support = world.live_chat("Support").await;
        // More than one step of the job.
        for number in 0..60 {
            world.client(&format!("Client {number}")).await.post("Hello").await;
        }
        for _ in 0..60 {
            assert_eq!(code(&ann.claim_next(None).await), "");
        }
        let read = ann.group("MY").await[0]["id"].as_str().unwrap().to_owned();
        ann.read(&read, 1).await;
        let socket = bob.socket().await;
        let mut alerts = socket.listen(tests::world::ALERTS, json!({})).await;
        let removed = member(&ada, &support, &ann.id().await, &["SUPERVISOR"]).await;
        assert_eq!(code(&removed), "", "{removed}");
        // From this very moment they get nothing more.
        world.client("Late").await.post("Hello").await;
        assert_eq!(code(&ann.claim_next(None).await), "FORBIDDEN");
        // Each step of the job is woken by the one before.
        within("the job", async {
            while bob.badge().await != [0, 0, 0, 61] {
                world.settle(&[]).await;
            }
        })
        .await;
        world.settle(&[&socket]).await;
        assert_eq!(ann.badge().await, [61, 0, 61, 0]);
        let session = bob.session(&read).await;
        assert_eq!((&session["state"], &session["unreadCount"]), (&json!("QUEUED"), &json!(1)));
        let dialog = bob.dialog(&read).await;
        assert_eq!(texts(&dialog, "kind"), ["CLIENT", "EVENT", "EVENT"]);
        assert_eq!(dialog[2]["event"]["kind"], "RETURNED");
        assert_eq!(dialog[2]["event"]["from"]["name"], "Ann");
        assert_eq!(dialog[2]["author"]["__typename"], "System");
        let rung = texts(&alerts.rest(), "kind");
        assert_eq!(rung.iter().filter(|kind| *kind == "RETURNED").count(), 60, "{rung:?}");
    });
}

#[test]
fn a_step_of_giving_back_may_be_done_twice_and_by_several_at_once() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.online("ann").await);
        let support = world.live_chat("Support").await;
        for number in 0..8 {
            world.client(&format!("Client {number}")).await.post("Hello").await;
            assert_eq!(code(&ann.claim_next(None).await), "");
        }
        let sessions = texts(&ann.group("MY").await, "id");
        assert_eq!(code(&member(&ada, &support, &ann.id().await, &["SUPERVISOR"]).await), "");
        // The worker does it as well, at the same time.
        let removal = |step| Removal {
            live_chat: LiveChatId::parse("support").unwrap(),
            employee: EmployeeId::parse("ann").unwrap(),
            step,
        };
        let (store, tenant) = (&world.running.app.store, TenantId::parse("demo").unwrap());
        let steps: Vec<_> = [1, 1, 2, 1, 7].into_iter().map(removal).collect();
        let done = join_all(steps.iter().map(|step| store.of(&tenant).give_back(step))).await;
        assert!(done.iter().all(Result::is_ok), "{done:?}");
        let bob = world.employee("bob").await;
        within("the job", async {
            while bob.badge().await != [0, 0, 0, 8] {
                world.settle(&[]).await;
            }
        })
        .await;
        for session in sessions {
            let kinds = bob.dialog(&session).await;
            assert_eq!(texts(&kinds, "kind"), ["CLIENT", "EVENT", "EVENT"], "returned once");
        }
    });
}

#[test]
fn somebody_who_leaves_loses_the_sight_and_gets_it_back_with_the_role() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.online("ann").await);
        let support = world.live_chat("Support").await;
        world.client("Zoe").await.post("Hello").await;
        let (session, id) = (ann.waiting().await, ann.id().await);
        assert_eq!(code(&member(&ada, &support, &id, &[]).await), "");
        assert_eq!(ann.session(&session).await, Value::Null);
        assert_eq!(ann.badge().await, [0; 4]);
        assert_eq!(code(&ann.claim(&session).await), "NOT_FOUND");
        let again = member(&ada, &support, &id, &["OPERATOR"]).await;
        assert_eq!(code(&again), "");
        assert_eq!(code(&ann.claim(&session).await), "");
        // The job of the removal is over and done with: it takes nothing away now.
        world.settle(&[]).await;
        assert_eq!(ann.group("MY").await.len(), 1);
        let unknown = member(&ada, &support, &support, &["OPERATOR"]).await;
        assert_eq!(code(&unknown), "NOT_FOUND");
    });
}

#[test]
fn a_webhook_has_a_secret_that_is_shown_once_and_can_be_changed() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.employee("ann").await);
        let support = world.live_chat("Support").await;
        let created = webhook(&ada, &support, "Shop", Some("k")).await;
        assert_eq!((code(&created), &created["channel"]["kind"]), ("", &json!("WEBHOOK")));
        assert_eq!(webhook(&ada, &support, "Shop", Some("k")).await, created, "the first answer");
        assert_eq!(code(&webhook(&ada, &support, "Other", Some("k")).await), "KEY_REUSED");
        let (path, secret) = (&created["channel"]["inboundPath"], &created["secret"]);
        assert!(secret.as_str().unwrap().len() >= 40, "{secret}");
        assert_eq!(post(world, path, secret, "m1").await, 200);
        assert_eq!(post(world, path, &json!("demo-secret"), "m2").await, 401);
        let rotate = "mutation($c: ID!) { rotateChannelSecret(channelId: $c) {
            channel { id } secret userErrors { code field } } }";
        let rotated = ada.act(rotate, json!({ "c": created["channel"]["id"] })).await;
        assert_ne!(rotated["secret"], *secret);
        assert_eq!(post(world, path, secret, "m2").await, 200, "for a day");
        assert_eq!(post(world, path, &rotated["secret"], "m3").await, 200);
        let document = "query($id: ID!) { node(id: $id) { ... on Channel { name inboundPath } } }";
        let seen = ann.get_with(document, json!({ "id": created["channel"]["id"] })).await;
        assert_eq!(seen["node"], json!({ "name": "Shop", "inboundPath": null }));
        let refused = ann.act(rotate, json!({ "c": created["channel"]["id"] })).await;
        assert_eq!(code(&refused), "FORBIDDEN");
        let web = ada
            .get_with(
                "query($id: ID!) { node(id: $id) { ... on LiveChat {
            channels { id kind } } } }",
                json!({ "id": support }),
            )
            .await;
        let channels = web["node"]["channels"].as_array().unwrap();
        let web = channels.iter().find(|channel| channel["kind"] == "WEB").unwrap();
        assert_eq!(code(&ada.act(rotate, json!({ "c": web["id"] })).await), "INVALID");
        let wrong = [
            ("WEB", "kind"),
            ("INTERNAL", "kind"),
            ("TELEGRAM", "settings"),
            ("WHATSAPP", "settings"),
        ];
        for (kind, field) in wrong {
            let call = "createChannel(liveChatId: $l, kind: $x, name: \"More\")";
            let refused = set(&ada, call, "ChannelKind!", &support, json!(kind)).await;
            assert_eq!(refused["userErrors"], json!([{ "code": "INVALID", "field": [field] }]));
        }
    });
}

#[test]
fn only_the_pages_of_the_list_may_carry_the_widget() {
    play(async |world| {
        let ada = world.employee("ada").await;
        let support = world.live_chat("Support").await;
        let call = "setLiveChatOrigins(liveChatId: $l, origins: $x)";
        let origins = json!(["https://Shop.example/", "http://localhost:8080"]);
        assert_eq!(code(&set(&ada, call, "[String!]!", &support, origins).await), "");
        let ask = async |origin: Option<&str>| {
            let request = world.http().post(world.url("/widget/token"));
            let request = request.json(&json!({ "liveChatId": support }));
            let request = match origin {
                Some(origin) => request.header("origin", origin),
                None => request,
            };
            request.send().await.unwrap().status().as_u16()
        };
        assert_eq!(ask(Some("https://shop.example")).await, 200);
        assert_eq!(ask(Some("http://localhost:8080")).await, 200);
        assert_eq!(ask(Some("https://evil.example")).await, 403);
        assert_eq!(ask(None).await, 403);
        assert_eq!(code(&set(&ada, call, "[String!]!", &support, json!(["*"])).await), "INVALID");
        assert_eq!(code(&set(&ada, call, "[String!]!", &support, json!([])).await), "");
        assert_eq!(ask(None).await, 200);
    });
}

#[test]
fn employees_are_there_from_their_first_sight_and_found_by_typing() {
    play(async |world| {
        let ada = world.employee("ada").await;
        let document = "query($q: String, $a: String) { administration {
            employees(query: $q, first: 3, after: $a) {
                nodes { name } pageInfo { hasNextPage endCursor } } } }";
        let mut found = Vec::new();
        let mut after = Value::Null;
        loop {
            let page = ada.get_with(document, json!({ "a": after })).await;
            let page = &page["administration"]["employees"];
            found.extend(texts(page["nodes"].as_array().unwrap(), "name"));
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        found.sort();
        assert_eq!(found, ["Ada", "Ann", "Bea", "Bob", "Dan", "Eve", "Kim", "Sue"]);
        let page = ada.get_with(document, json!({ "q": "AN" })).await;
        let names = texts(page["administration"]["employees"]["nodes"].as_array().unwrap(), "name");
        assert_eq!(names, ["Ann", "Dan"]);
    });
}

#[test]
fn administration_is_for_administrators_and_gives_no_sight_of_sessions() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.online("ann").await);
        let support = world.live_chat("Support").await;
        let other = world.employee("other/ann").await;
        world.client("Zoe").await.post("Hello").await;
        let session = ann.waiting().await;
        assert_eq!(ada.session(&session).await, Value::Null);
        let document = "query($id: ID!) { node(id: $id) { ... on LiveChat {
            name sessions(group: QUEUE, first: 10) { nodes { id } } } } }";
        let seen = ada.get_with(document, json!({ "id": support })).await;
        assert_eq!(seen["node"], json!({ "name": "Support", "sessions": { "nodes": [] } }));
        let rename = "renameLiveChat(liveChatId: $l, name: $x)";
        for (who, refusal) in [(&ann, "FORBIDDEN"), (&other, "NOT_FOUND")] {
            let answer = who.send_document("{ administration { __typename } }", json!({})).await;
            assert_eq!(answer.code(), "FORBIDDEN");
            assert_eq!(code(&create(who, "Mine", None).await), "FORBIDDEN");
            assert_eq!(code(&set(who, rename, "String!", &support, json!("Mine")).await), refusal);
            assert_eq!(code(&webhook(who, &support, "Mine", None).await), refusal);
            let me = who.id().await;
            assert_eq!(code(&member(who, &support, &me, &["SUPERVISOR"]).await), refusal);
        }
        assert_eq!(ann.group("QUEUE").await.len(), 1);
    });
}

#[test]
fn an_employee_has_roles_in_100_live_chats_at_most_and_every_list_is_whole() {
    play(async |world| {
        let (ada, kim) = (world.employee("ada").await, world.employee("kim").await);
        let id = kim.id().await;
        let mut chats = Vec::new();
        for number in 0..101 {
            let created = create(&ada, &format!("Chat {number}"), None).await;
            chats.push(created["liveChat"]["id"].as_str().unwrap().to_owned());
        }
        let (last, first) = chats.split_last().unwrap();
        for chat in first {
            assert_eq!(code(&member(&ada, chat, &id, &["OPERATOR"]).await), "");
        }
        // Another role where one has one already is no further live chat.
        assert_eq!(code(&member(&ada, &first[0], &id, &["SUPERVISOR"]).await), "");
        assert_eq!(code(&member(&ada, last, &id, &["OPERATOR"]).await), "LIMIT");
        let lists = "{ viewer { liveChats { id } internalLiveChats { id } } }";
        let viewer = &kim.get(lists).await["viewer"];
        assert_eq!(viewer["liveChats"].as_array().unwrap().len(), 100);
        let writes_to = viewer["internalLiveChats"].as_array().unwrap();
        assert!(chats.iter().all(|chat| writes_to.iter().any(|one| one["id"] == chat.as_str())));
        // Room is made by leaving one.
        assert_eq!(code(&member(&ada, &first[1], &id, &[]).await), "");
        assert_eq!(code(&member(&ada, last, &id, &["OPERATOR"]).await), "");
    });
}
