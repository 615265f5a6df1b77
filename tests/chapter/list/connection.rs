//! Every connection of the schema by the same rules: how long a page is, where it begins, and what
//! lies around it.

use serde_json::{Value, json};
use tests::world::{Person, World, code, play};

/// A connection, and who reads it.
struct List {
    who: Person,
    /// The root field that leads to it, and the type of what that gives.
    root: String,
    of: &'static str,
    field: &'static str,
    /// The arguments that it needs besides.
    others: &'static str,
}

impl List {
    fn name(&self) -> String {
        format!("{}.{}", self.of, self.field)
    }

    /// The arguments that say how long a page is. A dialog is read from its end as well.
    fn ways(&self) -> &'static [&'static str] {
        if self.field == "messages" { &["first", "last"] } else { &["first"] }
    }

    fn document(&self, arguments: &str) -> String {
        let Self { root, of, field, others, .. } = self;
        let given = format!("{others} {arguments}");
        let given = if given.trim().is_empty() { given } else { format!("({given})") };
        format!(
            "{{ {root} {{ ... on {of} {{ {field}{given} {{ edges {{ cursor }} nodes {{ __typename }}
                pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }} }}"
        )
    }

    async fn page(&self, arguments: &str) -> Value {
        self.who.act(&self.document(arguments), json!({})).await[self.field].clone()
    }

    async fn assert_refused(&self, arguments: &str) {
        let answer = self.who.send_document(&self.document(arguments), json!({})).await;
        assert_eq!(answer.code(), "BAD_USER_INPUT", "{} ({arguments})", self.name());
    }
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap().to_owned()
}

/// All connections. Each has an entry, and those that are read from both ends have two.
async fn lists(world: &World) -> Vec<List> {
    let app = world.app("Orders").await;
    let (ada, ann) = (world.employee("ada").await, world.online("ann").await);
    let support = world.live_chat("Support").await;
    assert_eq!(code(&ada.create_template(&support, "Greeting", "Hello", None).await), "");
    let zoe = world.client("Zoe").await;
    zoe.post("Hello").await;
    zoe.post("Hello?").await;
    let session = ann.waiting().await;
    assert_eq!(code(&ann.reply(&session, "Yes").await), "");
    let item = id(&ann.create_and_bind(&session, &app, "Order 7", None).await["item"]);
    let client = id(&ann.session(&session).await["client"]);
    world.settle(&[]).await;
    let node = |id: &str| format!("node(id: \"{id}\")");
    let (viewer, administration) = ("viewer".to_owned(), "administration".to_owned());
    [
        (&ann, viewer.clone(), "Viewer", "sessions", ""),
        (&ann, viewer, "Viewer", "searchSessions", "query: \"o\""),
        (&ann, node(&support), "LiveChat", "sessions", "group: MY"),
        (&ann, node(&support), "LiveChat", "templates", ""),
        (&ann, node(&session), "Session", "messages", ""),
        (&ann, node(&session), "Session", "searchMessages", "query: \"e\""),
        (&ann, node(&session), "Session", "templates", ""),
        (&ann, node(&client), "Client", "sessions", ""),
        (&ann, node(&app), "App", "items", ""),
        (&ann, node(&item), "Item", "sessions", ""),
        (&zoe, "conversation".to_owned(), "Conversation", "messages", ""),
        (&ada, administration.clone(), "Administration", "liveChats", ""),
        (&ada, administration, "Administration", "employees", ""),
    ]
    .map(|(who, root, of, field, others)| List { who: who.clone(), root, of, field, others })
    .into()
}

#[test]
fn a_page_of_any_list_has_1_to_100_entries_and_has_to_say_so() {
    play(async |world| {
        for list in lists(world).await {
            for way in list.ways() {
                for count in [1, 100] {
                    let page = list.page(&format!("{way}: {count}")).await;
                    let length = |part: &str| page[part].as_array().unwrap().len();
                    assert!((1..=count).contains(&length("nodes")), "{}: {page}", list.name());
                    assert_eq!(length("edges"), length("nodes"), "{}", list.name());
                }
                for count in [0, 101, -1, i32::MAX, i32::MIN] {
                    list.assert_refused(&format!("{way}: {count}")).await;
                }
            }
            let null: String = list.ways().iter().map(|way| format!("{way}: null ")).collect();
            for without in ["", &null] {
                list.assert_refused(without).await;
            }
        }
    });
}

#[test]
fn a_page_of_any_list_begins_after_a_cursor_and_says_what_lies_around_it() {
    play(async |world| {
        for list in lists(world).await {
            let name = list.name();
            for cursor in ["", "nothing", "\u{1F389}", &"x".repeat(2000)] {
                list.assert_refused(&format!("first: 1 after: {}", json!(cursor))).await;
            }
            let page = list.page("first: 1").await;
            let (first, info) = (&page["edges"][0]["cursor"], &page["pageInfo"]);
            assert!(first.is_string(), "{name}: {page}");
            assert_eq!((&info["startCursor"], &info["endCursor"]), (first, first), "{name}");
            assert_eq!(info["hasPreviousPage"], false, "{name}");
            let next = list.page(&format!("first: 100 after: {first}")).await;
            let next = next["edges"].as_array().unwrap();
            assert!(next.iter().all(|edge| edge["cursor"] != *first), "{name}");
            assert!(info["hasNextPage"] == true || next.is_empty(), "{name}: {next:?}");
        }
    });
}

#[test]
fn what_is_read_from_its_end_ends_with_the_last_and_goes_on_before_it() {
    play(async |world| {
        for list in lists(world).await.iter().filter(|list| list.ways().contains(&"last")) {
            let all = list.page("first: 100").await["edges"].as_array().unwrap().clone();
            let (last, others) = all.split_last().unwrap();
            let end = list.page("last: 1").await;
            assert_eq!(end["edges"], json!([last]), "{}", list.name());
            assert_eq!(end["pageInfo"]["hasNextPage"], false);
            assert_eq!(end["pageInfo"]["hasPreviousPage"], true);
            let start = &end["pageInfo"]["startCursor"];
            let rest = list.page(&format!("last: 100 before: {start}")).await;
            assert_eq!(rest["edges"], json!(others), "{}", list.name());
            list.assert_refused("last: 1 before: \"nothing\"").await;
        }
    });
}

#[test]
fn a_cursor_of_another_list_is_a_fault_of_who_asks_or_none_and_shows_nothing() {
    play(async |world| {
        let (lists, eve) = (lists(world).await, world.employee("eve").await);
        let two = ["Viewer.sessions", "Session.messages"];
        for list in lists.iter().filter(|list| two.contains(&list.name().as_str())) {
            let cursor = list.page("first: 1").await["edges"][0]["cursor"].clone();
            for field in ["sessions(", "searchSessions(query: \"o\" "] {
                let document = format!(
                    "{{ viewer {{ {field}first: 5 after: {cursor}) {{ nodes {{ id }} }} }} }}"
                );
                for who in [&list.who, &eve] {
                    let answer = who.send_document(&document, json!({})).await;
                    assert!(["", "BAD_USER_INPUT"].contains(&answer.code()), "{}", answer.text);
                }
                let seen = eve.send_document(&document, json!({})).await.body;
                let found = seen["data"]["viewer"].as_object().and_then(|all| all.values().next());
                assert!(found.is_none_or(|list| list["nodes"] == json!([])), "{seen}");
            }
        }
    });
}
