//! Files and pictures, both ways: what is uploaded is checked, attached once, and shown under links to those
//! who may see the message, and to nobody else.

pub(crate) mod bench;
mod bound;
mod hostile;
mod once;

use domain::attachment::{ContentType, FileName, State, Uploader};
use domain::{Attachment, AttachmentId, ClientId};
use graphql::id::GlobalId;
use serde_json::json;
use tests::world::{CONVERSATION, MESSAGES, Options, Person, code, play, play_in};

use bench::{FILE, answer, conversation, dialog, fetch, picture, post, upload};

const PDF: &[u8] = b"%PDF-1.7\n% a manual\n";

#[test]
fn a_customer_sends_a_photo_and_the_operator_a_manual() {
    play(async |world| {
        let (ann, zoe, id) = world.claimed().await;
        let photo = picture();
        let file = upload(world, &zoe, None, ("broken.png", "image/png", &photo)).await;
        let posted = post(&zoe, "", "p1", std::slice::from_ref(&file)).await;
        assert_eq!(code(&posted), "", "{posted}");
        assert_eq!(posted["message"]["attachments"][0]["id"], json!(file));
        world.running.checked().await;

        let shown = dialog(&ann, &id).await[1].clone();
        let seen = shown["attachments"][0].clone();
        let facts =
            ["name", "contentType", "size", "width", "height", "state"].map(|f| seen[f].clone());
        let expected = [
            json!("broken.png"),
            json!("image/png"),
            json!(photo.len()),
            json!(24),
            json!(12),
            json!("READY"),
        ];
        assert_eq!((facts, shown["text"].as_str()), (expected, Some("")));
        let link = fetch(world, &seen["url"]).await;
        assert_eq!((link.status, link.kind.as_str(), link.bytes), (200, "image/png", photo));
        assert!(
            link.disposition.starts_with("inline; filename=\"broken.png\""),
            "{}",
            link.disposition
        );
        let small = fetch(world, &seen["thumbnailUrl"]).await;
        assert_eq!((small.status, small.kind.as_str()), (200, "image/jpeg"));
        assert_eq!(ann.session(&id).await["preview"]["text"], "Photo");

        let manual = upload(world, &ann, Some(&id), ("Manual.pdf", "application/pdf", PDF)).await;
        let sent = answer(&ann, &id, ("Here it is", "a1"), &[manual]).await;
        assert_eq!(code(&sent), "", "{sent}");
        world.running.checked().await;
        let read = conversation(&zoe).await.last().unwrap()["attachments"][0].clone();
        assert_eq!((read["state"].as_str(), read["width"].as_i64()), (Some("READY"), None));
        assert_eq!(fetch(world, &read["url"]).await.bytes, PDF);
        // The links are the same for everybody, and for as long as their window.
        let again = dialog(&ann, &id).await.last().unwrap()["attachments"][0].clone();
        assert_eq!(again["url"], read["url"]);
        assert_eq!(ann.session(&id).await["preview"]["text"], "Here it is");
    });
}

#[test]
fn a_preview_names_the_file_and_search_finds_it() {
    play(async |world| {
        let (ann, zoe, id) = world.claimed().await;
        let file = upload(world, &zoe, None, ("Rechnung Nr 7.pdf", "application/pdf", PDF)).await;
        post(&zoe, "", "p1", &[file]).await;
        assert_eq!(ann.session(&id).await["preview"]["text"], "Rechnung Nr 7.pdf");
        let document = "query($s: ID!) { viewer { session(id: $s) {
            searchMessages(query: \"rechnung\", first: 5) {
                edges { textParts { text isMatch } node { seq } } } } } }";
        let found = ann.get_with(document, json!({ "s": id })).await;
        let edges = &found["viewer"]["session"]["searchMessages"]["edges"];
        assert_eq!(edges.as_array().unwrap().len(), 1, "{found}");
        assert_eq!(edges[0]["textParts"][0], json!({ "text": "Rechnung", "isMatch": true }));
    });
}

