//! Lengths of texts are counted in code points: a letter of four bytes counts once.

use serde_json::{Value, json};
use tests::world::{CONVERSATION, Person, World, code, play, texts};

/// One code point, two units of UTF-16, four bytes of UTF-8.
const LETTER: &str = "\u{10437}";

/// An argument with its bound.
struct Bounded {
    who: Person,
    /// The call, with the argument as `$x` and a key of its own as `<key>`.
    call: String,
    field: &'static str,
    most: usize,
}

impl Bounded {
    async fn give(&self, text: &str) -> Value {
        let call = self.call.replace("<key>", &self.who.fresh());
        let document =
            format!("mutation($x: String!) {{ {call} {{ userErrors {{ code field }} }} }}");
        self.who.act(&document, json!({ "x": text })).await
    }

    async fn check(&self) {
        let Self { call, field, most, .. } = self;
        for length in [1, *most] {
            let given = self.give(&LETTER.repeat(length)).await;
            assert_eq!(code(&given), "", "{length} of {call}");
        }
        for length in [0, most + 1] {
            let refused = self.give(&LETTER.repeat(length)).await;
            assert_eq!(code(&refused), "INVALID", "{length} of {call}");
            assert_eq!(refused["userErrors"][0]["field"], json!([field]), "{call}");
        }
    }
}

/// A session that somebody has.
async fn held(world: &World, who: &Person, client: &str) -> (Person, String) {
    let client = world.client(client).await;
    client.post("Hello").await;
    let id = who.waiting().await;
    assert_eq!(code(&who.claim(&id).await), "");
    (client, id)
}

#[test]
fn each_text_has_so_many_code_points_and_no_more() {
    play(async |world| {
        let (ada, ann) = (world.employee("ada").await, world.online("ann").await);
        let app = world.app("Orders").await;
        let chat = world.live_chat("Support").await;
        let (zoe, answered) = held(world, &ann, "Zoe").await;
        let (_, noted) = held(world, &ann, "Yan").await;
        let (reply, note) = (
            format!("sendMessage(sessionId: \"{answered}\","),
            format!("addNote(sessionId: \"{noted}\","),
        );
        let (text, key) =
            ("text: $x, clientMessageId: \"<key>\")", "text: \"A\", clientMessageId: $x)");
        let (id, template) = ("clientMessageId", format!("createTemplate(liveChatId: \"{chat}\","));
        let rows = [
            (&ann, format!("{reply} {text}"), "text", 8000),
            (&ann, format!("{reply} {key}"), id, 100),
            (&ann, format!("{note} {text}"), "text", 8000),
            (&ann, format!("{note} {key}"), id, 100),
            (&zoe, format!("postMessage({text}"), "text", 8000),
            (&zoe, format!("postMessage({key}"), id, 100),
            (&ann, format!("renameSession(sessionId: \"{noted}\", name: $x)"), "name", 200),
            (
                &ann,
                format!("createAndBindItem(sessionId: \"{noted}\", appId: \"{app}\", title: $x)"),
                "title",
                200,
            ),
            (&ada, "createLiveChat(name: $x)".to_owned(), "name", 200),
            (&ada, format!("renameLiveChat(liveChatId: \"{chat}\", name: $x)"), "name", 200),
            (
                &ada,
                format!("createChannel(liveChatId: \"{chat}\", kind: WEBHOOK, name: $x)"),
                "name",
                200,
            ),
            (&ada, "createApp(name: $x, kind: REQUEST)".to_owned(), "name", 200),
            (&ada, format!("{template} title: $x, text: \"Hello\")"), "title", 200),
            (&ada, format!("{template} title: \"Long\", text: $x)"), "text", 8000),
            (
                &ada,
                format!("setSessionNameTemplate(liveChatId: \"{chat}\", template: $x)"),
                "template",
                200,
            ),
        ];
        for (who, call, field, most) in rows {
            Bounded { who: who.clone(), call, field, most }.check().await;
        }
        // Of what was refused nothing is stored.
        for (session, kind) in [(&answered, "OPERATOR"), (&noted, "NOTE")] {
            let mut sent = ann.dialog(session).await;
            sent.retain(|entry| entry["kind"] == kind);
            assert_eq!(texts(&sent, "text"), [LETTER, &*LETTER.repeat(8000), "A", "A"]);
        }
        assert_eq!(zoe.conversation(None).await.len(), 1 + 4 + 4);
    });
}

#[test]
fn the_longest_is_read_and_pushed_whole() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        let socket = zoe.socket().await;
        let mut heard = socket.subscribe(CONVERSATION, json!({ "after": 0 }));
        let text = format!("{}!", LETTER.repeat(7999));
        zoe.post(&text).await;
        assert!(heard.entry().await["text"] == text.as_str(), "it is pushed whole");
        let id = ann.waiting().await;
        assert_eq!(code(&ann.claim(&id).await), "");
        let document = "mutation($id: ID!, $n: String!) { renameSession(sessionId: $id, name: $n) {
            userErrors { code } } }";
        let name = LETTER.repeat(200);
        assert_eq!(code(&ann.act(document, json!({ "id": id, "n": name })).await), "");
        assert_eq!(ann.session(&id).await["name"], name.as_str());
    });
}
