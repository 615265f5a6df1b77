//! Lists of sessions: the groups, the filter, and the cutting of pages.

use async_graphql::{Enum, InputObject};
use store::list::{Page, Window};

use super::session::Session;
use crate::page::connection;

/// The groups in which the sessions of a live chat are listed.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum SessionGroup {
    /// All open sessions, last message first. For supervisors of the live chat only: empty for
    /// everyone else.
    Active,
    /// The closed sessions, last closed first. A supervisor sees all of them, an operator those
    /// that were assigned to them when they were closed.
    Closed,
    /// The queued sessions, longest waiting first. `claimNextSession` claims them in this order.
    Queue,
    /// The sessions that are assigned to you, last message first.
    My,
}

/// A filter of a list of sessions. A session must meet both conditions.
#[derive(InputObject, Clone, Copy, Debug, Default)]
pub struct SessionFilter {
    /// True: only sessions with unread messages of the client. False: only sessions without. Null:
    /// both.
    pub unread: Option<bool>,
    /// True: only sessions whose client waits for an answer. False: only the other sessions. Null:
    /// both.
    pub waiting_for_reply: Option<bool>,
}

impl SessionFilter {
    pub(crate) fn lets(self, session: &domain::Session) -> bool {
        self.unread.is_none_or(|wanted| (session.unread() > 0) == wanted)
            && self.waiting_for_reply.is_none_or(|wanted| session.waiting_since.is_some() == wanted)
    }
}

/// Cuts the part that a window shows from a whole list, last first.
pub(crate) fn cut(mut all: Vec<(String, domain::Session)>, window: Window<'_>) -> Page {
    if let Some(after) = window.after {
        all.retain(|(place, _)| place.as_str() < after);
    }
    let has_next = all.len() > window.first;
    all.truncate(window.first);
    let end = all.last().map(|(place, _)| place.clone());
    Page { sessions: all, end, has_next }
}

connection!(SessionConnection, SessionEdge, Session);

impl SessionConnection {
    /// Builds a connection from the sessions of a page that pass a filter.
    pub(crate) fn filtered(page: Page, filter: Option<SessionFilter>, has_previous: bool) -> Self {
        let filter = filter.unwrap_or_default();
        let entries = page
            .sessions
            .into_iter()
            .filter(|(_, session)| filter.lets(session))
            .map(|(place, session)| (place, Session::new(session)))
            .collect();
        Self::of(entries, page.end.as_deref(), has_previous, page.has_next)
    }
}
