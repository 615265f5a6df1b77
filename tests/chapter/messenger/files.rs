//! Files over messengers: what a client sends becomes a file of the dialog, and what an operator sends
//! arrives as the messenger's own.

use serde_json::{Value, json};
use tests::world::{Person, World, code, play};

use super::bench::{eventually, session_of, until};
use super::bot::{self, Bot};
use super::{hook, number};
use crate::attachment::bench::{answer, dialog, fetch, picture, upload};

const PDF: &[u8] = b"%PDF-1.7\n% a manual\n";
const OGG: &[u8] = b"OggS\0\x02\0\0\0\0\0\0\0\0\x01\x13OpusHead";

/// Hands a file to a person's messenger. Returns its id there.
async fn picked(world: &World, path: &str, bytes: &[u8]) -> Value {
    let request = world.http().post(world.url(path)).body(bytes.to_vec());
    let request = request.header("content-type", "application/octet-stream");
    let answer = request.send().await.expect("an answer");
    let picked: Value = answer.json().await.expect("JSON");
    picked["id"].clone()
}

impl Bot<'_> {
    /// Sends a file as a person.
    async fn send_file(&self, world: &World, person: &str, (file, bytes): (Value, &[u8])) {
        let mut file = file;
        file["id"] = picked(world, "/dev/telegram/api/files", bytes).await;
        self.call("messages", json!({ "person": person, "file": file })).await;
    }
}

/// Waits until the last message of a dialog has a file in a state, and returns the file.
async fn file_in(state: &str, employee: &Person, session: &str) -> Value {
    let found = async || {
        let file = dialog(employee, session).await.pop()?["attachments"][0].clone();
        (file["state"] == state).then_some(file)
    };
    eventually(state, found).await
}

/// Answers with files that were uploaded.
async fn answer_with(world: &World, ann: &Person, id: &str, files: &[(&str, &str, &[u8])]) {
    let mut ids = Vec::new();
    for file in files {
        ids.push(upload(world, ann, Some(id), *file).await);
    }
    let sent = answer(ann, id, ("Look here", &ann.fresh()), &ids).await;
    assert_eq!(code(&sent), "", "{sent}");
}

#[test]
fn pictures_and_documents_go_both_ways_over_telegram() {
    play(async |world| {
        let (bot, ann) = (bot::connect(world, "42").await, world.online("ann").await);
        let photo = picture();
        let sent = json!({ "name": "broken.png", "type": "image/png" });
        bot.send_file(world, "Zoe", (sent, &photo)).await;
        bot.write("Zoe", "It is broken").await;
        let id = session_of(&ann, "Zoe").await;
        ann.claim(&id).await;
        let shown = async || {
            let shown = dialog(&ann, &id).await;
            (shown.len() == 2 && shown[0]["attachments"][0]["state"] == "READY").then_some(shown)
        };
        let shown = eventually("the photo before the text", shown).await;
        let file = &shown[0]["attachments"][0];
        assert_eq!((&file["contentType"], &file["width"]), (&json!("image/png"), &json!(24)));
        assert_eq!(shown[1]["text"], "It is broken");
        assert_eq!(fetch(world, &file["url"]).await.bytes, photo);

        let files = [
            ("fixed.png", "image/png", photo.as_slice()),
            ("Manual \"A\".pdf", "application/pdf", PDF),
        ];
        answer_with(world, &ann, &id, &files).await;
        until(&ann, &id, &["SENT"]).await;
        let got = bot.received("Zoe").await;
        assert_eq!(got[0]["text"], "Look here");
        let kinds: Vec<&Value> = got[1..].iter().map(|message| &message["file"]["kind"]).collect();
        assert_eq!(kinds, ["photo", "document"]);
        let bytes = async |message: &Value| {
            let url = world.url(message["file"]["url"].as_str().expect("an address"));
            fetch(world, &json!(url)).await.bytes
        };
        assert_eq!((bytes(&got[1]).await, bytes(&got[2]).await), (photo.clone(), PDF.to_vec()));
        assert_eq!(got[2]["file"]["type"], "application/pdf");
    });
}

