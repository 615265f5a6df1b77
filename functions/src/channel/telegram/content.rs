//! The content of a Telegram message as a text.

use serde_json::Value;

use crate::channel::Media;
use crate::channel::content::{self, bracket, captioned, seconds};
use crate::channel::member::{list, media as media_of, number, printed, text as string};

/// Members of messages that Telegram itself writes. A client says nothing with them.
const SERVICE: [&str; 12] = [
    "pinned_message",
    "message_auto_delete_timer_changed",
    "write_access_allowed",
    "chat_background_set",
    "connected_website",
    "proximity_alert_triggered",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
    "direct_message_price_changed",
    "paid_message_price_changed",
];
/// Contents that are files, with the name and the type of one that has none of its own.
const FILES: [(&str, (&str, &str)); 6] = [
    ("animation", ("animation.mp4", "video/mp4")),
    ("voice", ("voice.ogg", "audio/ogg")),
    ("video_note", ("video.mp4", "video/mp4")),
    ("video", ("video.mp4", "video/mp4")),
    ("audio", ("audio.mp3", "audio/mpeg")),
    ("document", ("document", "application/octet-stream")),
];
/// Contents of which nothing can be read.
const BARE: [(&str, &str); 11] = [
    ("photo", "photo"),
    ("story", "story"),
    ("paid_media", "paid media"),
    ("giveaway", "giveaway"),
    ("gift", "gift"),
    ("unique_gift", "gift"),
    ("users_shared", "shared users"),
    ("chat_shared", "shared chat"),
    ("successful_payment", "payment"),
    ("refunded_payment", "refunded payment"),
    ("passport_data", "passport"),
];

/// Returns the text of a message, or its content in square brackets.
///
/// # Errors
/// The reason why it has none that could be shown.
pub(super) fn text(message: &Value) -> Result<String, &'static str> {
    if let Some(text) = string(message, "/text") {
        return content::text(text).ok_or("malformed");
    }
    if SERVICE.iter().any(|member| message.get(member).is_some()) {
        return Err("service");
    }
    let content = shared(message)
        .or_else(|| media(message))
        .or_else(|| bare(message))
        .unwrap_or_else(|| "[unsupported message]".to_owned());
    let content = captioned(content, string(message, "/caption"));
    content::text(&content).ok_or("malformed")
}

/// Returns the text of a message and its files. What is no text and no file stands in the text, in square
/// brackets.
///
/// # Errors
/// The reason why it has neither.
pub(super) fn content(message: &Value) -> Result<(String, Vec<Media>), &'static str> {
    let file = if string(message, "/text").is_some() { None } else { file(message) };
    let Some(file) = file else { return Ok((text(message)?, Vec::new())) };
    let caption = string(message, "/caption").and_then(content::text).unwrap_or_default();
    Ok((caption, vec![file]))
}

/// Returns the file of a message. An animation is also a document, and of a photo there are several sizes,
/// the largest last.
fn file(message: &Value) -> Option<Media> {
    if let Some(photo) = list(message, "/photo").last() {
        let (id, size) = (string(photo, "/file_id"), number(photo, "/file_size"));
        return media_of(id, None, None, size, ("photo.jpg", "image/jpeg"));
    }
    let (member, otherwise) = FILES.iter().find(|(member, _)| message.get(member).is_some())?;
    let file = message.get(member)?;
    let of = |pointer| string(file, pointer);
    let size = number(file, "/file_size");
    media_of(of("/file_id"), of("/file_name"), of("/mime_type"), size, *otherwise)
}

/// A venue also has a location.
fn shared(message: &Value) -> Option<String> {
    let of = |pointer| printed(message, pointer);
    let has = |member| message.get(member).is_some();
    Some(if has("venue") {
        let [latitude, longitude] = ["latitude", "longitude"]
            .map(|member| printed(message, &format!("/venue/location/{member}")));
        bracket("venue", [of("/venue/title"), of("/venue/address"), latitude, longitude])
    } else if has("location") {
        let is_live = number(message, "/location/live_period").is_some();
        let kind = if is_live { "live location" } else { "location" };
        bracket(kind, [of("/location/latitude"), of("/location/longitude")])
    } else if has("contact") {
        bracket("contact", [contact_name(message), of("/contact/phone_number")])
    } else if has("poll") {
        let options = list(message, "/poll/options").iter().map(|option| printed(option, "/text"));
        bracket("poll", std::iter::once(of("/poll/question")).chain(options))
    } else if has("checklist") {
        let tasks = list(message, "/checklist/tasks").iter().map(|task| printed(task, "/text"));
        bracket("checklist", std::iter::once(of("/checklist/title")).chain(tasks))
    } else if has("dice") {
        bracket("dice", [of("/dice/emoji"), of("/dice/value")])
    } else if has("game") {
        bracket("game", [of("/game/title")])
    } else if has("invoice") {
        bracket("invoice", [of("/invoice/title"), of("/invoice/description")])
    } else if has("web_app_data") {
        bracket("web app data", [of("/web_app_data/button_text"), of("/web_app_data/data")])
    } else {
        return None;
    })
}

fn contact_name(message: &Value) -> Option<String> {
    let names: Vec<&str> = ["/contact/first_name", "/contact/last_name"]
        .into_iter()
        .filter_map(|pointer| string(message, pointer))
        .collect();
    (!names.is_empty()).then(|| names.join(" "))
}

/// An animation is also a document.
fn media(message: &Value) -> Option<String> {
    let of = |pointer| printed(message, pointer);
    let length = |pointer| seconds(number(message, pointer));
    let has = |member| message.get(member).is_some();
    Some(if has("sticker") {
        bracket("sticker", [of("/sticker/emoji")])
    } else if has("animation") {
        bracket("animation", [of("/animation/file_name")])
    } else if has("voice") {
        bracket("voice message", [length("/voice/duration")])
    } else if has("video_note") {
        bracket("video message", [length("/video_note/duration")])
    } else if has("video") {
        bracket("video", [of("/video/file_name"), length("/video/duration")])
    } else if has("audio") {
        let title = of("/audio/title").or_else(|| of("/audio/file_name"));
        bracket("audio", [of("/audio/performer"), title, length("/audio/duration")])
    } else if has("document") {
        bracket("document", [of("/document/file_name")])
    } else {
        return None;
    })
}

fn bare(message: &Value) -> Option<String> {
    let (_, kind) = BARE.iter().find(|(member, _)| message.get(member).is_some())?;
    Some(format!("[{kind}]"))
}
