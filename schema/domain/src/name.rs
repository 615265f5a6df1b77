//! Names of sessions: checks a live chat's template and fills it in when a session opens.

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
        for part in template.split('{').skip(1) {
            let word = part.split_once('}').map(|(word, _)| word);
            if !word.is_some_and(|word| WORDS.contains(&word)) {
                return Err(Refusal::invalid(
                    "template",
                    "Only {client}, {liveChat}, {channel} and {date} may stand in braces.",
                ));
            }
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
        let mut name = String::new();
        let mut parts = self.0.split('{');
        name.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (word, rest) = part.split_once('}').unwrap_or((part, ""));
            match word {
                "client" => name.push_str(words.client),
                "liveChat" => name.push_str(words.live_chat),
                "channel" => name.push_str(words.channel),
                _ => name.push_str(&date(words.at)),
            }
            name.push_str(rest);
        }
        text::lenient_name(&name, words.live_chat)
    }
}

/// Formats the UTC date as `YYYY-MM-DD`, by the civil calendar's era arithmetic.
fn date(at: Timestamp) -> String {
    let days = at.as_seconds() / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
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
    fn the_date_follows_the_civil_calendar() {
        let template = NameTemplate::parse("{date}").unwrap();
        let dated = |seconds: u64| {
            let at = Timestamp::from_millis(seconds * 1000);
            template.fill(&Words { client: "Carl", live_chat: "Support", channel: "Web", at })
        };
        assert_eq!(dated(0), "1970-01-01");
        assert_eq!(dated(951_782_399), "2000-02-28");
        assert_eq!(dated(951_782_400), "2000-02-29");
        assert_eq!(dated(1_735_689_599), "2024-12-31");
        assert_eq!(dated(4_107_542_400), "2100-03-01");
    }

    #[test]
    fn unknown_words_are_refused() {
        for wrong in ["{name}", "{", "{client", "", "a\nb"] {
            assert!(NameTemplate::parse(wrong).is_err(), "{wrong}");
        }
    }
}