#[test]
fn each_kind_of_file_of_telegram_becomes_a_file() {
    play(async |world| {
        let (bot, ann) = (bot::connect(world, "42").await, world.online("ann").await);
        for (form, kind, bytes) in [
            ("voice", "audio/ogg", OGG),
            ("document", "application/pdf", PDF),
            ("animation", "video/mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"),
            ("video", "video/mp4", b"\0\0\0\x18ftypisom\0\0\0\0mp42isom"),
            ("audio", "audio/mpeg", b"ID3\x04\0\0\0\0\0\0"),
        ] {
            let file = json!({ "name": "a file", "type": kind, "as": form });
            bot.send_file(world, form, (file, bytes)).await;
            let id = session_of(&ann, form).await;
            let found = file_in("READY", &ann, &id).await;
            assert_eq!(found["contentType"], kind, "{form}");
            assert_eq!(fetch(world, &found["url"]).await.bytes, bytes, "{form}");
        }
    });
}

#[test]
fn a_file_that_the_messenger_does_not_give_at_once_is_asked_for_again() {
    play(async |world| {
        let (bot, ann) = (bot::connect(world, "42").await, world.online("ann").await);
        bot.disturb(500, 1).await;
        let file = json!({ "name": "a.pdf", "type": "application/pdf" });
        bot.send_file(world, "Zoe", (file, PDF)).await;
        let id = session_of(&ann, "Zoe").await;
        assert_eq!(fetch(world, &file_in("READY", &ann, &id).await["url"]).await.bytes, PDF);
    });
}

#[test]
fn a_file_that_a_bot_may_not_read_is_refused_and_stops_nothing() {
    play(async |world| {
        let (bot, ann) = (bot::connect(world, "42").await, world.online("ann").await);
        let file = json!({ "name": "film.bin", "type": "application/octet-stream" });
        bot.send_file(world, "Zoe", (file, &vec![7; 20 * 1024 * 1024 + 1])).await;
        let id = session_of(&ann, "Zoe").await;
        let refused = file_in("REFUSED", &ann, &id).await;
        assert_eq!((&refused["name"], &refused["url"]), (&json!("film.bin"), &Value::Null));
        let file = json!({ "name": "a.pdf", "type": "application/pdf" });
        bot.send_file(world, "Zoe", (file, PDF)).await;
        file_in("READY", &ann, &id).await;
    });
}

#[test]
fn pictures_and_documents_go_both_ways_over_whatsapp() {
    play(async |world| {
        let number = number::connect(world, "106540352242922").await;
        let (ann, photo) = (world.online("ann").await, picture());
        let picked = picked(world, "/dev/whatsapp/api/files?type=image/png", &photo).await;
        let content = json!({ "id": picked, "mime_type": "image/png", "caption": "It is broken" });
        let message =
            json!({ "from": "49301", "name": "Zoe", "type": "image", "content": content });
        number.write_all(json!([message])).await;
        let id = session_of(&ann, "Zoe").await;
        ann.claim(&id).await;
        let file = file_in("READY", &ann, &id).await;
        assert_eq!(fetch(world, &file["url"]).await.bytes, photo);
        assert_eq!(dialog(&ann, &id).await[0]["text"], "It is broken");

        let files =
            [("fixed.png", "image/png", photo.as_slice()), ("Manual.pdf", "application/pdf", PDF)];
        answer_with(world, &ann, &id, &files).await;
        until(&ann, &id, &["DELIVERED"]).await;
        let chat = number.chat("49301").await;
        let kinds: Vec<&Value> = chat[1..].iter().map(|message| &message["type"]).collect();
        assert_eq!(kinds, ["text", "image", "document"]);
        assert_eq!(chat[3]["file"]["filename"], "Manual.pdf");
        assert_eq!(chat[2]["file"]["id"], picked, "the same bytes");
    });
}

#[test]
fn a_webhook_gets_links_to_the_files_of_an_answer() {
    play(async |world| {
        let (hook, ann) = (hook::connect(world).await, world.online("ann").await);
        let id = hook.open(&ann, "Zoe").await;
        ann.claim(&id).await;
        answer_with(world, &ann, &id, &[("Manual.pdf", "application/pdf", PDF)]).await;
        until(&ann, &id, &["SENT"]).await;
        let posted = hook.receiver.posts().pop().expect("a post").json();
        let file = &posted["attachments"][0];
        assert_eq!((&posted["text"], &file["name"]), (&json!("Look here"), &json!("Manual.pdf")));
        assert_eq!(fetch(world, &file["url"]).await.bytes, PDF);
    });
}
