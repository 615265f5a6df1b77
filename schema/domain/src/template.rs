//! Templates: ready answers of a live chat, with variables that are filled in for a session.
//!
//! While nobody has the session, `{operator}` is the employee who reads the template, because an
//! employee who answers claims the session. It is the one text that depends on who asks although its
//! name does not say so. That is safe, because templates occur only in connections and under `node`,
//! and no push has either. A filled template has an id of its own for each session.

use std::borrow::Cow;

use crate::placeholder::{self, Part};
use crate::{Refusal, TemplateId, text};

/// A canned response of a live chat.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Template {
    /// The template's id.
    pub id: TemplateId,
    /// Its title.
    pub title: String,
    /// Its text, with variables in braces.
    pub text: String,
}

/// The values of the variables.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Words<'a> {
    /// The client's display name.
    pub client: &'a str,
    /// The operator's display name.
    pub operator: &'a str,
    /// The live chat's name.
    pub live_chat: &'a str,
    /// The session's name.
    pub session: &'a str,
}

impl<'a> Words<'a> {
    /// Returns the value of a variable; `None` for an unknown one.
    fn find(&self, variable: &str) -> Option<Cow<'a, str>> {
        let value = match variable {
            "client" => self.client,
            "clientFirstName" => first(self.client),
            "operator" => self.operator,
            "operatorFirstName" => first(self.operator),
            "liveChat" => self.live_chat,
            "session" => self.session,
            _ => return None,
        };
        Some(Cow::Borrowed(value))
    }
}

/// Returns the first word of a name.
fn first(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or_default()
}

/// Checks the text of a new template: 1 to 8000 code points. A single word in braces must be a
/// variable, so that a typing error is found; other braces are plain text.
/// # Errors
/// [`Refusal::Invalid`].
pub fn checked(given: &str) -> Result<&str, Refusal> {
    let given = text::bounded("text", given, text::MESSAGE_LENGTH)?;
    let known = Words { client: "", operator: "", live_chat: "", session: "" };
    for part in placeholder::parts(given) {
        if let Part::Word(name) = part
            && known.find(name).is_none()
        {
            let message = format!(
                "{{{name}}} is no variable: there are {{client}}, {{clientFirstName}}, \
                 {{operator}}, {{operatorFirstName}}, {{liveChat}} and {{session}}."
            );
            return Err(Refusal::invalid("text", message));
        }
    }
    Ok(given)
}

impl Template {
    /// Returns the text filled in for a session, cut to the length of a message. It is filled in
    /// one pass, so that braces in a value stay as they are.
    #[must_use]
    pub fn fill(&self, words: &Words<'_>) -> String {
        let filled = placeholder::fill(&self.text, |word| words.find(word));
        filled.chars().take(text::MESSAGE_LENGTH).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words<'_> = Words {
        client: "Zoë  Maria Ray",
        operator: "Ann {client}",
        live_chat: "Support",
        session: "Order 7",
    };

    fn fill(text: &str) -> String {
        let id = TemplateId::parse("t").unwrap();
        Template { id, title: "T".to_owned(), text: text.to_owned() }.fill(&WORDS)
    }

    #[test]
    fn variables_are_filled_once() {
        let text = "Dear {clientFirstName}, {operator} of {liveChat} here, about {session}.";
        assert_eq!(fill(text), "Dear Zoë, Ann {client} of Support here, about Order 7.");
        assert_eq!(fill("{client}|{operatorFirstName}"), "Zoë  Maria Ray|Ann");
    }

    #[test]
    fn other_braces_stand_as_they_are() {
        for text in ["{", "}", "{}", "{{ a }", "{ client }", "{client", "a{b}c", "fn() { x }"] {
            assert_eq!(fill(text), text);
        }
        assert_eq!(fill("{{client}}"), "{Zoë  Maria Ray}");
        let empty = Words { client: " ", ..WORDS };
        let id = TemplateId::parse("t").unwrap();
        let dear =
            Template { id, title: "T".to_owned(), text: "Dear {clientFirstName}".to_owned() };
        assert_eq!(dear.fill(&empty), "Dear ");
    }

    #[test]
    fn a_word_in_braces_that_is_no_variable_is_refused() {
        for wrong in ["{name}", "Hi {clientfirstname}", "{client} {x}", "", " "] {
            assert!(
                matches!(checked(wrong), Err(Refusal::Invalid { field: "text", .. })),
                "{wrong}"
            );
        }
        for right in ["{clientFirstName}", "{ name }", "{1}", "{", "a}b"] {
            assert_eq!(checked(right), Ok(right));
        }
        assert!(checked(&"я".repeat(8000)).is_ok());
        assert!(checked(&"я".repeat(8001)).is_err());
    }

    #[test]
    fn what_is_filled_in_fits_into_a_message() {
        let long = "x".repeat(200);
        let id = TemplateId::parse("t").unwrap();
        let text = "{client}".repeat(1000);
        let template = Template { id, title: "T".to_owned(), text };
        let filled = template.fill(&Words { client: &long, ..WORDS });
        assert_eq!(filled.chars().count(), text::MESSAGE_LENGTH);
    }
}
