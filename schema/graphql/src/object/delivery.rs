//! The delivery of an operator's message to the client.

use async_graphql::{Enum, SimpleObject};
use domain::delivery::{self, ErrorCode, State};

use crate::scalar::DateTime;

/// The progress of an operator's message on its way to the client. A change of it pushes the
/// message again under its `id`.
#[derive(SimpleObject, Clone)]
pub struct Delivery {
    /// The state.
    pub state: DeliveryState,
    /// The time when the message came into this state. For `READ` in the widget and inside the
    /// company: the time when the client last said what they had seen.
    pub at: DateTime,
    /// The reason of the failure. Null in every state but `FAILED`.
    pub error: Option<DeliveryError>,
}

/// The states of a delivery. A state only moves forward, except for `FAILED`. More values may be
/// added: applications must accept a value that they do not know.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeliveryState {
    /// The service accepted the message, and has not sent it yet.
    Pending,
    /// The messenger accepted the message. For the channels `WEB` and `INTERNAL`: at once.
    Sent,
    /// The message arrived at the client's device, as far as the messenger says so.
    Delivered,
    /// The client has seen the message, as far as the messenger or the widget says so.
    Read,
    /// The message did not reach the client; `error` says why.
    Failed,
}

/// The reason why a delivery failed.
#[derive(SimpleObject, Clone, Debug)]
pub struct DeliveryError {
    /// The reason, for programs.
    pub code: DeliveryErrorCode,
    /// The reason in English, for people.
    pub message: String,
    /// True if the same message may pass later.
    pub is_retryable: bool,
}

/// The reasons why a delivery failed. More values may be added: applications must accept a value
/// that they do not know.
#[derive(Enum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeliveryErrorCode {
    /// The client blocked the channel, or their account is gone.
    RecipientUnreachable,
    /// The messenger allows no answers so long after the client's last message.
    ReplyWindowClosed,
    /// The text is longer than the messenger takes.
    TooLong,
    /// The messenger refused the message.
    Rejected,
    /// The channel is disabled, or had no way out when the message was written.
    ChannelDisabled,
    /// The messenger no longer takes the channel's credentials.
    Unauthorized,
    /// The messenger could not be reached for a day.
    Unavailable,
}

impl From<domain::Delivery> for Delivery {
    fn from(delivery: domain::Delivery) -> Self {
        let state = match delivery.state {
            State::Pending => DeliveryState::Pending,
            State::Sent => DeliveryState::Sent,
            State::Delivered => DeliveryState::Delivered,
            State::Read => DeliveryState::Read,
            State::Failed => DeliveryState::Failed,
        };
        let error = delivery.error.map(Into::into);
        Self { state, at: DateTime(delivery.at), error }
    }
}

impl From<delivery::DeliveryError> for DeliveryError {
    fn from(error: delivery::DeliveryError) -> Self {
        let code = match error.code {
            ErrorCode::RecipientUnreachable => DeliveryErrorCode::RecipientUnreachable,
            ErrorCode::ReplyWindowClosed => DeliveryErrorCode::ReplyWindowClosed,
            ErrorCode::TooLong => DeliveryErrorCode::TooLong,
            ErrorCode::Rejected => DeliveryErrorCode::Rejected,
            ErrorCode::ChannelDisabled => DeliveryErrorCode::ChannelDisabled,
            ErrorCode::Unauthorized => DeliveryErrorCode::Unauthorized,
            ErrorCode::Unavailable => DeliveryErrorCode::Unavailable,
        };
        Self { code, message: error.message, is_retryable: error.code.is_retryable() }
    }
}
