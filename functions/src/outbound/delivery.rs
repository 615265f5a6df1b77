//! The delivery of what is due in one conversation.

use std::time::Duration;

use domain::delivery::{DeliveryError, ErrorCode, Progress, is_given_up};
use domain::live_chat::ProblemCode;
use domain::{Channel, Kind, Timestamp};
use metrics::counter;
use store::delivery::{End as Ended, Tracked};
use store::live_chat::Route;
use store::outgoing::{Due, Next};
use store::{Fault, TenantStore};

use super::Left;
use super::content::{self, DeliveryId, Piece};
use super::files::{self, Checked, Load, Ungiven, Unready, refused};
use super::gate::{self, Pace};
use super::health::{self, Silence};
use super::verdict::{Attempt, Verdict, problem};
use crate::app::App;
use crate::channel::{Outcome, Outgoing};
use crate::messenger::Unanswered;
use crate::metric::{DELIVERIES, DELIVERIES_FAILED, DELIVERY_RETRIES};
use crate::queue::Waiting;

/// The longest time after which an invocation begins another call. What is left comes again.
const PATIENCE_MILLIS: u64 = 30_000;
/// The longest time to wait for a recipient within an invocation, in milliseconds.
const SHORT_MILLIS: u64 = 1_500;
/// The time from which a call is slow, in milliseconds: many of them take the instances of others.
const SLOW_MILLIS: u64 = 3_000;
/// The time after which an answer is looked at again whose files are being checked.
const CHECKING: Duration = Duration::from_secs(30);
/// The wait from which it is noted.
const NOTED: Duration = Duration::from_secs(60);

/// Sends what is due in a conversation, in order, until nothing is left or something has to wait.
pub(super) async fn deliver(app: &App, waiting: &Waiting) -> Result<Left, Fault> {
    let store = app.store.of(&waiting.tenant);
    let Some(mut due) = store.due(&waiting.conversation).await? else { return Ok(Left::Nothing) };
    let began = store.now();
    let early = due.at.millis_since(began);
    if due.attempts > 0 && early > 0 {
        return Ok(gate::after(early));
    }
    while let Some(next) = store.next_outgoing(&mut due).await? {
        if store.now().millis_since(began) > PATIENCE_MILLIS {
            return Ok(gate::after(0));
        }
        let left = Sending { app, store, due: &mut due, next: &next, began }.send().await?;
        if left != Left::Nothing {
            return Ok(left);
        }
    }
    Ok(Left::Nothing)
}

/// What came of a call.
struct Called {
    outcome: Outcome,
    silence: Option<Silence>,
    /// True if there was no answer at all.
    is_unanswered: bool,
}

impl Called {
    /// Returns the end of an answer that is not sent.
    fn failed(error: DeliveryError) -> Self {
        let DeliveryError { code, message } = error;
        Self { outcome: Outcome::Failed { code, message }, silence: None, is_unanswered: false }
    }
}

/// One answer on its way.
struct Sending<'a, 'b> {
    app: &'a App,
    store: TenantStore<'a>,
    due: &'b mut Due,
    next: &'b Next,
    /// The beginning of the invocation.
    began: Timestamp,
}

/// The other end of an answer's channel.
struct End {
    route: Route,
    channel: Channel,
    recipient: String,
}

