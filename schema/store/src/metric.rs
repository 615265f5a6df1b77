//! Metrics of the store, counted through the facade `metrics`.

/// Transactions cancelled because another write of the same items came first or at the same time.
pub const CONFLICTS: &str = "Conflicts";
/// Rows and stream records of a known kind that could not be read.
pub const UNREADABLE: &str = "RecordsUnreadable";
/// Calls of DynamoDB and acts that were retried after a pause.
pub const RETRIES: &str = "Retries";
