//! The kinds of rows of the table `core`, by their keys.

use super::reindexing;

/// The kinds of rows of the table `core`, as the README lists them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A session.
    Head,
    /// An entry of a dialog.
    Entry,
    /// The read position of a client.
    ClientRead,
    /// The delivery of an answer that leaves by a messenger.
    Delivery,
    /// A file.
    Attachment,
    /// A receipt, information about a client, or a read position.
    BesideDialog,
    /// A shard of the count of a queue.
    QueueCount,
    /// An employee.
    Profile,
    /// An employee's roles and counts in a live chat.
    Membership,
    /// A live chat's settings, or its channels, members and templates.
    LiveChat,
    /// A tenant's lists and tallies.
    Tenant,
    /// The removal of an operator.
    Removal,
    /// The job that rebuilds the rows of the search.
    Reindexing,
    /// An item of an app.
    Item,
    /// A queued session, a route, a kept answer, a session bound to an item, or what is due in a
    /// conversation.
    Pointer,
}

/// Returns the kind of a row; `None` for a row that a newer version wrote.
#[must_use]
pub fn kind(pk: &str, sk: &str) -> Option<Kind> {
    let first = |part: &'_ str| part.split('#').next().unwrap_or_default().to_owned();
    Some(match (first(pk).as_str(), first(sk).as_str()) {
        ("V", "H") => Kind::Head,
        ("V", "M") => Kind::Entry,
        ("V", "C") => Kind::ClientRead,
        ("V", "D") => Kind::Delivery,
        ("V", "F") => Kind::Attachment,
        ("V", "X" | "I" | "R") => Kind::BesideDialog,
        ("N", _) => Kind::QueueCount,
        ("U", "E") => Kind::Profile,
        ("U", "L") => Kind::Membership,
        ("L", "A" | "C" | "O" | "T") => Kind::LiveChat,
        ("T", "L" | "E" | "A") => Kind::Tenant,
        ("Y", _) if is_reindexing(pk, sk) => Kind::Reindexing,
        ("Y", _) => Kind::Removal,
        ("A", _) => Kind::Item,
        ("Q" | "W" | "K" | "B" | "O", _) => Kind::Pointer,
        _ => return None,
    })
}

fn is_reindexing(pk: &str, sk: &str) -> bool {
    let job = reindexing();
    (pk, sk) == (job.pk.as_str(), job.sk.as_str())
}