impl Sending<'_, '_> {
    /// Sends the answer, or the rest of its parts.
    async fn send(&mut self) -> Result<Left, Fault> {
        let tracked = self.tracked();
        let end = match self.end().await? {
            Ok(end) => end,
            Err(error) => return self.fail(error).await,
        };
        if is_given_up(tracked.due_since, self.store.now()) {
            return self.fail(given_up(&end.channel)).await;
        }
        let files = match Checked::of(self.app, &self.due.tenant, &self.next.answer).await? {
            Ok(files) => files,
            // The end of the check queues the conversation again.
            Err(Unready::Yet) => return self.wait(Left::After(CHECKING)).await,
            Err(Unready::Ever) => return self.fail(refused()).await,
        };
        let pieces = content::parts(end.channel.kind, &self.next.answer);
        let pace = Pace::of(end.channel.kind);
        loop {
            let sent =
                if self.due.split == self.next.answer.seq { self.due.parts.len() } else { 0 };
            let Some(piece) = pieces.get(sent) else {
                // A version that split otherwise sent all of it.
                return self.end_delivery(Progress::Sent, self.due.parts.clone(), pace).await;
            };
            let from = self.due.pace.max(self.next.pace);
            let wait = pace.wait(from, self.store.now());
            if wait > SHORT_MILLIS {
                return self.wait(gate::after(wait)).await;
            }
            tokio::time::sleep(Duration::from_millis(wait)).await;
            let id = DeliveryId {
                seq: self.next.answer.seq,
                restarts: tracked.restarts,
                part: sent + 1,
                parts: pieces.len(),
            };
            let Called { outcome, silence, is_unanswered } =
                match self.call(&end, &id, (*piece, &files), pace).await? {
                    Ok(called) => called,
                    Err(left) => return self.wait(left).await,
                };
            let found = problem(&outcome, is_unanswered.then_some(self.due.attempts));
            let attempt = Attempt {
                outcome,
                attempts: self.due.attempts + 1,
                due_since: tracked.due_since,
                now: self.store.now(),
            };
            match attempt.verdict() {
                Verdict::Sent(external_id) => {
                    let external_id = external_id.unwrap_or_default();
                    if id.is_last() {
                        let mut ids = if sent == 0 { Vec::new() } else { self.due.parts.clone() };
                        ids.push(external_id);
                        let left = self.end_delivery(Progress::Sent, ids, pace).await;
                        health::note(self.store, &end.route, &end.channel, found, silence).await;
                        return left;
                    }
                    let after = pace.after(from, self.store.now());
                    self.store.note_part(self.due, id.seq, external_id, after).await?;
                    if self.store.now().millis_since(self.began) > PATIENCE_MILLIS {
                        return Ok(gate::after(0));
                    }
                }
                Verdict::Failed(error) => {
                    // First, so that who hears of the failure finds the channel as it is. Called again, the
                    // messenger would refuse it again.
                    health::note(self.store, &end.route, &end.channel, found, silence).await;
                    return self.fail(error).await;
                }
                Verdict::Again(millis) => {
                    health::note(self.store, &end.route, &end.channel, found, silence).await;
                    counter!(DELIVERY_RETRIES).increment(1);
                    let until = self.store.now().plus_millis(millis);
                    let attempts = self.due.attempts + 1;
                    self.store.postpone(self.due, until, attempts).await?;
                    return Ok(gate::after(millis));
                }
            }
        }
    }

    fn tracked(&self) -> Tracked {
        self.next.stored.clone().unwrap_or_else(|| Tracked::accepted(&self.next.answer))
    }

    /// Finds the other end of the answer, or the reason why there is none.
    async fn end(&self) -> Result<Result<End, DeliveryError>, Fault> {
        let disabled = || {
            let message = "The channel is disabled, or has no way out any more.".to_owned();
            Ok(Err(DeliveryError { code: ErrorCode::ChannelDisabled, message }))
        };
        let Some(id) = &self.next.answer.channel else { return disabled() };
        let route = self.app.store.route(id).await?;
        let is_ours = |route: &Route| route.tenant == self.due.tenant;
        let Some(route) = route.filter(is_ours) else { return disabled() };
        let channel = self.store.channel(&route.live_chat, id).await?;
        let Some(channel) = channel.filter(Channel::can_reply) else { return disabled() };
        let answer = &self.next.answer;
        let session = domain::SessionId {
            conversation: answer.conversation.clone(),
            ordinal: answer.ordinal,
        };
        let info = self.store.clients(std::slice::from_ref(&session)).await?;
        let address = info.into_values().next().and_then(|info| info.address);
        Ok(address.map(|recipient| End { route, channel, recipient }).ok_or_else(|| {
            let message = "The client's address is not known: they have to write first.".to_owned();
            DeliveryError { code: ErrorCode::RecipientUnreachable, message }
        }))
    }

