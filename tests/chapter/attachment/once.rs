//! One file, one message: attached once, by who asked for it, where it was asked for, within a day.

use serde_json::json;
use tests::world::{code, field, play, play_ahead};

use super::PDF;
use super::bench::{
    Asked, answer, ask, conversation, dialog, expire, fetch, picture, post, send, upload,
};

#[test]
fn a_file_is_attached_once_by_who_asked_for_it_where_it_was_asked_for() {
    play(async |world| {
        let (ann, zoe, id) = world.claimed().await;
        let manual = ("Manual.pdf", "application/pdf", PDF);
        let of_zoe = upload(world, &zoe, None, manual).await;
        let of_ann = upload(world, &ann, Some(&id), manual).await;
        let is = |payload: &serde_json::Value, expected: &str| {
            let found = (code(payload).to_owned(), payload["userErrors"][0]["field"].clone());
            assert_eq!(found, (expected.to_owned(), json!(["attachmentIds"])), "{payload}");
        };
        // Somebody else's.
        is(&answer(&ann, &id, ("", "1"), std::slice::from_ref(&of_zoe)).await, "NOT_FOUND");
        is(&post(&zoe, "", "1", std::slice::from_ref(&of_ann)).await, "NOT_FOUND");
        let yan = world.client("Yan").await;
        is(&post(&yan, "", "1", std::slice::from_ref(&of_zoe)).await, "NOT_FOUND");
        // Of another dialog.
        yan.post("Hello").await;
        let other = ann.waiting().await;
        is(&answer(&ann, &other, ("", "2"), std::slice::from_ref(&of_ann)).await, "NOT_FOUND");
        // Nothing of it was written, nor is anything used up.
        let twice = [of_ann.clone(), of_ann.clone()];
        is(&answer(&ann, &id, ("", "3"), &twice).await, "INVALID");
        let sent = answer(&ann, &id, ("", "4"), std::slice::from_ref(&of_ann)).await;
        assert_eq!(code(&sent), "");
        is(&answer(&ann, &id, ("", "5"), std::slice::from_ref(&of_ann)).await, "INVALID");
        // The same again is the same message; with other files it is another.
        let again = answer(&ann, &id, ("", "4"), std::slice::from_ref(&of_ann)).await;
        assert_eq!(again["message"]["id"], sent["message"]["id"]);
        assert_eq!(code(&answer(&ann, &id, ("x", "4"), &[]).await), "KEY_REUSED");
        let posted = post(&zoe, "", "6", std::slice::from_ref(&of_zoe)).await;
        let again = post(&zoe, "", "6", std::slice::from_ref(&of_zoe)).await;
        assert_eq!(again["message"]["id"], posted["message"]["id"]);
        is(&post(&zoe, "", "7", &[of_zoe]).await, "INVALID");
        assert_eq!(dialog(&ann, &id).await.len(), 3);
        assert_eq!(conversation(&zoe).await.len(), 3);
    });
}

#[test]
fn a_file_that_was_never_sent_is_not_attached() {
    play(async |world| {
        let (ann, _, id) = world.claimed().await;
        let asked =
            ask(&ann, Some(&id), &Asked { name: "a.txt", kind: "text/plain", size: 2 }).await;
        let file = asked["upload"]["id"].as_str().unwrap().to_owned();
        let refused = answer(&ann, &id, ("Look", "1"), std::slice::from_ref(&file)).await;
        assert_eq!(
            (code(&refused), &refused["userErrors"][0]["field"]),
            ("INVALID", &json!(["attachmentIds"]))
        );
        assert_eq!(send(world, &asked["upload"], b"ab").await, 201);
        assert_eq!(code(&answer(&ann, &id, ("Look", "1"), &[file]).await), "");
    });
}

#[test]
fn two_messages_at_once_attach_a_file_once() {
    play(async |world| {
        let (ann, _, id) = world.claimed().await;
        let file = [upload(world, &ann, Some(&id), ("a.txt", "text/plain", b"ab")).await];
        let sends = (0..4).map(|n| {
            let (ann, id, file, key) = (&ann, &id, &file, n.to_string());
            async move { code(&answer(ann, id, ("", &key), file).await).to_owned() }
        });
        let mut codes = futures::future::join_all(sends).await;
        codes.sort();
        assert_eq!(codes, ["", "INVALID", "INVALID", "INVALID"]);
    });
}

#[test]
fn an_upload_is_attached_within_a_day() {
    play_ahead(async |world, clock| {
        let (ann, _, id) = world.claimed().await;
        let file = upload(world, &ann, Some(&id), ("a.txt", "text/plain", b"ab")).await;
        world.running.checked().await;
        clock.pass(24 * 60 * 60 * 1000);
        // With a token of that day.
        let ann = world.online("ann").await;
        let late = answer(&ann, &id, ("", "1"), &[file]).await;
        assert_eq!(code(&late), "NOT_FOUND", "{late}");
    });
}

#[test]
fn what_was_never_attached_is_gone_with_its_row() {
    play(async |world| {
        let (ann, _, id) = world.claimed().await;
        let file = upload(world, &ann, Some(&id), ("a.png", "image/png", &picture())).await;
        world.running.checked().await;
        assert_eq!(world.running.objects().unwrap().len(), 3);
        // The database deletes it when its time is over.
        expire(world).await;
        world.running.settled().await.unwrap();
        let late = answer(&ann, &id, ("", "1"), &[file]).await;
        assert_eq!(code(&late), "NOT_FOUND");
        assert_eq!(world.running.objects().unwrap(), Vec::<String>::new());
    });
}

#[test]
fn bytes_that_are_sent_again_change_nothing_that_was_checked() {
    play(async |world| {
        let (ann, _, id) = world.claimed().await;
        let asked =
            ask(&ann, Some(&id), &Asked { name: "a.txt", kind: "text/plain", size: 4 }).await;
        assert_eq!(send(world, &asked["upload"], b"good").await, 201);
        world.running.checked().await;
        let file = asked["upload"]["id"].as_str().unwrap().to_owned();
        answer(&ann, &id, ("", "1"), &[file]).await;
        assert_eq!(send(world, &asked["upload"], b"evil").await, 201);
        world.running.checked().await;
        let shown = dialog(&ann, &id).await[1]["attachments"].as_array().unwrap().clone();
        assert_eq!(field(&shown, "state"), [json!("READY")]);
        assert_eq!(fetch(world, &shown[0]["url"]).await.bytes, b"good");
    });
}
