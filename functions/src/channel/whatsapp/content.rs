//! The content of a WhatsApp message as a text.

use serde_json::Value;

use crate::channel::Media;
use crate::channel::content::{self, bracket, captioned};
use crate::channel::member::{list, media as media_of, printed, text as string};

/// Contents that are files, with the name and the type of one that has none of its own.
const FILES: [(&str, (&str, &str)); 4] = [
    ("image", ("photo.jpg", "image/jpeg")),
    ("video", ("video.mp4", "video/mp4")),
    ("audio", ("voice.ogg", "audio/ogg")),
    ("document", ("document", "application/octet-stream")),
];

/// Returns the text of a message, or its content in square brackets.
///
/// # Errors
/// The reason why it has none that could be shown.
pub(super) fn text(message: &Value) -> Result<String, &'static str> {
    let of = |pointer| string(message, pointer);
    let kind = of("/type").unwrap_or_default();
    let said = match kind {
        "text" => of("/text/body"),
        "button" => of("/button/text"),
        "interactive" => chosen(message),
        _ => None,
    };
    let content = said.map_or_else(
        || media(message, kind).unwrap_or_else(|| shared(message, kind)),
        str::to_owned,
    );
    content::text(&content).ok_or("malformed")
}

/// Returns the text of a message and its files. What is no text and no file stands in the text, in square
/// brackets.
///
/// # Errors
/// The reason why it has neither.
pub(super) fn content(message: &Value) -> Result<(String, Vec<Media>), &'static str> {
    let kind = string(message, "/type").unwrap_or_default();
    let otherwise = FILES.iter().find(|(member, _)| *member == kind);
    let file = otherwise.zip(message.get(kind)).and_then(|((_, otherwise), file)| {
        let of = |pointer| string(file, pointer);
        media_of(of("/id"), of("/filename"), of("/mime_type"), None, *otherwise)
    });
    let Some(file) = file else { return Ok((text(message)?, Vec::new())) };
    let caption = string(message, &format!("/{kind}/caption")).and_then(content::text);
    Ok((caption.unwrap_or_default(), vec![file]))
}

/// Returns the id of the message that a message answers: the quoted one, or the one that a reaction
/// is about.
pub(super) fn quoted(message: &Value) -> Option<&str> {
    string(message, "/context/id").or_else(|| string(message, "/reaction/message_id"))
}

/// Returns the words of the button or of the entry of a list that a client chose.
fn chosen(message: &Value) -> Option<&str> {
    ["/interactive/button_reply/title", "/interactive/list_reply/title"]
        .into_iter()
        .find_map(|pointer| string(message, pointer))
}

fn media(message: &Value, kind: &str) -> Option<String> {
    let of = |pointer| string(message, pointer);
    let is_set = |pointer| message.pointer(pointer).and_then(Value::as_bool) == Some(true);
    let none: [Option<&str>; 0] = [];
    Some(match kind {
        "image" => captioned("[photo]".to_owned(), of("/image/caption")),
        "video" => captioned("[video]".to_owned(), of("/video/caption")),
        "audio" if is_set("/audio/voice") => bracket("voice message", none),
        "audio" => bracket("audio", none),
        "sticker" => bracket("sticker", none),
        "document" => {
            let document = bracket("document", [of("/document/filename")]);
            captioned(document, of("/document/caption"))
        }
        _ => return None,
    })
}

fn shared(message: &Value, kind: &str) -> String {
    let of = |pointer| printed(message, pointer);
    match kind {
        "location" => {
            let [name, address, latitude, longitude] = ["name", "address", "latitude", "longitude"]
                .map(|member| printed(message, &format!("/location/{member}")));
            bracket("location", [name, address, latitude, longitude])
        }
        "contacts" => {
            let contacts: Vec<String> = list(message, "/contacts").iter().map(contact).collect();
            if contacts.is_empty() { "[contact]".to_owned() } else { contacts.join("\n") }
        }
        "reaction" if of("/reaction/emoji").is_none() => "[reaction removed]".to_owned(),
        "reaction" => bracket("reaction", [of("/reaction/emoji")]),
        "interactive" => {
            let details = ["name", "body", "response_json"]
                .map(|member| printed(message, &format!("/interactive/nfm_reply/{member}")));
            bracket("form", details)
        }
        "order" => {
            let items = list(message, "/order/product_items").iter().map(|item| {
                let [quantity, product, price, currency] =
                    ["/quantity", "/product_retailer_id", "/item_price", "/currency"]
                        .map(|pointer| printed(item, pointer).unwrap_or_default());
                Some(format!("{quantity} × {product} {price} {currency}"))
            });
            captioned(bracket("order", items), string(message, "/order/text"))
        }
        "request_welcome" => "[chat opened]".to_owned(),
        _ => "[unsupported message]".to_owned(),
    }
}

fn contact(contact: &Value) -> String {
    let name = printed(contact, "/name/formatted_name");
    let phones = list(contact, "/phones").iter().map(|phone| printed(phone, "/phone"));
    let emails = list(contact, "/emails").iter().map(|email| printed(email, "/email"));
    bracket("contact", std::iter::once(name).chain(phones).chain(emails))
}
