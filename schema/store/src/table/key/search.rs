//! Keys of the table `search`.

use domain::search::Longest;
use domain::{AppId, EmployeeId, LiveChatId, TenantId};

use super::Key;

/// The scopes of a search: sets of sessions or items that the same people may search.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Scope {
    /// All sessions of a tenant: for supervisors of many live chats, who would otherwise read a
    /// list for each.
    Tenant,
    /// All sessions of a live chat: for its supervisors.
    LiveChat(LiveChatId),
    /// Sessions without an operator, of all live chats: for operators.
    Queue,
    /// Sessions that an operator has, or had when they were closed.
    Operator(EmployeeId),
    /// The items of an app.
    App(AppId),
}

impl Scope {
    /// Returns true when the rows name their live chat, because a searcher may not see all live
    /// chats of the scope.
    pub(crate) const fn is_mixed(&self) -> bool {
        matches!(self, Self::Tenant | Self::Queue)
    }

    /// Returns the length of the longest grams that have rows: a queue and the sessions of an operator
    /// are few.
    #[must_use]
    pub const fn longest_gram(&self) -> Longest {
        match self {
            Self::Queue | Self::Operator(_) => Longest::Two,
            Self::Tenant | Self::LiveChat(_) | Self::App(_) => Longest::Three,
        }
    }
}

/// Returns the partition of the rows of one gram in a scope, in the table `search`. The gram comes
/// last, because it may contain any character.
#[must_use]
pub fn search(tenant: &TenantId, scope: &Scope, gram: &str) -> String {
    match scope {
        Scope::Tenant => format!("S#{tenant}#t#{gram}"),
        Scope::LiveChat(id) => format!("S#{tenant}#l#{id}#{gram}"),
        Scope::Queue => format!("S#{tenant}#q#{gram}"),
        Scope::Operator(id) => format!("S#{tenant}#o#{id}#{gram}"),
        Scope::App(id) => format!("S#{tenant}#a#{id}#{gram}"),
    }
}

/// Returns the key of a row of one gram in a scope.
#[must_use]
pub fn gram(tenant: &TenantId, scope: &Scope, gram: &str, place: &str) -> Key {
    Key::of(search(tenant, scope, gram), place)
}

/// Reads the gram from the partition of its rows, with the length of the longest of its scope.
#[must_use]
pub fn read_gram(pk: &str) -> Option<(Longest, &str)> {
    let (_tenant, rest) = pk.strip_prefix("S#")?.split_once('#')?;
    match rest.split_once('#')? {
        ("t", gram) => Some((Longest::Three, gram)),
        ("q", gram) => Some((Longest::Two, gram)),
        ("l" | "a", rest) => Some((Longest::Three, rest.split_once('#')?.1)),
        ("o", rest) => Some((Longest::Two, rest.split_once('#')?.1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gram_of_a_partition_is_read_whatever_is_in_it() {
        let tenant = TenantId::parse("demo").unwrap();
        for gram in ["", "a", "łuk", "#", "##a", "a#b", "t#q"] {
            for scope in [
                Scope::Tenant,
                Scope::Queue,
                Scope::LiveChat(LiveChatId::parse("support").unwrap()),
                Scope::Operator(EmployeeId::parse("ann").unwrap()),
                Scope::App(AppId::parse("orders").unwrap()),
            ] {
                let read = (scope.longest_gram(), gram);
                assert_eq!(read_gram(&search(&tenant, &scope, gram)), Some(read), "{scope:?}");
            }
        }
        for other in ["", "S#demo", "S#demo#x#a", "V#demo#t#a"] {
            assert_eq!(read_gram(other), None, "{other}");
        }
    }
}
