//! Lists of sessions: reads the groups of a live chat, one page at a time.

use std::collections::HashMap;

use domain::{EmployeeId, ItemId, LiveChatId, Session, SessionId, Timestamp};
use futures::try_join;

use crate::record::head;
use crate::table::key::Phase;
use crate::table::{Index, Item, Range, Read, TRIES, Table, key};
use crate::{Fault, TenantStore};

/// The longest lag of the index of open sessions behind the queue, in milliseconds. Sessions opened
/// since then are merged into the first page.
const INDEX_LAG_MILLIS: u64 = 60_000;
/// The most freshly opened sessions that are merged.
const MOST_FRESH: usize = 100;

/// A page of sessions, each with its cursor, after which the next page starts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Page {
    /// The sessions with their cursors.
    pub sessions: Vec<(String, Session)>,
    /// The place where reading stopped: the last cursor, even when its session is not in the page.
    pub end: Option<String>,
    /// True when there are more.
    pub has_next: bool,
}

/// The start and the length of a page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window<'a> {
    /// The most sessions of the page.
    pub first: usize,
    /// The cursor after which the page starts.
    pub after: Option<&'a str>,
}

impl TenantStore<'_> {
    /// Returns the sessions with these ids, read consistently; missing ones are left out.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn sessions(self, ids: &[SessionId]) -> Result<HashMap<SessionId, Session>, Fault> {
        let items =
            self.items(Table::Core, ids.iter().map(|id| key::head(self.tenant, id))).await?;
        items.values().map(|item| head::decode(item).map(|s| (s.id.clone(), s))).collect()
    }

    /// Returns the session with this id, read consistently.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn session(self, id: &SessionId) -> Result<Option<Session>, Fault> {
        let item = self.item(Table::Core, &key::head(self.tenant, id)).await?;
        item.as_ref().map(head::decode).transpose()
    }

    /// Returns the sessions that wait in a live chat, longest first.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn queued(self, live_chat: &LiveChatId, window: Window<'_>) -> Result<Page, Fault> {
        let pk = key::queue(self.tenant, live_chat);
        let range = forwards(&pk, window);
        let items = self.range(Table::Core, &range).await?;
        self.page(&items, "sk", window, Session::is_queued).await
    }

    /// Returns the open sessions of a live chat, last message first. Reads the index, which may
    /// lag; sessions opened in the last minute are merged into the first page.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn active(self, live_chat: &LiveChatId, window: Window<'_>) -> Result<Page, Fault> {
        let pk = key::live_chat_index(self.tenant, live_chat, Phase::Open);
        let range = backwards(&pk, window);
        if window.after.is_some() {
            let items = self.index_range(Index::LiveChat, &range).await?;
            return self.page(&items, "ls", window, |s| !s.is_closed()).await;
        }
        let queue = key::queue(self.tenant, live_chat);
        let since = self.now().as_millis().saturating_sub(INDEX_LAG_MILLIS);
        let fresh = Range {
            from: key::moment(Timestamp::from_millis(since)),
            ..Range::starting(&queue, "", MOST_FRESH).reversed()
        };
        let (indexed, fresh) =
            try_join!(self.index_range(Index::LiveChat, &range), self.range(Table::Core, &fresh))?;
        let mut page = self.page(&indexed, "ls", window, |s| !s.is_closed()).await?;
        self.merge(&mut page, &fresh, window.first).await?;
        Ok(page)
    }

    async fn merge(self, page: &mut Page, fresh: &[Item], first: usize) -> Result<(), Fault> {
        let ids = fresh
            .iter()
            .map(|item| Read(item).parsed("sk", key::read_ordered).map(|(_, id)| id))
            .filter(|id| {
                !id.as_ref().is_ok_and(|id| page.sessions.iter().any(|(_, s)| s.id == *id))
            })
            .collect::<Result<Vec<_>, _>>()?;
        let sessions = self.sessions(&ids).await?;
        let end = page.end.clone().filter(|_| page.has_next);
        for session in sessions.into_values().filter(Session::is_queued) {
            let cursor = key::in_live_chat(self.tenant, &session).sk;
            // A session that sorts after the page belongs to a later page; the index has it by
            // then.
            if end.as_ref().is_none_or(|end| cursor > *end) {
                page.sessions.push((cursor, session));
            }
        }
        page.sessions.sort_by(|(one, _), (other, _)| other.cmp(one));
        if page.sessions.len() > first {
            page.sessions.truncate(first);
            page.has_next = true;
            page.end = page.sessions.last().map(|(cursor, _)| cursor.clone());
        } else if !page.has_next {
            page.end = page.sessions.last().map(|(cursor, _)| cursor.clone()).or(page.end.take());
        }
        Ok(())
    }

    /// Returns the closed sessions of a live chat, last closed first: all, or those of one
    /// operator.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn closed(
        self,
        live_chat: &LiveChatId,
        operator: Option<&EmployeeId>,
        window: Window<'_>,
    ) -> Result<Page, Fault> {
        let (index, name, pk) = match operator {
            None => {
                (Index::LiveChat, "ls", key::live_chat_index(self.tenant, live_chat, Phase::Closed))
            }
            Some(operator) => {
                let pk = key::operator_index(self.tenant, operator, live_chat, Phase::Closed);
                (Index::Operator, "os", pk)
            }
        };
        let items = self.index_range(index, &backwards(&pk, window)).await?;
        self.page(&items, name, window, Session::is_closed).await
    }

    /// Returns the sessions assigned to an operator in one live chat, last message first. Returns
    /// all of them, because there are at most 200. `open` is their exact count: the index, which
    /// may lag, is read again while it returns fewer.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn mine(
        self,
        live_chat: &LiveChatId,
        operator: &EmployeeId,
        open: u32,
    ) -> Result<Vec<(String, Session)>, Fault> {
        let pk = key::operator_index(self.tenant, operator, live_chat, Phase::Open);
        let mut mine = Vec::new();
        for tried in 0..TRIES {
            let range = Range::starting(&pk, "", 2 * domain::delta::MOST_OPEN as usize);
            let items = self.index_range(Index::Operator, &range).await?;
            let ids = items
                .iter()
                .map(|item| Read(item).parsed("os", SessionId::parse))
                .collect::<Result<Vec<_>, _>>()?;
            let sessions = self.sessions(&ids).await?;
            mine = sessions
                .into_values()
                .filter(|session| session.assignee() == Some(operator))
                .map(|session| (key::ordered(session.last_message_at, &session.id), session))
                .collect();
            if mine.len() >= open as usize {
                break;
            }
            self.pause(tried).await;
        }
        mine.sort_by(|(one, _), (other, _)| other.cmp(one));
        Ok(mine)
    }

    /// Returns the sessions that are bound to an item, last bound first.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn bound(self, to: &ItemId, window: Window<'_>) -> Result<Page, Fault> {
        let pk = key::bound_sessions(self.tenant, to);
        let items = self.range(Table::Core, &backwards(&pk, window)).await?;
        self.page(&items, "sk", window, |_| true).await
    }

    /// Reads consistently the sessions named by keys of an index or of the queue.
    async fn page(
        self,
        items: &[Item],
        sort: &str,
        window: Window<'_>,
        belongs: impl Fn(&Session) -> bool,
    ) -> Result<Page, Fault> {
        let has_next = items.len() > window.first;
        let places = items
            .iter()
            .take(window.first)
            .map(|item| {
                let cursor = Read(item).text(sort)?;
                let (_, id) = Read(item).parsed(sort, key::read_ordered)?;
                Ok((cursor.to_owned(), id))
            })
            .collect::<Result<Vec<_>, Fault>>()?;
        let ids: Vec<SessionId> = places.iter().map(|(_, id)| id.clone()).collect();
        let mut sessions = self.sessions(&ids).await?;
        let end = places.last().map(|(cursor, _)| cursor.clone());
        let sessions = places
            .into_iter()
            .filter_map(|(cursor, id)| Some((cursor, sessions.remove(&id)?)))
            .filter(|(_, session)| belongs(session))
            .collect();
        Ok(Page { sessions, end, has_next })
    }
}

/// Returns the part of a partition after the cursor, one item longer than the page: the additional
/// item shows whether there are more.
fn forwards<'a>(pk: &'a str, window: Window<'_>) -> Range<'a> {
    let range = Range::starting(pk, "", window.first + 1);
    match window.after {
        None => range,
        Some(after) => range.after(after),
    }
}

/// Returns the same part in reverse order.
pub(crate) fn backwards<'a>(pk: &'a str, window: Window<'_>) -> Range<'a> {
    let range = Range::starting(pk, "", window.first + 1).reversed();
    match window.after {
        None => range,
        Some(after) => range.before(after),
    }
}
