//! The bounds of uploads: what is wrong is refused before anything is stored.

use serde_json::json;
use tests::world::{code, play};

use super::bench::{Asked, answer, ask, post, send, upload};

const MOST: usize = 25 * 1024 * 1024;

#[test]
fn what_no_file_has_is_refused_with_the_argument_that_has_it() {
    play(async |world| {
        let (ann, zoe, id) = world.claimed().await;
        for (name, kind, size, field) in [
            ("a.png", "image/png", 0, "size"),
            ("a.png", "image/png", MOST + 1, "size"),
            ("a.png", "image", 7, "contentType"),
            ("a.png", "", 7, "contentType"),
            ("..", "image/png", 7, "name"),
            ("", "image/png", 7, "name"),
        ] {
            for (who, session) in [(&ann, Some(id.as_str())), (&zoe, None)] {
                let refused = ask(who, session, &Asked { name, kind, size }).await;
                let error = refused["userErrors"][0].clone();
                assert_eq!(
                    error,
                    json!({ "code": "INVALID", "field": [field] }),
                    "{name} {kind} {size}"
                );
                assert_eq!(refused["upload"], json!(null));
            }
        }
        assert_eq!(
            code(&ask(&ann, Some(&id), &Asked { name: "a", kind: "a/b", size: MOST }).await),
            ""
        );
    });
}

#[test]
fn the_form_takes_one_file_of_the_size_that_was_said() {
    play(async |world| {
        let (ann, _, id) = world.claimed().await;
        let asked =
            ask(&ann, Some(&id), &Asked { name: "a.txt", kind: "text/plain", size: 4 }).await;
        let upload = asked["upload"].clone();
        for wrong in [b"more than four".as_slice(), b"abc"] {
            let status = send(world, &upload, wrong).await;
            assert!((400..500).contains(&status), "{status}");
        }
        // Under another key, or of another type, the signature is wrong.
        for (name, value) in [("key", "new/YQ/c/f"), ("Content-Type", "text/html")] {
            let mut forged = upload.clone();
            let fields = forged["fields"].as_array_mut().unwrap();
            let field = fields.iter_mut().find(|field| field["name"] == name).unwrap();
            field["value"] = json!(value);
            let status = send(world, &forged, b"abcd").await;
            assert!((400..500).contains(&status), "{name}: {status}");
        }
        assert_eq!(send(world, &upload, b"abcd").await, 201);
    });
}

#[test]
fn a_message_has_ten_files_and_a_text_where_it_has_none() {
    play(async |world| {
        let (ann, zoe, id) = world.claimed().await;
        let mut files = Vec::new();
        for n in 0..11_u8 {
            files.push(upload(world, &zoe, None, ("a.txt", "text/plain", &[n + b'a'])).await);
        }
        let refused = post(&zoe, "", "1", &files).await;
        let invalid = json!({ "code": "INVALID", "field": ["attachmentIds"] });
        assert_eq!(refused["userErrors"][0], invalid);
        let posted = post(&zoe, "", "1", &files[..10]).await;
        assert_eq!(posted["message"]["attachments"].as_array().map(Vec::len), Some(10), "{posted}");
        for text in ["", " "] {
            let refused = post(&zoe, text, "2", &[]).await;
            assert_eq!(refused["userErrors"][0], json!({ "code": "INVALID", "field": ["text"] }));
        }
        let refused = answer(&ann, &id, ("", "3"), &[]).await;
        assert_eq!(refused["userErrors"][0]["field"], json!(["text"]));
    });
}

#[test]
fn who_may_not_write_there_may_not_upload_there() {
    play(async |world| {
        let (_, zoe, id) = world.claimed().await;
        let asked = async |name: &str| {
            let who = world.online(name).await;
            let file = Asked { name: "a", kind: "a/b", size: 1 };
            code(&ask(&who, Some(&id), &file).await).to_owned()
        };
        assert_eq!(asked("sue").await, "", "a supervisor writes notes");
        for (other, refused) in
            [("bob", "ALREADY_CLAIMED"), ("eve", "NOT_FOUND"), ("kim", "NOT_FOUND")]
        {
            assert_eq!(asked(other).await, refused, "{other}");
        }
        let of_desk = "mutation($s: ID!) {
            createUpload(sessionId: $s, name: \"a\", contentType: \"a/b\", size: 1) {
                userErrors { code } } }";
        assert_eq!(zoe.send_document(of_desk, json!({ "s": id })).await.code(), "FORBIDDEN");
    });
}
