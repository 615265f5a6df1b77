//! The side of a consumer that records are delivered to.

use super::{batch::Delivery, consumer::Consumer, dead_letter::DeadLetters};
use crate::stream::Streams;
use std::sync::Arc;
use tokio::sync::watch;

/// A consumer of a table's stream, and its position there.
pub(super) struct Sink {
    pub(super) table: String,
    pub(super) consumer: Consumer,
    pub(super) records: Streams,
    pub(super) position: watch::Sender<Option<String>>,
    pub(super) dead_letters: Arc<DeadLetters>,
    pub(super) stop: watch::Receiver<bool>,
}

impl Sink {
    /// Returns a delivery to the consumer.
    pub(super) fn delivery(&self) -> Delivery<'_> {
        Delivery {
            consumer: &self.consumer,
            dead_letters: &self.dead_letters,
            stop: self.stop.clone(),
        }
    }

    /// Moves the position behind the records up to this one, which are handled.
    pub(super) async fn advance(&self, sequence: &str) -> Result<(), String> {
        // In memory first: these records are handled, whatever becomes of the note about it.
        self.position.send_replace(Some(sequence.to_owned()));
        let kept = self.records.advance(&self.table, &self.consumer.name, sequence).await;
        kept.map_err(|error| error.to_string())
    }
}
