//! Pushes from the function that executed the request, before it answers: the stream delivers a change
//! a quarter of a second later.
//!
//! Only what concerns few is pushed this way, and only if everything before it in the conversation is
//! pushed. Then a note in the state says which versions are pushed, and the stream's consumer passes over
//! them. The note comes last: whatever ends this push, the stream pushes the same once more, and nothing is
//! lost. A request that pushes nothing itself notes that, too: until the consumer has read one or the other,
//! it waits, but no longer than the request may take.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use domain::{SessionId, TenantId, Timestamp};
use futures::future::join_all;
use futures::{join, try_join};
use graphql::Executed;
use store::Fault;
use store::commit::{Cause, Commit, Notes, Versions};
use store::stream::Record;
use tokio::time::{sleep, timeout};

use crate::app::App;
use crate::fanout::audience::Audience;
use crate::fanout::batch::{Batch, Place};
use crate::fanout::delivery::Delivery;
use crate::fanout::{queue, typing};

/// The most employees that a change concerns, and the most subscribers that it is pushed to: the request
/// waits for them.
const FEW: usize = 32;
/// The longest time from the beginning of a request until it has pushed.
pub const PATIENCE: Duration = Duration::from_millis(500);
/// The pause of the stream's consumer before it reads the notes again.
const PAUSE: Duration = Duration::from_millis(20);
/// The most times that it pauses: as long as a request may take.
const PAUSES: u128 = PATIENCE.as_millis() / PAUSE.as_millis();
/// The time after which the stream has pushed an entry, in milliseconds. A younger one may still be on
/// its way, and the next must not overtake it.
const QUIET_MILLIS: u64 = 5_000;

/// The notes about sessions.
type Known = HashMap<SessionId, Notes>;

/// Pushes what a request has caused: typing, and what it has committed.
pub async fn push(app: &App, tenant: Option<&TenantId>, executed: &Executed) {
    if let Some(tenant) = tenant {
        // Boxed: the future is deep, and its callers' futures would contain it.
        Box::pin(push_all(app, tenant, executed)).await;
    }
}

async fn push_all(app: &App, tenant: &TenantId, executed: &Executed) {
    let commits = async {
        let Some(commits) = &executed.commits else { return };
        let time = commits.until().millis_since(app.store.now());
        let commits = commits.take();
        if commits.is_empty() {
            return;
        }
        match timeout(Duration::from_millis(time), push_commits(app, tenant, &commits)).await {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => tracing::warn!(%fault, "a change is left to the stream"),
            Err(_) => tracing::warn!("a change that takes long to push is left to the stream"),
        }
    };
    join!(typing::push(app, tenant, &executed.typists), commits);
}

async fn push_commits(app: &App, tenant: &TenantId, commits: &[Commit]) -> Result<(), Fault> {
    let store = app.store.of(tenant);
    let (is_pushed, known) = push_if_few(app, tenant, commits).await?;
    let each = made(commits).into_iter().map(|(session, versions)| {
        let known = known.get(session).copied().unwrap_or_default();
        async move {
            match is_pushed {
                true => store.note_pushed(session, known.pushed, versions).await,
                false => store.note_left(session, known.left, versions).await,
            }
        }
    });
    join_all(each).await.into_iter().collect()
}

/// Pushes commits to whom they concern, if those are few and nothing before them is still on its way.
/// Returns true if it has, and what was noted before about their sessions, if it was read.
async fn push_if_few(
    app: &App,
    tenant: &TenantId,
    commits: &[Commit],
) -> Result<(bool, Known), Fault> {
    let delivery = Delivery::new(app, tenant.clone()).limited_to(FEW);
    let (store, batch) = (app.store.of(tenant), Batch::committed(tenant, commits));
    delivery.loaders.know_entries(batch.entries.values().map(|entry| &**entry)).await;
    let known = async {
        // Most entries come long after the one before: then the notes decide nothing.
        if is_next(commits, &Known::default(), app.store.now()) {
            return Ok(Known::default());
        }
        let latest = commits.iter().filter_map(|commit| commit.latest.as_ref());
        store.push_notes(latest.map(|session| &session.id)).await
    };
    let (audience, known) = try_join!(Audience::of(app, &batch, &delivery), known)?;
    if audience.people().len() > FEW || !is_next(commits, &known, app.store.now()) {
        return Ok((false, known));
    }
    queue(app, &batch, &audience, &delivery).await?;
    if delivery.is_too_large() {
        return Ok((false, known));
    }
    delivery.post().await?;
    Ok((true, known))
}

