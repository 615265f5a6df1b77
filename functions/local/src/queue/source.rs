//! Lambda's event source for a FIFO queue: hands messages to a function, each group in order.

use super::message::Message;
use super::{Queue, Refusal, event};
use crate::{Fault, Function, function::invoke};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::{Id, JoinSet};

/// The queue is looked at this often even when nothing announces a message.
const QUIET: Duration = Duration::from_millis(200);
/// The longest time that running invocations may take to end after the source was asked to stop.
const STOP: Duration = Duration::from_secs(5);

/// The settings of an event source. Partial batch responses are on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The most messages of one invocation, 1 to 10.
    pub batch_size: usize,
    /// The most invocations at once.
    pub most_at_once: usize,
    /// The longest time that an invocation may take. AWS wants the visibility timeout of the queue
    /// to be at least as long.
    pub timeout: Duration,
}

/// A running event source. What it has received by the time of its end comes again after the
/// visibility timeout, or after [`Queue::release`].
pub struct Source {
    queue: Queue,
    pub(super) work: watch::Receiver<Work>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

/// What the source is doing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Work {
    /// True while it looks for messages or an invocation runs.
    is_running: bool,
    /// The number of looks so far.
    pub(super) looks: u64,
}

impl Source {
    /// Starts to hand the messages of the queue to the function. Different groups are handled at
    /// once, one group never by two invocations.
    pub fn start(queue: Queue, function: Function, settings: Settings) -> Self {
        let (tell, work) = watch::channel(Work { is_running: true, looks: 0 });
        let stop = watch::Sender::new(false);
        let runner = Runner {
            queue: queue.clone(),
            function,
            settings,
            tell,
            running: JoinSet::new(),
            groups: HashMap::new(),
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(runner.run(stop.subscribe()));
        Self { queue, work, stop, tasks }
    }

    /// Waits until no invocation runs and no message could be received now. Messages that are in
    /// flight for a later try may be left.
    ///
    /// # Errors
    /// When the queue cannot be read or the source has ended.
    pub async fn idle(&self) -> Result<(), Fault> {
        let mut work = self.work.clone();
        loop {
            let before = *work.wait_for(|work| !work.is_running).await?;
            let name = &self.queue.attributes.name;
            let is_empty = self.queue.run(name, |table| Ok(table.groups()?.is_empty())).await?;
            // Without a look between them, both were true at the same time.
            if is_empty && *work.borrow() == before {
                return Ok(());
            }
            if *work.borrow() == before {
                work.changed().await?;
            }
        }
    }

    /// Waits until the queue is empty and no invocation runs: everything is delivered or given up.
    ///
    /// # Errors
    /// As [`Source::idle`] has them.
    pub async fn settled(&self) -> Result<(), Fault> {
        let mut changes = self.queue.changes.subscribe();
        loop {
            changes.borrow_and_update();
            self.idle().await?;
            if self.queue.is_empty().await? {
                return Ok(());
            }
            // What is too old is deleted without a change.
            let _ = tokio::time::timeout(QUIET, changes.changed()).await;
        }
    }

    /// Lets running invocations end, for 5 seconds at most, and ends.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(STOP, ended).await.is_err() {
            self.tasks.shutdown().await;
        }
    }
}

/// The side of a source that works.
struct Runner {
    queue: Queue,
    function: Function,
    settings: Settings,
    tell: watch::Sender<Work>,
    running: JoinSet<()>,
    /// The groups of each running invocation.
    groups: HashMap<Id, Vec<String>>,
}

impl Runner {
    async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut changes = self.queue.changes.subscribe();
        while !*stop.borrow() {
            // Seen before the look, so that a message that comes meanwhile wakes again.
            changes.borrow_and_update();
            self.tell.send_modify(|work| *work = Work { is_running: true, looks: work.looks + 1 });
            if let Err(error) = self.fill().await {
                tracing::warn!(%error, "the queue was not read");
            }
            if self.running.is_empty() {
                self.tell.send_modify(|work| work.is_running = false);
            }
            let wait = self.wait().await;
            tokio::select! {
                Ok(()) = changes.changed() => {}
                Ok(()) = stop.changed() => {}
                Some(ended) = self.running.join_next_with_id() => {
                    let id = ended.map_or_else(|crash| crash.id(), |(id, ())| id);
                    self.groups.remove(&id);
                }
                () = tokio::time::sleep(wait) => {}
            }
        }
        while self.running.join_next().await.is_some() {}
    }

    /// Starts as many invocations as there may be and are messages for.
    async fn fill(&mut self) -> Result<(), Refusal> {
        loop {
            let slots = self.settings.most_at_once.saturating_sub(self.running.len());
            if slots == 0 {
                return Ok(());
            }
            // A function may make its message visible while it runs: its group stays busy.
            let busy: HashSet<String> = self.groups.values().flatten().cloned().collect();
            let batch = self.queue.take(self.settings.batch_size, slots, busy).await?;
            if batch.is_empty() {
                return Ok(());
            }
            let groups = batch.iter().map(|message| message.group.clone()).collect();
            let (queue, function) = (self.queue.clone(), Arc::clone(&self.function));
            let task = self.running.spawn(deliver(queue, function, self.settings.timeout, batch));
            self.groups.insert(task.id(), groups);
        }
    }

    /// Returns the time until the next look, if nothing happens before.
    async fn wait(&self) -> Duration {
        let next = self.queue.run(&self.queue.attributes.name, |table| table.next()).await;
        let now = (self.queue.now)();
        let wait = next.ok().flatten().and_then(|next| u64::try_from(next - now).ok());
        wait.map_or(QUIET, |wait| Duration::from_millis(wait).min(QUIET))
    }
}

/// Hands a batch to the function and deletes what it has handled.
async fn deliver(queue: Queue, function: Function, limit: Duration, batch: Vec<Message>) {
    let event = event::event(&queue.attributes.name, &batch);
    let failed = match invoke(&function, event, limit).await {
        Ok(answer) => event::failed(&answer, &batch),
        Err(failure) => {
            tracing::warn!(messages = batch.len(), %failure);
            None
        }
    };
    let Some(failed) = failed else { return };
    let handles: Vec<String> = batch
        .into_iter()
        .filter(|message| !failed.contains(&message.id))
        .map(|message| message.handle)
        .collect();
    let delete = move |table: &super::Table<'_>| {
        for handle in &handles {
            match table.delete(handle) {
                // It took longer than the visibility timeout: the message comes again.
                Err(Refusal::Expired(_)) => tracing::warn!("a message was handled too late"),
                done => done?,
            }
        }
        Ok(())
    };
    if let Err(error) = queue.run(&queue.attributes.name, delete).await {
        tracing::error!(%error, "what was handled was not deleted, and comes again");
    }
}
