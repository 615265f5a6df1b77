//! Commits: the changes of sessions that a request has written, so that it can push them before the
//! stream delivers them, and its notes about what it has pushed.
//!
//! A change is pushed from the stream in any case, unless a note says that it is pushed already. The note
//! is written after the push: a function that dies between the two causes a repetition, never a loss. The
//! rows of such a change say until when its request may push it. Until then the stream's consumer waits for
//! a note, so that nothing is pushed twice.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Change, Session, SessionId, TenantId, Timestamp};

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
#[derive(Clone, Debug)]
pub struct Commits {
    commits: Arc<Mutex<Vec<Commit>>>,
    until: Timestamp,
}

impl Commits {
    /// Returns no commits yet of a request that may push them until a moment.
    #[must_use]
    pub fn pushed_until(until: Timestamp) -> Self {
        Self { commits: Arc::default(), until }
    }

    /// Returns the moment until which the request may push.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.until
    }

    /// Returns the commits since the last call.
    #[must_use]
    pub fn take(&self) -> Vec<Commit> {
        std::mem::take(&mut self.commits.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, commit: Commit) {
        let mut commits = self.commits.lock().unwrap_or_else(PoisonError::into_inner);
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
    /// The moment until which the request that made the change may push it; none if it does not.
    pub until: Option<Timestamp>,
}

impl Cause {
    /// Returns the cause of everything that a change of a session writes.
    #[must_use]
    pub fn of(session: &Session, until: Option<Timestamp>) -> Self {
        Self { session: session.id.clone(), version: session.version, until }
    }

    /// Parses a cause as rows have it.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('#');
        let (version, session) = (parts.next()?.parse().ok()?, SessionId::parse(parts.next()?)?);
        let until = parts.next().map(str::parse).transpose().ok()?.map(Timestamp::from_millis);
        parts.next().is_none().then_some(Self { session, version, until })
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.version, self.session)?;
        self.until.map_or(Ok(()), |until| write!(f, "#{}", until.as_millis()))
    }
}

/// Successive versions of a session: those after `after`, up to `up_to`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Versions {
    /// The version before the first of them.
    pub after: u64,
    /// The last of them.
    pub up_to: u64,
}

impl Versions {
    /// Returns true for one of these versions.
    #[must_use]
    pub const fn has(&self, version: u64) -> bool {
        self.after < version && version <= self.up_to
    }
}

/// The notes of requests about the latest versions of a session that they made.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Notes {
    /// Those that they have pushed.
    pub pushed: Versions,
    /// Those that they have left to the stream.
    pub left: Versions,
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

    /// Returns the moment until which the request that this store serves may push its commits; none if it
    /// leaves them to the stream.
    pub(crate) fn pushes_until(self) -> Option<Timestamp> {
        self.commits().map(Commits::until)
    }

    /// Returns what requests have noted about these sessions.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn push_notes<'s>(
        self,
        sessions: impl IntoIterator<Item = &'s SessionId>,
    ) -> Result<HashMap<SessionId, Notes>, Fault> {
        let keys: HashMap<_, _> =
            sessions.into_iter().map(|id| (key::push_notes(self.tenant, id), id)).collect();
        let mut notes = HashMap::with_capacity(keys.len());
        for (key, item) in self.items(Table::Live, keys.keys().cloned()).await? {
            if let Some(id) = keys.get(&key) {
                let stored: company::Notes = decode(&item)?;
                let pushed = Versions { after: stored.pushed_after, up_to: stored.pushed_up_to };
                let left = Versions { after: stored.left_after, up_to: stored.left_up_to };
                notes.insert((*id).clone(), Notes { pushed, left });
            }
        }
        Ok(notes)
    }

    /// Notes that versions of a session are pushed. `known` are those of the note that was read before.
    /// A note that does not continue the one before replaces it. When a later one is there, this one
    /// writes nothing, and the stream pushes its versions once more.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn note_pushed(
        self,
        session: &SessionId,
        known: Versions,
        pushed: Versions,
    ) -> Result<(), Fault> {
        self.note_versions(session, ["f", "w"], known, pushed).await
    }

    /// Notes that versions of a session are left to the stream, whose consumer then waits no longer. The
    /// rest is as for [`Self::note_pushed`].
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn note_left(
        self,
        session: &SessionId,
        known: Versions,
        left: Versions,
    ) -> Result<(), Fault> {
        self.note_versions(session, ["lf", "lw"], known, left).await
    }

    async fn note_versions(
        self,
        session: &SessionId,
        [after, up_to]: [&str; 2],
        known: Versions,
        noted: Versions,
    ) -> Result<(), Fault> {
        let note = if known.up_to == noted.after && known != Versions::default() {
            Expression::update(format!("SET #{up_to} = :w, #ttl = :ttl"))
                .when(format!("#{up_to} = :f"))
        } else {
            Expression::update(format!("SET #{after} = :f, #{up_to} = :w, #ttl = :ttl"))
                .when(format!("attribute_not_exists(#{up_to}) OR #{up_to} <= :f"))
        };
        let note = note
            .number(":f", noted.after)
            .number(":w", noted.up_to)
            .number(":ttl", self.now().as_seconds() + NOTE_SECONDS);
        self.update_once(Table::Live, &key::push_notes(self.tenant, session), note).await.map(drop)
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
        for until in [None, Some(Timestamp::from_millis(1_700_000_000_123))] {
            let cause = Cause { session: session.clone(), version: 17, until };
            assert_eq!(Cause::parse(&cause.to_string()), Some(cause));
        }
        for text in ["", "17", "#c1.2", "x#c1.2", "17#", "17#c1.2#", "17#c1.2#x", "17#c1.2#5#6"] {
            assert_eq!(Cause::parse(text), None, "{text}");
        }
    }

    #[test]
    fn versions_begin_after_the_first() {
        let versions = Versions { after: 3, up_to: 5 };
        let has: Vec<u64> = (0..8).filter(|version| versions.has(*version)).collect();
        assert_eq!(has, [4, 5]);
    }
}
