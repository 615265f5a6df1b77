//! The names of the metrics.

use metrics::counter;

/// Operations executed: queries, mutations, and subscriptions when they begin.
pub const OPERATIONS: &str = "Operations";
/// Faults of the service: answers and pushes with UNAVAILABLE or INTERNAL, whatever their status,
/// batches and steps that failed, and panics.
pub const FAULTS: &str = "Faults";
/// Panics. Each is counted as a fault, too.
pub const PANICS: &str = "Panics";
/// Frames that the gateway accepted for a connection.
pub const POSTS: &str = "Posts";
/// Frames that the gateway did not accept, at the last attempt.
pub const REFUSED_POSTS: &str = "RefusedPosts";
/// Posts that the gateway did not answer in time. The other posts for the connection are dropped,
/// and it is recycled.
pub const POSTS_TIMED_OUT: &str = "PostsTimedOut";
/// Posts that were answered with 429 at every attempt, for a limit of the account or of one
/// connection.
pub const POSTS_THROTTLED: &str = "PostsThrottled";
/// Connections that lost frames because the gateway did not accept them. Each receives RESYNC.
pub const LOST_CONNECTIONS: &str = "LostConnections";
/// Posts to connections that were gone.
pub const GONE_CONNECTIONS: &str = "GoneConnections";
/// Stream records, and items of the table, of a known kind that could not be read.
pub const RECORDS_UNREADABLE: &str = store::metric::UNREADABLE;
/// Stream records of an unknown kind: a newer version wrote them.
pub const RECORDS_UNKNOWN: &str = "RecordsUnknown";
/// Stream records that the worker gave up: their content is in the log.
pub const RECORDS_GIVEN_UP: &str = "RecordsGivenUp";
/// Subscriptions to a feed that this version does not know, counted each time that they are
/// skipped.
pub const LISTENERS_UNKNOWN: &str = "ListenersUnknown";
/// Stored subscriptions that cannot be read.
pub const LISTENERS_UNREADABLE: &str = "ListenersUnreadable";
/// Providers of the settings that were skipped because they are wrong, at each reading.
pub const PROVIDERS_SKIPPED: &str = "ProvidersSkipped";
/// Keys of the widget that were skipped because they are wrong, at each reading.
pub const WIDGET_KEYS_SKIPPED: &str = "WidgetKeysSkipped";
/// Answers that messengers accepted.
pub const DELIVERIES: &str = "Deliveries";
/// Answers that were given up.
pub const DELIVERIES_FAILED: &str = "DeliveriesFailed";
/// Calls to messengers that are made again later.
pub const DELIVERY_RETRIES: &str = "DeliveryRetries";
/// Conversations that a sweep queued again.
pub const REQUEUED: &str = "Requeued";
/// Files that were checked, refused ones among them.
pub const FILES_CHECKED: &str = "FilesChecked";
/// Files that were refused: harmful, too large, or not what they were said to be.
pub const FILES_REFUSED: &str = "FilesRefused";
/// What messengers posted and nobody can use. The log has the reasons.
pub const INBOUND_UNUSED: &str = "InboundUnused";
/// Failed readings of the settings. The settings that were read before stay in use.
pub const SETTINGS_UNREADABLE: &str = "SettingsUnreadable";
/// Milliseconds from a write until the fan-out received its stream record. The stream has the time
/// of the write in whole seconds.
pub const FANOUT_LAG: &str = "FanoutLagMilliseconds";

/// Counts a fault of the service.
pub fn fault() {
    counter!(FAULTS).increment(1);
}