    /// Calls the messenger, as soon as its rates allow it.
    async fn call(
        &self,
        end: &End,
        id: &DeliveryId,
        (piece, files): (Piece<'_>, &Checked),
        pace: Pace,
    ) -> Result<Result<Called, Left>, Fault> {
        let (kind, channel) = (end.channel.kind, &end.channel.id);
        let quoted = self.quoted().await?;
        let answer = &self.next.answer;
        let delivery_id = id.print(answer.conversation.as_str());
        let (text, load) = match piece {
            Piece::Text(text) => (text, None),
            Piece::File(file) => {
                match files.load(self.app, &self.due.tenant, answer, file).await? {
                    Some(load) => ("", Some(load)),
                    None => return Ok(Ok(Called::failed(refused()))),
                }
            }
        };
        let links = files.links(self.app, &self.due.tenant)?;
        let mut outgoing = Outgoing {
            delivery_id: &delivery_id,
            conversation: answer.conversation.as_str(),
            recipient: &end.recipient,
            text,
            file: load.as_ref().map(Load::sent),
            links: &links,
            author: answer.author.name(),
            sent_at: answer.sent_at,
            // Only the first part quotes.
            reply_to: quoted.as_deref().filter(|_| id.part == 1),
        };
        let outside = self.app.outside()?;
        let paused = self.store.channel_pause(channel).await?;
        let left = gate::pass(self.store, channel, pace, paused.as_ref()).await?;
        if left != Left::Nothing {
            return Ok(Err(left));
        }
        let began = self.store.now();
        let media_id = match &outgoing.file {
            None => None,
            Some(file) => match files::give(outside, kind, &end.route, file).await? {
                Ok(media_id) => media_id,
                Err(Ungiven { outcome, is_unanswered }) => {
                    return Ok(Ok(Called { outcome, silence: None, is_unanswered }));
                }
            },
        };
        if let Some(file) = &mut outgoing.file {
            file.media_id = media_id.as_deref();
        }
        let call = content::call(outside, kind, &end.route, &outgoing, self.store.now()).await?;
        let Some((call, target)) = call else {
            let message = "The channel has no way out any more.".to_owned();
            return Ok(Ok(Called::failed(DeliveryError {
                code: ErrorCode::ChannelDisabled,
                message,
            })));
        };
        let called = outside.messengers.call(&call, target).await;
        let is_slow = self.store.now().millis_since(began) > SLOW_MILLIS;
        let is_unanswered =
            matches!(called, Err(Unanswered::TimedOut | Unanswered::Unreachable(_)));
        let silence = match (&called, paused) {
            (Err(Unanswered::TimedOut), before) => {
                Some(Silence::Again { before, is_answered: false })
            }
            (_, before) if is_slow => Some(Silence::Again { before, is_answered: !is_unanswered }),
            (_, Some(_)) => Some(Silence::Over),
            (_, None) => None,
        };
        let outcome = match called {
            Ok(answer) => content::outcome(kind, &answer, &delivery_id, self.store.now()),
            Err(reason @ Unanswered::Forbidden(_)) => {
                Outcome::Failed { code: ErrorCode::Rejected, message: reason.to_string() }
            }
            Err(reason) => Outcome::Retry { after: None, message: reason.to_string() },
        };
        Ok(Ok(Called { outcome, silence, is_unanswered }))
    }

    /// Returns the messenger's own id of the message that the answer quotes.
    async fn quoted(&self) -> Result<Option<String>, Fault> {
        let Some(seq) = self.next.answer.reply_to else { return Ok(None) };
        let conversation = &self.next.answer.conversation;
        let Some(quoted) = self.store.entry(conversation, seq).await? else { return Ok(None) };
        if quoted.kind == Kind::Client {
            return Ok(content::id_of_client_message(&quoted));
        }
        let tracked = self.store.tracked(conversation, seq).await?;
        let ids = tracked.map(|tracked| tracked.external_ids).unwrap_or_default();
        Ok(ids.into_iter().next().filter(|id| !id.is_empty()))
    }

    /// Waits for the channel's turn. A longer wait is noted, so that no sweep takes it for lost.
    async fn wait(&mut self, left: Left) -> Result<Left, Fault> {
        let Left::After(time) = left else { return Ok(left) };
        if time >= NOTED {
            let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
            let until = self.store.now().plus_millis(millis);
            self.store.postpone(self.due, until, self.due.attempts).await?;
        }
        Ok(left)
    }

    async fn fail(&mut self, error: DeliveryError) -> Result<Left, Fault> {
        self.end_delivery(
            Progress::Failed(error),
            Vec::new(),
            Pace::of(domain::ChannelKind::Unknown),
        )
        .await
    }

    /// Notes the end of the delivery, and takes the answer out of what is due.
    async fn end_delivery(
        &mut self,
        progress: Progress,
        external_ids: Vec<String>,
        pace: Pace,
    ) -> Result<Left, Fault> {
        match &progress {
            Progress::Failed(error) => {
                counter!(DELIVERIES_FAILED).increment(1);
                tracing::info!(code = error.code.as_str(), "an answer failed");
            }
            _ => counter!(DELIVERIES).increment(1),
        }
        let (answer, now) = (&self.next.answer, self.store.now());
        let from = self.due.pace.max(self.next.pace);
        let after = match progress {
            Progress::Failed(_) => from,
            _ => pace.after(from, now),
        };
        let end = Ended { progress, external_ids, pace: after };
        self.store.end_delivery(answer, self.next.stored.clone(), &end).await?;
        self.store.settle(self.due, answer.seq, Some(after)).await?;
        Ok(Left::Nothing)
    }
}

/// Returns the reason of an answer that was tried for a day.
fn given_up(channel: &Channel) -> DeliveryError {
    let problem = channel.problem.as_ref();
    match problem.filter(|problem| problem.code == ProblemCode::Unauthorized) {
        Some(problem) => {
            DeliveryError { code: ErrorCode::Unauthorized, message: problem.message.clone() }
        }
        None => DeliveryError {
            code: ErrorCode::Unavailable,
            message: "The messenger could not be reached for a day.".to_owned(),
        },
    }
}
