//! The faults that may happen, and their rates.

/// Rates between 0 and 1, for each call unless it says otherwise. All zero: nothing goes wrong but
/// the order of calls.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Faults {
    /// The connection fails before the request is sent.
    pub unsent: f64,
    /// The request is done and the answer does not arrive. A transaction that takes time may lose
    /// its caller first and be done later.
    pub lost: f64,
    /// DynamoDB refuses the call: it is throttled, or DynamoDB has a fault.
    pub refused: f64,
    /// The probability that a transaction takes time: it begins now and commits later, and
    /// conflicts with every commit on one of its items in between.
    pub overlapping: f64,
    /// A BatchGetItem or a Query reads its items at several moments, consistently or not.
    pub split: f64,
    /// The probability that a read that did not ask for consistency, or of an index, misses some of
    /// the last writes. It applies to each item on its own: one item of a transaction may be seen
    /// and the next not.
    pub stale: f64,
    /// The most writes that a stale read may lag behind.
    pub lag: u64,
    /// A batch leaves some of its items unprocessed.
    pub unprocessed: f64,
    /// The actor dies at the call, before or after it is done.
    pub death: f64,
    /// An actor's clock is wrong by so many milliseconds at most, each time it is looked at: ahead
    /// of the others', behind them, and behind itself.
    pub clock: u64,
}

impl Faults {
    /// A bad day: everything happens often enough to matter within some hundred calls.
    pub const ROUGH: Self = Self {
        unsent: 0.01,
        lost: 0.02,
        refused: 0.01,
        overlapping: 0.5,
        split: 0.5,
        stale: 0.5,
        lag: 20,
        unprocessed: 0.05,
        death: 0.005,
        clock: 0,
    };
}
