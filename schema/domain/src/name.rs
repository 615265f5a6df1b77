//! Names of sessions: checks a live chat's template and fills it in when a session opens.

use crate::placeholder::{self, Part};
use crate::{Refusal, Timestamp, text};

/// A live chat's template for the names of its sessions: text with `{client}`, `{liveChat}`,
/// `{channel}` and `{date}`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NameTemplate(String);

/// The values of a template's words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Words<'a> {
    /// The client's display name.
    pub client: &'a str,
    /// The live chat's name.
    pub live_chat: &'a str,
    /// The channel's name.
    pub channel: &'a str,
    /// The moment of opening, from which the UTC date is taken.
    pub at: Timestamp,
}

const WORDS: [&str; 4] = ["client", "liveChat", "channel", "date"];

impl Default for NameTemplate {
    fn default() -> Self {
        Self("{client}".to_owned())
    }
}

impl NameTemplate {
    /// Parses a template as an administrator writes it.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for a bad length, control characters and unknown words.
    pub fn parse(template: &str) -> Result<Self, Refusal> {
        let template = text::name("template", template)?;
        let is_wrong = |part: &Part<'_>| match part {
            Part::Text(text) => text.contains('{'),
            Part::Word(word) => !WORDS.contains(word),
        };
        if placeholder::parts(&template).iter().any(is_wrong) {
            return Err(Refusal::invalid(
                "template",
                "Only {client}, {liveChat}, {channel} and {date} may stand in braces.",
            ));
        }
        Ok(Self(template))
    }

    /// Returns the template as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns a template as it was stored; the default if it cannot be parsed any more.
    #[must_use]
    pub fn stored(template: &str) -> Self {
        Self::parse(template).unwrap_or_default()
    }

    /// Returns the name for a session. It is filled in one pass, so that braces in a value stay as
    /// they are. If it would be empty because of the client's name, it is the live chat's name.
    #[must_use]
    pub fn fill(&self, words: &Words<'_>) -> String {
        let name = placeholder::fill(&self.0, |word| {
            Some(match word {
                "client" => words.client.into(),
                "liveChat" => words.live_chat.into(),
                "channel" => words.channel.into(),
                "date" => words.at.date().into(),
                _ => return None,
            })
        });
        text::lenient_name(&name, words.live_chat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_filled_once_and_cut_to_a_name() {
        let words = Words {
            client: "{date}",
            live_chat: "Support",
            channel: "Web",
            at: Timestamp::from_millis(1_709_164_800_000),
        };
        let fill = |template: &str| NameTemplate::parse(template).unwrap().fill(&words);
        assert_eq!(fill("{client}"), "{date}");
        assert_eq!(
            fill("{liveChat}: {client} ({channel}, {date})"),
            "Support: {date} (Web, 2024-02-29)"
        );
        let long = Words { client: &"x".repeat(200), ..words };
        assert_eq!(NameTemplate::parse("{client}{client}").unwrap().fill(&long).len(), 200);
    }

    #[test]
    fn a_name_has_1_to_200_characters_whatever_the_client_is_called() {
        for client in ["", " ", "\u{7}\n", &"я".repeat(300)] {
            let at = Timestamp::default();
            let words = Words { client, live_chat: "Support", channel: "Web", at };
            let name = NameTemplate::default().fill(&words);
            assert!(text::name("name", &name).is_ok(), "{name:?}");
        }
    }

    #[test]
    fn unknown_words_are_refused() {
        for wrong in ["{name}", "{", "{client", "", "a\nb"] {
            assert!(NameTemplate::parse(wrong).is_err(), "{wrong}");
        }
    }
}
