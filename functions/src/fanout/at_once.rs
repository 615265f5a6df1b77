//! Pushes from the function that executed the request, before it answers: the stream delivers a change
//! a quarter of a second later.
//!
//! Only what concerns few is pushed this way, and only if everything before it in the conversation is
//! pushed. Then a note in the state says which versions are pushed, and the stream's consumer passes over
//! them. The note comes last: whatever ends this push, too many subscribers, a slow connection or the end
//! of the function, the stream pushes the same once more, and nothing is lost. It does so as well when its
//! consumer reads the notes before this one is written: therefore the setting is off by default.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use domain::{SessionId, TenantId, Timestamp};
use futures::future::join_all;
use futures::{join, try_join};
use graphql::Executed;
use store::Fault;
use store::commit::{Commit, Pushed};
use store::stream::Record;
use tokio::time::timeout;

use crate::app::App;
use crate::fanout::audience::Audience;
use crate::fanout::batch::{Batch, Place};
use crate::fanout::delivery::Delivery;
use crate::fanout::{queue, typing};

/// The most employees that a change concerns, and the most subscribers that it is pushed to: the request
/// waits for them.
const FEW: usize = 32;
/// The longest time that a request waits for its pushes.
pub const PATIENCE: Duration = Duration::from_millis(500);
/// The time after which the stream has pushed an entry, in milliseconds. A younger one may still be on
/// its way, and the next must not overtake it.
const QUIET_MILLIS: u64 = 5_000;

/// The notes about the versions that are pushed already.
type Notes = HashMap<SessionId, Pushed>;

/// Pushes what a request has caused: typing, and what it has committed.
pub async fn push(app: &App, tenant: Option<&TenantId>, executed: &Executed) {
    if let Some(tenant) = tenant {
        // Boxed: the future is deep, and its callers' futures would contain it.
        Box::pin(push_all(app, tenant, executed)).await;
    }
}

async fn push_all(app: &App, tenant: &TenantId, executed: &Executed) {
    let commits = async {
        let Some(patience) = app.pushes_at_once.filter(|_| !executed.commits.is_empty()) else {
            return;
        };
        match timeout(patience, push_commits(app, tenant, &executed.commits)).await {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => tracing::warn!(%fault, "a change is left to the stream"),
            Err(_) => tracing::warn!("a change that takes long to push is left to the stream"),
        }
    };
    join!(typing::push(app, tenant, &executed.typists), commits);
}

async fn push_commits(app: &App, tenant: &TenantId, commits: &[Commit]) -> Result<(), Fault> {
    let delivery = Delivery::new(app, tenant.clone()).limited_to(FEW);
    let (store, batch) = (app.store.of(tenant), Batch::committed(tenant, commits));
    delivery.loaders.know_entries(batch.entries.values().map(|entry| &**entry)).await;
    let notes = async {
        // Most entries come long after the one before: then the notes decide nothing.
        if is_next(commits, &Notes::default(), app.store.now()) {
            return Ok(Notes::default());
        }
        let latest = commits.iter().filter_map(|commit| commit.latest.as_ref());
        store.pushed(latest.map(|session| &session.id)).await
    };
    let (audience, notes) = try_join!(Audience::of(app, &batch, &delivery), notes)?;
    if audience.people().len() > FEW || !is_next(commits, &notes, app.store.now()) {
        return Ok(());
    }
    queue(app, &batch, &audience, &delivery).await?;
    if delivery.is_too_large() {
        return Ok(());
    }
    delivery.post().await?;
    let each = pushed(commits)
        .into_iter()
        .map(|(session, pushed)| store.note_pushed(session, notes.get(session).copied(), pushed));
    join_all(each).await.into_iter().collect()
}

/// Returns true if everything before these commits is pushed.
fn is_next(commits: &[Commit], notes: &Notes, now: Timestamp) -> bool {
    let mut pushed: HashMap<&SessionId, u64> =
        notes.iter().map(|(session, note)| (session, note.up_to)).collect();
    commits.iter().all(|Commit { latest, change, .. }| {
        let is_next = latest.as_ref().is_none_or(|latest| {
            pushed.get(&latest.id) == Some(&latest.version)
                || now.is_past(latest.last_entry_at, QUIET_MILLIS)
        });
        pushed.insert(&change.session.id, change.session.version);
        is_next
    })
}

/// Returns the versions of each session that commits made.
fn pushed(commits: &[Commit]) -> HashMap<&SessionId, Pushed> {
    let mut versions: HashMap<&SessionId, Pushed> = HashMap::new();
    for commit in commits {
        let (session, after) = (&commit.change.session, commit.before().map_or(0, |it| it.version));
        let pushed = versions.entry(&session.id).or_insert(Pushed { after, up_to: after });
        pushed.up_to = session.version;
    }
    versions
}

/// Returns the records without those whose changes are pushed already. Where the notes cannot be read,
/// all are pushed, some of them a second time.
pub(super) async fn without_pushed(
    app: &App,
    records: Vec<(Place, Record)>,
) -> Vec<(Place, Record)> {
    if app.pushes_at_once.is_none() {
        return records;
    }
    let mut sessions: HashMap<&TenantId, BTreeSet<&SessionId>> = HashMap::new();
    for (_, Record { tenant, cause, .. }) in &records {
        if let Some(cause) = cause {
            sessions.entry(tenant).or_default().insert(&cause.session);
        }
    }
    let each = sessions.into_iter().map(|(tenant, sessions)| async move {
        let notes = app.store.of(tenant).pushed(sessions).await.unwrap_or_else(|fault| {
            tracing::warn!(%fault, "changes may be pushed twice");
            Notes::default()
        });
        (tenant.clone(), notes)
    });
    let notes: HashMap<TenantId, Notes> = join_all(each).await.into_iter().collect();
    let is_pushed = |Record { tenant, cause, .. }: &Record| {
        let Some(cause) = cause else { return false };
        let note = notes.get(tenant).and_then(|notes| notes.get(&cause.session));
        note.is_some_and(|note| note.has(cause.version))
    };
    records.into_iter().filter(|(_, record)| !is_pushed(record)).collect()
}
