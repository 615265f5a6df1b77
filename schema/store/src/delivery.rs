//! Deliveries: how far each answer that leaves by a messenger has come. The answer itself never changes:
//! its delivery stands in a row beside it, from the moment when something is known about it. Before that
//! it is pending.

use std::collections::HashMap;

use domain::delivery::{Delivery, DeliveryError, ErrorCode, Progress, State};
use domain::{ChannelId, ConversationId, Message, Refusal, Timestamp};

use crate::record::{Millis, dialog};
use crate::table::{
    Expression, Item, Range, Read, Table, decode as decode_record, encode_whole, key,
};
use crate::{Failure, Fault, TenantStore};

/// The most answers among which the one with an external id is looked for.
const MOST_SEARCHED: usize = 200;

/// The delivery of an answer, with all that its next step needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tracked {
    /// The delivery as people see it.
    pub delivery: Delivery,
    /// The number of times it was begun anew.
    pub restarts: u32,
    /// The moment since when it is due: when it was accepted, or begun anew.
    pub due_since: Timestamp,
    /// The messenger's own ids of its parts.
    pub external_ids: Vec<String>,
    /// The moment from which the recipient takes the next message.
    pub pace: Timestamp,
    /// The number of writes; every write is guarded by it.
    pub version: u64,
}

impl Tracked {
    /// Returns the delivery of an answer about which nothing is stored yet.
    #[must_use]
    pub fn accepted(answer: &Message) -> Self {
        Self {
            delivery: Delivery::accepted(answer.sent_at),
            restarts: 0,
            due_since: answer.sent_at,
            external_ids: Vec::new(),
            pace: Timestamp::default(),
            version: 0,
        }
    }

    /// Returns true when the next answer may leave.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.delivery.state.is_over()
    }
}

/// The end of the delivery of an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct End {
    /// Sent or failed.
    pub progress: Progress,
    /// The messenger's own ids of its parts.
    pub external_ids: Vec<String>,
    /// The moment from which the recipient takes the next message.
    pub pace: Timestamp,
}

/// The step of a delivery that a messenger reports.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// The restart of the delivery that it is about.
    pub restarts: u32,
    /// True if it is about the whole answer, and not about one of several parts.
    pub is_whole: bool,
    /// The step.
    pub progress: Progress,
}

