//! Metrics of the store, counted through the facade `metrics`.

/// Transactions that did not happen because another wrote the same items at the same time, or first.
pub const CONFLICTS: &str = "Conflicts";
/// Rows and stream records of a known kind that could not be read.
pub const UNREADABLE: &str = "RecordsUnreadable";
/// Calls of DynamoDB and acts that were tried again after a pause.
pub const RETRIES: &str = "Retries";
