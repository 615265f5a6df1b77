//! Retries: sends a call until it is answered, and begins an act again that lost to another write.

use std::convert::Infallible;
use std::time::Duration;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

use super::client::Store;
use crate::Fault;
use crate::metric::RETRIES;

/// The number of tries of a write or a read.
pub(crate) const TRIES: u32 = 12;
const SHORTEST_PAUSE_MILLIS: u64 = 5;
const LONGEST_PAUSE_MILLIS: u64 = 400;

/// The message of the fault when it is unknown whether a call took effect.
pub(super) const NO_ANSWER: &str = "no answer";

/// The meaning of an SDK error for the caller.
pub(super) enum Trouble {
    /// Nothing was written; the caller may retry.
    Busy,
    /// No answer came: the call may have taken effect.
    Unknown,
    /// A retry would fail as well.
    Final(String),
}

/// Classifies an error of the SDK.
pub(super) fn trouble<E: ProvideErrorMetadata + std::fmt::Debug, R: std::fmt::Debug>(
    error: &SdkError<E, R>,
) -> Trouble {
    const BUSY: [&str; 5] = [
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "TransactionConflictException",
        "TransactionInProgressException",
    ];
    match error {
        SdkError::ServiceError(service) => match service.err().code() {
            Some(code) if BUSY.contains(&code) => Trouble::Busy,
            Some("InternalServerError" | "ServiceUnavailable") => Trouble::Unknown,
            code => Trouble::Final(format!("{code:?}: {:?}", service.err().message())),
        },
        SdkError::ConstructionFailure(why) => Trouble::Final(format!("{why:?}")),
        _ => Trouble::Unknown,
    }
}

/// The answer to a call that was retried until there was one.
pub(crate) struct Sent<T, N> {
    /// The answer, or the refusal.
    pub(crate) answer: Result<T, N>,
    /// True when an earlier try may have taken effect, because its answer was lost.
    pub(crate) is_again: bool,
}

/// The tries of an act. Each one begins with [`Attempts::next`].
pub(crate) struct Attempts<'a> {
    store: &'a Store,
    begun: u32,
}

impl Attempts<'_> {
    /// Begins the next try, after a pause unless it is the first.
    ///
    /// # Errors
    /// [`Fault::Conflict`] when the tries are used up.
    pub(crate) async fn next(&mut self) -> Result<(), Fault> {
        if let Some(last) = self.begun.checked_sub(1) {
            self.store.pause(last).await;
        }
        if self.begun == TRIES {
            return Err(Fault::Conflict);
        }
        self.begun += 1;
        Ok(())
    }
}

impl Store {
    /// Returns the tries of an act that reads, decides and commits, and may lose to another write.
    pub(crate) const fn attempts(&self) -> Attempts<'_> {
        Attempts { store: self, begun: 0 }
    }

    /// Waits before another try. The pause has full jitter, so that writers that collided spread
    /// out.
    pub(crate) async fn pause(&self, tried: u32) {
        metrics::counter!(RETRIES).increment(1);
        let most = (SHORTEST_PAUSE_MILLIS << tried.min(8)).min(LONGEST_PAUSE_MILLIS);
        let spread = u64::try_from(self.random() % u128::from(most)).unwrap_or(0);
        tokio::time::sleep(Duration::from_millis(spread + 1)).await;
    }

    /// Retries a call until it is answered. For calls that may be repeated, because they change
    /// nothing or have the same effect.
    pub(super) async fn answered<T, E, R, F>(&self, mut call: impl FnMut() -> F) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, SdkError<E, R>>>,
        E: ProvideErrorMetadata + std::fmt::Debug,
        R: std::fmt::Debug,
    {
        match self.sent(|_| call(), |_| None::<Infallible>).await?.answer {
            Ok(answer) => Ok(answer),
            Err(never) => match never {},
        }
    }

    /// Retries a call until it is answered. `refusal` extracts an answer from an error of the
    /// service: that the guard failed. The call is given true when an earlier try may have taken
    /// effect.
    pub(super) async fn sent<T, N, E, R, F>(
        &self,
        mut call: impl FnMut(bool) -> F,
        refusal: impl Fn(&E) -> Option<N>,
    ) -> Result<Sent<T, N>, Fault>
    where
        F: Future<Output = Result<T, SdkError<E, R>>>,
        E: ProvideErrorMetadata + std::fmt::Debug,
        R: std::fmt::Debug,
    {
        let mut is_again = false;
        for tried in 0..TRIES {
            // Boxed: the SDK's futures are large, and each caller's future would contain one.
            let error = match Box::pin(call(is_again)).await {
                Ok(answer) => return Ok(Sent { answer: Ok(answer), is_again }),
                Err(error) => error,
            };
            if let Some(refused) = error.as_service_error().and_then(&refusal) {
                return Ok(Sent { answer: Err(refused), is_again });
            }
            match trouble(&error) {
                Trouble::Final(why) => return Err(Fault::Unavailable(why)),
                Trouble::Busy => {}
                Trouble::Unknown => is_again = true,
            }
            self.pause(tried).await;
        }
        Err(Fault::Unavailable(NO_ANSWER.to_owned()))
    }
}
