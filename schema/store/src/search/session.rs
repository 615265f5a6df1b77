//! Search over sessions by their names.
//!
//! An employee who supervises more than four live chats reads the lists of the whole tenant, and an
//! operator reads one queue for all live chats. The rows of these lists name their live chat. A list
//! for each of many live chats would cost half a unit each before anything is known: the request could
//! ask for one gram only, which need not be the rarest. The price is one more row for each gram, and
//! that a request reads some rows of other live chats in vain: the more, the smaller a part of the
//! tenant its own live chats are.
//!
//! A request can miss a session that changes hands between two of its reads, and finds a new session
//! once the worker has indexed it. Reading the page again shows both.

use std::collections::BTreeSet;

use domain::access;
use domain::search::{Folded, Query};

use super::Scope;
use super::reading::Reading;
use super::source::Source;
use crate::list::{Page, Window};
use crate::table::key;
use crate::{Fault, TenantStore};
use domain::Desk;

/// The most supervised live chats that are each searched on their own. A supervisor of more
/// searches the lists of the whole tenant.
const FEW_LIVE_CHATS: usize = 4;

/// Returns the scopes that contain all sessions an employee may see.
fn sight(desk: &Desk) -> Vec<Source> {
    let (mut supervised, mut operated) = (BTreeSet::new(), BTreeSet::new());
    for membership in &desk.memberships {
        if membership.roles.supervisor {
            supervised.insert(membership.live_chat.clone());
        } else if membership.roles.operator {
            operated.insert(membership.live_chat.clone());
        }
    }
    let mut sources: Vec<Source> = if supervised.len() > FEW_LIVE_CHATS {
        vec![Source::new(Scope::Tenant, Some(supervised))]
    } else {
        supervised.into_iter().map(|id| Source::new(Scope::LiveChat(id), None)).collect()
    };
    if !operated.is_empty() {
        sources.push(Source::new(Scope::Queue, Some(operated)));
        sources.push(Source::new(Scope::Operator(desk.employee.id.clone()), None));
    }
    sources
}

impl TenantStore<'_> {
    /// Returns the sessions that an employee may see and whose names match a query, last opened
    /// first. One request reads 40 units at most; then it returns its results so far and the place
    /// where it stopped.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn search_sessions(
        self,
        desk: &Desk,
        query: &Query,
        window: Window<'_>,
    ) -> Result<Page, Fault> {
        let mut page = Page { end: window.after.map(str::to_owned), ..Page::default() };
        if query.is_blank() {
            return Ok(page);
        }
        let mut reading = Reading::new(self, query, window.after, sight(desk), 0);
        while page.sessions.len() < window.first {
            let room = window.first - page.sessions.len();
            let Some(places) = reading.next(room).await? else { break };
            self.keep_seen(desk, query, &places, &mut page).await?;
        }
        page.has_next = !reading.is_over();
        page.end = reading.end();
        Ok(page)
    }

    /// Keeps the hits that still match and that the employee may see now.
    async fn keep_seen(
        self,
        desk: &Desk,
        query: &Query,
        places: &[String],
        page: &mut Page,
    ) -> Result<(), Fault> {
        let ids: Vec<_> =
            places.iter().filter_map(|place| Some(key::read_ordered(place)?.1)).collect();
        let mut heads = self.sessions(&ids).await?;
        for (place, id) in places.iter().zip(ids) {
            let Some(session) = heads.remove(&id) else { continue };
            let roles = desk.roles(&session.live_chat);
            if access::sees(&session, &desk.employee.id, roles)
                && query.matches(&Folded::of(&session.name))
            {
                page.sessions.push((place.clone(), session));
            }
        }
        Ok(())
    }
}