/// Returns true if everything before these commits is pushed.
fn is_next(commits: &[Commit], known: &Known, now: Timestamp) -> bool {
    let mut pushed: HashMap<&SessionId, u64> =
        known.iter().map(|(session, notes)| (session, notes.pushed.up_to)).collect();
    commits.iter().all(|Commit { latest, change, .. }| {
        let is_next = latest.as_ref().is_none_or(|latest| {
            pushed.get(&latest.id) == Some(&latest.version)
                || now.is_past(latest.last_entry_at, QUIET_MILLIS)
        });
        pushed.insert(&change.session.id, change.session.version);
        is_next
    })
}

/// Returns the versions of each session that commits made: the last ones in a row, where another request
/// made one in between. The stream pushes those before it, and loses none of the other's.
fn made(commits: &[Commit]) -> HashMap<&SessionId, Versions> {
    let mut made: HashMap<&SessionId, Versions> = HashMap::new();
    for commit in commits {
        let (session, after) = (&commit.change.session, commit.before().map_or(0, |it| it.version));
        let first = Versions { after, up_to: after };
        let versions = made.entry(&session.id).or_insert(first);
        if versions.up_to != after {
            *versions = first;
        }
        versions.up_to = session.version;
    }
    made
}

/// Returns the records without those whose changes their requests have pushed. Waits for the requests that
/// may still be at it. Where the notes cannot be read, all are pushed, some of them a second time.
pub(super) async fn without_pushed(
    app: &App,
    records: Vec<(Place, Record)>,
) -> Vec<(Place, Record)> {
    let mut causes: HashMap<&TenantId, Vec<&Cause>> = HashMap::new();
    for (_, Record { tenant, cause, .. }) in &records {
        if let Some(cause) = cause.as_ref().filter(|cause| cause.until.is_some()) {
            causes.entry(tenant).or_default().push(cause);
        }
    }
    let each = causes.into_iter().map(|(tenant, causes)| async move {
        let known = settled(app, tenant, &causes).await.unwrap_or_else(|fault| {
            tracing::warn!(%fault, "changes may be pushed twice");
            Known::default()
        });
        (tenant.clone(), known)
    });
    let known: HashMap<TenantId, Known> = join_all(each).await.into_iter().collect();
    let is_pushed = |Record { tenant, cause, .. }: &Record| {
        let Some(cause) = cause else { return false };
        let notes = known.get(tenant).and_then(|known| known.get(&cause.session));
        notes.is_some_and(|notes| notes.pushed.has(cause.version))
    };
    records.into_iter().filter(|(_, record)| !is_pushed(record)).collect()
}

/// Returns what is noted about the sessions of these causes, once each of them is noted or its request may
/// push no longer.
async fn settled(app: &App, tenant: &TenantId, causes: &[&Cause]) -> Result<Known, Fault> {
    let mut pauses = 0;
    loop {
        let sessions: BTreeSet<&SessionId> = causes.iter().map(|cause| &cause.session).collect();
        let known = app.store.of(tenant).push_notes(sessions).await?;
        let now = app.store.now();
        if pauses == PAUSES || !causes.iter().any(|cause| is_awaited(cause, &known, now)) {
            return Ok(known);
        }
        pauses += 1;
        sleep(PAUSE).await;
    }
}

/// Returns true if the request that made a change may still push it.
fn is_awaited(cause: &Cause, known: &Known, now: Timestamp) -> bool {
    let notes = known.get(&cause.session).copied().unwrap_or_default();
    let is_noted = notes.pushed.has(cause.version) || notes.left.has(cause.version);
    !is_noted && cause.until.is_some_and(|until| now < until)
}