impl TenantStore<'_> {
    /// Returns the delivery of an answer; none if nothing is stored about it.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn tracked(
        self,
        conversation: &ConversationId,
        seq: u64,
    ) -> Result<Option<Tracked>, Fault> {
        let key = key::delivery(self.tenant, conversation, seq);
        self.item(Table::Core, &key).await?.as_ref().map(decode).transpose()
    }

    /// Returns the deliveries of these answers, as far as something is stored about them.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn deliveries(
        self,
        answers: &[(ConversationId, u64)],
    ) -> Result<HashMap<(ConversationId, u64), Delivery>, Fault> {
        let key = |(of, seq): &(ConversationId, u64)| key::delivery(self.tenant, of, *seq);
        let items = self.items(Table::Core, answers.iter().map(key)).await?;
        let found = answers.iter().filter_map(|answer| Some((answer, items.get(&key(answer))?)));
        found.map(|(answer, item)| Ok((answer.clone(), decode(item)?.delivery))).collect()
    }

    /// Writes the delivery of an answer. If it is not as `before` any more, writes nothing and returns
    /// false.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn save_delivery(
        self,
        conversation: &ConversationId,
        seq: u64,
        before: Option<&Tracked>,
        after: &Tracked,
    ) -> Result<bool, Fault> {
        let key = key::delivery(self.tenant, conversation, seq);
        let version = before.map_or(0, |before| before.version);
        let after = &Tracked { version: version + 1, ..after.clone() };
        let (item, absent) = encode_whole(&key, &record(after));
        let update = Expression::replace(item, &absent);
        let update = match before {
            None => update.when("attribute_not_exists(pk)"),
            Some(_) => update.when("w = :before").number(":before", version),
        };
        match self.update(Table::Core, &key, update).await?.answer {
            Ok(_) => Ok(true),
            // The first try may have been written, and its answer lost.
            Err(found) => Ok(found.as_ref().map(decode).transpose()?.as_ref() == Some(after)),
        }
    }

    /// Notes the end of the delivery of an answer. A receipt may have come before: the delivery is then
    /// farther already, and stays so.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn end_delivery(
        self,
        answer: &Message,
        mut stored: Option<Tracked>,
        end: &End,
    ) -> Result<(), Fault> {
        let restarts = stored.as_ref().map_or(0, |stored| stored.restarts);
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            let before = stored.clone().unwrap_or_else(|| Tracked::accepted(answer));
            // Begun anew since: this is not the end of that.
            if before.restarts != restarts {
                return Ok(());
            }
            let moved = before.delivery.advance(end.progress.clone(), self.now());
            let delivery = moved.unwrap_or_else(|| before.delivery.clone());
            let (external_ids, pace) = (end.external_ids.clone(), end.pace);
            let after = Tracked { delivery, external_ids, pace, ..before };
            let (of, seq) = (&answer.conversation, answer.seq);
            if self.save_delivery(of, seq, stored.as_ref(), &after).await? {
                return Ok(());
            }
            stored = self.tracked(of, seq).await?;
        }
    }

    /// Moves the delivery of an answer by what the messenger of a channel reports, if the report is its:
    /// made of what was sent for it. A report of what is known changes nothing, nor does one of an earlier try
    /// that proves no arrival.
    ///
    /// # Errors
    /// `NotFound` where the channel has no such answer; a [`Fault`] of the state.
    pub async fn report(
        self,
        channel: &ChannelId,
        conversation: &ConversationId,
        seq: u64,
        report: &Report,
        is_its: impl Fn(&Message) -> bool,
    ) -> Result<bool, Failure> {
        let answer = self.entry(conversation, seq).await?;
        let left_by = |answer: &Message| answer.channel.as_ref() == Some(channel);
        let answer = answer
            .filter(|answer| answer.leaves_after.is_some() && left_by(answer) && is_its(answer));
        let answer = answer.ok_or(Refusal::NotFound)?;
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            let stored = self.tracked(conversation, seq).await?;
            let before = stored.clone().unwrap_or_else(|| Tracked::accepted(&answer));
            if report.restarts > before.restarts {
                return Err(Refusal::NotFound.into());
            }
            let is_late = report.restarts < before.restarts;
            let proves_arrival =
                report.is_whole && matches!(report.progress, Progress::Delivered | Progress::Read);
            // A part that arrived does not disprove that another failed.
            let is_failed = before.delivery.state == State::Failed;
            if (is_late && !proves_arrival) || (is_failed && !report.is_whole) {
                return Ok(false);
            }
            let moved = before.delivery.advance(report.progress.clone(), self.now());
            let Some(delivery) = moved else { return Ok(false) };
            let after = Tracked { delivery, ..before };
            if self.save_delivery(conversation, seq, stored.as_ref(), &after).await? {
                return Ok(true);
            }
        }
    }

    /// Returns the number of the answer that a messenger knows by this id, among the last 200 of the
    /// conversation.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn answer_by_external_id(
        self,
        conversation: &ConversationId,
        external_id: &str,
    ) -> Result<Option<u64>, Fault> {
        let pk = key::conversation(self.tenant, conversation);
        let range = Range::starting(&pk, key::DELIVERIES, MOST_SEARCHED).reversed();
        for item in self.range(Table::Core, &range).await? {
            if decode(&item)?.external_ids.iter().any(|id| id == external_id) {
                return Ok(Some(Read(&item).parsed("sk", key::read_delivery)?));
            }
        }
        Ok(None)
    }
}

fn record(tracked: &Tracked) -> dialog::Delivery {
    let Tracked { delivery, restarts, due_since, external_ids, pace, version } = tracked;
    let error = delivery.error.as_ref();
    dialog::Delivery {
        state: delivery.state.as_str().to_owned(),
        at: Millis(delivery.at),
        error: error.map(|error| error.code.as_str().to_owned()),
        error_message: error.map(|error| error.message.clone()),
        restarts: (*restarts > 0).then_some(*restarts),
        due_since: Millis(*due_since),
        external_ids: list(external_ids),
        pace: (*pace > Timestamp::default()).then_some(Millis(*pace)),
        version: *version,
    }
}

pub(crate) fn decode(item: &Item) -> Result<Tracked, Fault> {
    let stored: dialog::Delivery = decode_record(item)?;
    // What a newer version wrote is shown by the nearest: it failed, or it has left.
    let state = State::parse(&stored.state);
    let error = stored.error.map(|code| DeliveryError {
        code: ErrorCode::parse(&code).unwrap_or(ErrorCode::Rejected),
        message: stored.error_message.unwrap_or_default(),
    });
    let nearest = if error.is_some() { State::Failed } else { State::Sent };
    Ok(Tracked {
        delivery: Delivery { state: state.unwrap_or(nearest), at: stored.at.0, error },
        restarts: stored.restarts.unwrap_or_default(),
        due_since: stored.due_since.0,
        external_ids: read_list(stored.external_ids.as_deref()),
        pace: stored.pace.map_or_else(Timestamp::default, |pace| pace.0),
        version: stored.version,
    })
}

/// Writes a list of texts as JSON; none for an empty one.
pub(crate) fn list(texts: &[String]) -> Option<String> {
    (!texts.is_empty()).then(|| serde_json::Value::from(texts.to_vec()).to_string())
}

/// Reads a list of texts. One of another shape is empty.
pub(crate) fn read_list(text: Option<&str>) -> Vec<String> {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}
