//! Client details: the name and contacts that a client gives of themselves, with a message or when the
//! widget asks for a token.
//!
//! The head of a session keeps a mark of what its client said last. So an ordinary message needs no
//! further read to find out that it says nothing new.

use sha2::{Digest as _, Sha256};

use crate::actor::Writer;

/// The most contacts of a client that are stored.
pub const MOST_CONTACTS: usize = 20;

/// The latest information that the client of a session gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    /// Their display name.
    pub name: String,
    /// Other ways to reach the client: kind and value.
    pub contacts: Vec<(String, String)>,
    /// Their id at the messenger.
    pub address: Option<String>,
}

impl Known {
    /// Returns the information given by the client who opens a session.
    #[must_use]
    pub fn of(writer: &Writer) -> Self {
        let contacts = writer.contacts.iter().take(MOST_CONTACTS).cloned().collect();
        Self { name: writer.name.clone(), contacts, address: writer.address.clone() }
    }

    /// Returns the information updated with what the client says now; none if nothing is new.
    /// Contacts replace the stored ones of the same kind; everything else stays.
    #[must_use]
    pub fn updated(&self, writer: &Writer) -> Option<Self> {
        let is_given = |kind: &str| writer.contacts.iter().any(|(given, _)| given == kind);
        let kept = self.contacts.iter().filter(|(kind, _)| !is_given(kind));
        let contacts = writer.contacts.iter().chain(kept).take(MOST_CONTACTS).cloned().collect();
        let name = if writer.is_named { &writer.name } else { &self.name };
        let address = writer.address.clone().or_else(|| self.address.clone());
        let updated = Self { name: name.clone(), contacts, address };
        (!updated.is_same(self)).then_some(updated)
    }

    /// Returns true when both are equal, apart from the order of the contacts.
    fn is_same(&self, other: &Self) -> bool {
        let sorted = |known: &Self| {
            let mut contacts = known.contacts.clone();
            contacts.sort();
            contacts
        };
        self.name == other.name && self.address == other.address && sorted(self) == sorted(other)
    }
}

impl Writer {
    /// Returns a hash of what the client says of themselves. A session stores the last one, so that
    /// unchanged information is recognised without reading it.
    #[must_use]
    pub fn said(&self) -> u64 {
        let mut hash = Sha256::new();
        let name = self.is_named.then_some(("", self.name.as_str()));
        let contacts = self.contacts.iter().map(|(kind, value)| (kind.as_str(), value.as_str()));
        // A channel always gives an address or never does, so no contact of the kind `=` is mistaken for one.
        let address = self.address.as_deref().map(|address| ("=", address));
        for (kind, value) in name.into_iter().chain(contacts).chain(address) {
            for text in [kind, value] {
                hash.update(text.len().to_be_bytes());
                hash.update(text);
            }
        }
        let first = hash.finalize().into_iter().take(8);
        first.fold(0, |mark, byte| mark << 8 | u64::from(byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::writer;

    fn saying(name: Option<&str>, contacts: &[(&str, &str)]) -> Writer {
        let contacts = contacts.iter().map(|(kind, value)| ((*kind).into(), (*value).into()));
        let is_named = name.is_some();
        let name = name.unwrap_or("Visitor").to_owned();
        Writer { name, is_named, contacts: contacts.collect(), ..writer() }
    }

    fn zoe() -> Known {
        Known::of(&saying(Some("Zoe"), &[("email", "a@x"), ("phone", "1")]))
    }

    #[test]
    fn what_is_said_later_stands_for_what_was_said_of_it_before() {
        let updated = zoe().updated(&saying(Some("Zoë"), &[("email", "b@x")])).unwrap();
        assert_eq!(updated.name, "Zoë");
        let contacts = [("email", "b@x"), ("phone", "1")].map(|(k, v)| (k.into(), v.into()));
        assert_eq!(updated.contacts, contacts);
    }

    #[test]
    fn nothing_is_forgotten_that_nothing_is_said_about() {
        assert_eq!(zoe().updated(&saying(None, &[])), None);
        let updated = zoe().updated(&saying(None, &[("fax", "2")])).unwrap();
        assert_eq!((updated.name.as_str(), updated.contacts.len()), ("Zoe", 3));
    }

    #[test]
    fn what_is_known_already_is_nothing_new() {
        for contacts in [
            &[("email", "a@x"), ("phone", "1")][..],
            &[("phone", "1"), ("email", "a@x")],
            &[("phone", "1")],
            &[],
        ] {
            assert_eq!(zoe().updated(&saying(Some("Zoe"), contacts)), None, "{contacts:?}");
        }
    }

    #[test]
    fn there_are_at_most_twenty_contacts_the_last_said_first() {
        let mut known = zoe();
        for number in 0..30 {
            let kind = number.to_string();
            known = known.updated(&saying(None, &[(&kind, "x")])).unwrap();
        }
        assert_eq!(known.contacts.len(), MOST_CONTACTS);
        assert_eq!(known.contacts[0].0, "29");
    }

    #[test]
    fn the_mark_is_of_all_that_is_said_and_of_nothing_else() {
        let mark = saying(Some("Zoe"), &[("a", "b")]).said();
        let id = crate::ClientId::parse("another").unwrap();
        assert_eq!(Writer { id, ..saying(Some("Zoe"), &[("a", "b")]) }.said(), mark);
        for other in [
            saying(None, &[("a", "b")]),
            saying(Some("Zoe"), &[]),
            saying(Some("Zoe"), &[("ab", "")]),
            saying(Some("Zo"), &[("a", "b")]),
            saying(Some("Zoe"), &[("a", "b"), ("a", "b")]),
        ] {
            assert_ne!(other.said(), mark, "{other:?}");
        }
    }
}