#[test]
fn who_follows_the_dialog_learns_that_a_file_was_checked() {
    play(async |world| {
        let (ann, zoe, id) = world.claimed().await;
        let (desk, widget) = (ann.socket().await, zoe.socket().await);
        let mut feed = desk.subscribe(MESSAGES, json!({ "id": id, "after": 0 }));
        let mut own = widget.subscribe(CONVERSATION, json!({ "after": 0 }));
        // What stands there; then they listen.
        feed.entries(2).await;
        own.entries(1).await;
        let Some((tenant, GlobalId::Session(session))) = GlobalId::decode(&id) else {
            panic!("{id} is no session")
        };
        let store = world.running.app.store.of(&tenant);
        // A file of the first message, as a messenger's is: its check ends later.
        let file = Attachment {
            conversation: session.conversation,
            id: AttachmentId::parse("f").unwrap(),
            name: FileName::parse("a.txt").unwrap(),
            claimed: ContentType::parse("text/plain").unwrap(),
            size: 1,
            by: Uploader::Client(ClientId::parse("zoe").unwrap()),
            expires_at: None,
            seq: Some(1),
            state: State::Pending,
            external_id: None,
        };
        store.ask_for_upload(&file).await.unwrap();
        assert!(store.end_check(&file.conversation, &file.id, &State::Refused).await.unwrap());
        let (seen, known) = (feed.next().await, own.next().await);
        assert_eq!((seen["text"].as_str(), known["text"].as_str()), (Some("Hello"), Some("Hello")));
        // It ends once, and nobody is told twice.
        assert!(!store.end_check(&file.conversation, &file.id, &State::Refused).await.unwrap());
        world.settle(&[&desk, &widget]).await;
        assert_eq!(feed.rest(), Vec::<serde_json::Value>::new());
    });
}

#[test]
fn who_may_not_see_the_message_has_no_file() {
    play(async |world| {
        let (ann, zoe, id) = world.claimed().await;
        let file = upload(world, &ann, Some(&id), ("inside.pdf", "application/pdf", PDF)).await;
        let document = "mutation($s: ID!, $f: [ID!]) {
            addNote(sessionId: $s, text: \"\", clientMessageId: \"n1\", attachmentIds: $f) {
                message { attachments { id } } userErrors { code } } }";
        let noted = ann.act(document, json!({ "s": id, "f": [file] })).await;
        assert_eq!(noted["message"]["attachments"][0]["id"], json!(file), "{noted}");
        world.running.checked().await;
        let node =
            format!("query($f: ID!) {{ node(id: $f) {{ ... on Attachment {{ {FILE} }} }} }}");
        let seen = async |name: &str| {
            let who = world.online(name).await;
            who.get_with(&node, json!({ "f": file })).await["node"].clone()
        };
        assert_eq!(seen("ann").await["state"], "READY");
        assert_eq!(seen("sue").await["state"], "READY");
        // Another operator of the live chat, one of another live chat, and one of another company.
        for other in ["bob", "eve", "other/ann"] {
            assert_eq!(seen(other).await, json!(null), "{other}");
        }
        assert_eq!(zoe.get_with(&node, json!({ "f": file })).await["node"], json!(null));
        // A note is no message of the client's.
        assert_eq!(conversation(&zoe).await.len(), 1);
        // A link without its signature, or with another, leads nowhere.
        let link = seen("ann").await["url"].as_str().unwrap().to_owned();
        let (bare, _) = link.split_once('?').unwrap();
        let forged = format!("{}0", link.get(..link.len() - 1).unwrap());
        for wrong in [bare.to_owned(), forged, link.replace("inside", "other")] {
            let status = fetch(world, &json!(wrong)).await.status;
            assert!(status == 403 || wrong == link, "{status} {wrong}");
        }
    });
}

#[test]
fn a_day_s_bytes_are_counted_for_each_visitor_and_for_the_company() {
    let quotas = graphql::files::Quotas { client: 100, tenant: 250 };
    play_in(Options { quotas: Some(quotas), ..Options::default() }, async |world| {
        let (ann, zoe, id) = world.claimed().await;
        let asked = async |who: &Person, session: Option<&str>, size| {
            let file = bench::Asked { name: "a", kind: "text/plain", size };
            code(&bench::ask(who, session, &file).await).to_owned()
        };
        assert_eq!(asked(&zoe, None, 100).await, "");
        assert_eq!(asked(&zoe, None, 1).await, "LIMIT");
        // Another visitor has their own bytes, until the company has none.
        let yan = world.client("Yan").await;
        assert_eq!(asked(&yan, None, 100).await, "");
        assert_eq!(asked(&ann, Some(&id), 50).await, "");
        assert_eq!(asked(&ann, Some(&id), 1).await, "LIMIT");
    });
}
