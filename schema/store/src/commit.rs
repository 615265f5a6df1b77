//! Commits: the changes of sessions that a request has written, so that they can be pushed before the
//! stream delivers them, and the versions that are pushed that way.
//!
//! A change is pushed from the stream in any case, unless a note says that it is pushed already. The note
//! is written after the push: a function that dies between the two causes a repetition, never a loss.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Change, Session, SessionId, TenantId};

use crate::record::company;
use crate::table::{Committed, Expression, Row, Table, decode, key};
use crate::{Fault, Store, TenantStore};

/// The most commits of one request that are noted. What is beyond is pushed from the stream.
const MOST: usize = 100;
/// The time that a note is kept, in seconds. The stream delivers a change within a day.
const NOTE_SECONDS: u64 = 24 * 60 * 60;

/// A change of a session that is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Commit {
    /// The tenant.
    pub tenant: TenantId,
    /// The latest session of the conversation before the change: the same one, or the one before it;
    /// none for the first of a conversation.
    pub latest: Option<Session>,
    /// The change.
    pub change: Change,
}

impl Commit {
    /// Returns the session before the change; none for a new one.
    #[must_use]
    pub fn before(&self) -> Option<&Session> {
        self.latest.as_ref().filter(|latest| latest.id == self.change.session.id)
    }
}

/// The commits of one request, in order.
#[derive(Clone, Debug, Default)]
pub struct Commits(Arc<Mutex<Vec<Commit>>>);

impl Commits {
    /// Returns the commits since the last call.
    #[must_use]
    pub fn take(&self) -> Vec<Commit> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, commit: Commit) {
        let mut commits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if commits.len() < MOST {
            commits.push(commit);
        }
    }
}

/// A change of a session, by the version that it made.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Cause {
    /// The session.
    pub session: SessionId,
    /// Its version after the change.
    pub version: u64,
}

impl Cause {
    /// Returns the cause of everything that a change of a session writes.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        Self { session: session.id.clone(), version: session.version }
    }

    /// Parses a cause as rows have it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (version, session) = text.split_once('#')?;
        Some(Self { session: SessionId::parse(session)?, version: version.parse().ok()? })
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.version, self.session)
    }
}

/// The versions of a session that are pushed already: those after `after`, up to `up_to`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pushed {
    /// The version before the first of them.
    pub after: u64,
    /// The last of them.
    pub up_to: u64,
}

impl Pushed {
    /// Returns true for a version that is pushed.
    #[must_use]
    pub const fn has(&self, version: u64) -> bool {
        self.after < version && version <= self.up_to
    }
}

impl TenantStore<'_> {
    /// Commits the rows of a change of a session, and notes it among the commits of the request.
    /// `latest` is as in [`Commit`].
    pub(crate) async fn commit_change(
        self,
        latest: Option<&Session>,
        change: &Change,
        rows: impl FnMut() -> Vec<Row>,
    ) -> Result<Committed, Fault> {
        let committed = self.commit(rows).await?;
        if let Committed::Done = committed {
            self.note_commit(latest, change);
        }
        Ok(committed)
    }

    /// Notes a change that is written.
    pub(crate) fn note_commit(self, latest: Option<&Session>, change: &Change) {
        if let Some(commits) = self.commits() {
            let (latest, change) = (latest.cloned(), change.clone());
            commits.note(Commit { tenant: self.tenant.clone(), latest, change });
        }
    }

    /// Returns the versions of sessions that are noted as pushed.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn pushed<'s>(
        self,
        sessions: impl IntoIterator<Item = &'s SessionId>,
    ) -> Result<HashMap<SessionId, Pushed>, Fault> {
        let keys: HashMap<_, _> =
            sessions.into_iter().map(|id| (key::pushed(self.tenant, id), id)).collect();
        let mut pushed = HashMap::with_capacity(keys.len());
        for (key, item) in self.items(Table::Live, keys.keys().cloned()).await? {
            if let Some(id) = keys.get(&key) {
                let company::Pushed { after, up_to } = decode(&item)?;
                pushed.insert((*id).clone(), Pushed { after, up_to });
            }
        }
        Ok(pushed)
    }

    /// Notes that versions of a session are pushed. `known` is the note that was read before, if it was.
    /// A note that does not continue the one before replaces it. When a later one is there, this one
    /// writes nothing, and the stream pushes its versions once more.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn note_pushed(
        self,
        session: &SessionId,
        known: Option<Pushed>,
        pushed: Pushed,
    ) -> Result<(), Fault> {
        let continues = known.is_some_and(|known| known.up_to == pushed.after);
        let note = if continues {
            Expression::update("SET #w = :w, #ttl = :ttl").when("#w = :f")
        } else {
            Expression::update("SET f = :f, #w = :w, #ttl = :ttl")
                .when("attribute_not_exists(pk) OR #w <= :f")
        };
        let note = note
            .number(":f", pushed.after)
            .number(":w", pushed.up_to)
            .number(":ttl", self.now().as_seconds() + NOTE_SECONDS);
        self.update_once(Table::Live, &key::pushed(self.tenant, session), note).await.map(drop)
    }
}

impl Store {
    /// Returns the same state, which notes the sessions' changes that it commits.
    #[must_use]
    pub fn noting(&self, commits: &Commits) -> Self {
        self.with_commits(commits.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_read_as_it_is_written() {
        let session = SessionId::parse("c1.2").expect("an id");
        let cause = Cause { session, version: 17 };
        assert_eq!(Cause::parse(&cause.to_string()), Some(cause));
        for text in ["", "17", "#c1.2", "x#c1.2", "17#"] {
            assert_eq!(Cause::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_versions_that_are_pushed_begin_after_the_first() {
        let pushed = Pushed { after: 3, up_to: 5 };
        let has: Vec<u64> = (0..8).filter(|version| pushed.has(*version)).collect();
        assert_eq!(has, [4, 5]);
    }
}
