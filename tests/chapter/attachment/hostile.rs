//! Hostile files: refused, or harmless.

use tests::world::{field, play};

use super::bench::{answer, bomb, dialog, fetch, picture, upload};

const PAGE: &[u8] = b"<!doctype html><script>alert(document.cookie)</script>";
const DRAWING: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";

#[test]
fn what_is_not_what_it_is_said_to_be_is_refused() {
    play(async |world| {
        let (ann, _, id) = world.claimed().await;
        let mut files = Vec::new();
        for file in [
            ("bomb.png", "image/png", bomb().as_slice()),
            ("photo.png", "image/png", PAGE),
            ("photo.jpg", "image/jpeg", b"MZ\x90\0\x03\0\0\0\x04program"),
            ("cut.png", "image/png", picture().get(..50).unwrap()),
            ("manual.pdf", "application/pdf", DRAWING),
        ] {
            files.push(upload(world, &ann, Some(&id), file).await);
        }
        answer(&ann, &id, ("", "1"), &files).await;
        world.running.checked().await;
        let shown = dialog(&ann, &id).await[1]["attachments"].as_array().unwrap().clone();
        for file in &shown {
            assert_eq!(
                (file["state"].as_str(), file["url"].as_str()),
                (Some("REFUSED"), None),
                "{file}"
            );
            assert!(file["thumbnailUrl"].is_null(), "{file}");
        }
        assert_eq!(shown.len(), 5);
    });
}

#[test]
fn what_could_run_is_stored_by_the_browser_and_never_shown() {
    play(async |world| {
        let (ann, _, id) = world.claimed().await;
        let polyglot = [picture(), PAGE.to_vec()].concat();
        let mut files = Vec::new();
        for file in [
            ("page.html", "text/html", PAGE),
            ("drawing.svg", "image/svg+xml", DRAWING),
            ("../../etc/pass\r\nwd\u{202E}gpj.exe", "application/octet-stream", b"MZ\x90\0"),
            ("both.html", "text/html", polyglot.as_slice()),
        ] {
            files.push(upload(world, &ann, Some(&id), file).await);
        }
        answer(&ann, &id, ("", "1"), &files).await;
        world.running.checked().await;
        let shown = dialog(&ann, &id).await[1]["attachments"].as_array().unwrap().clone();
        assert_eq!(field(&shown, "name")[2], "passwdgpj.exe");
        for (file, is_shown) in shown.iter().zip([false, false, false, true]) {
            let link = fetch(world, &file["url"]).await;
            assert_eq!(link.kind, file["contentType"].as_str().unwrap());
            assert_eq!(link.disposition.starts_with("inline"), is_shown, "{}", link.disposition);
            assert!(!link.kind.contains("svg") && (is_shown || !link.kind.starts_with("image/")));
            assert!(!link.disposition.contains(['\r', '\n']));
        }
        // A picture with a page behind it is a picture, and is said to be nothing else.
        assert_eq!(shown[3]["contentType"], "image/png");
    });
}
