//! Time: the moment that every rule takes as an argument, because no rule reads a clock.

use std::fmt;

use time::OffsetDateTime;
use time::format_description::StaticFormatDescription;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;

const NANOS_PER_MILLI: i128 = 1_000_000;
/// The last moment that four digits of a year can print.
const END_OF_9999_MILLIS: u64 = 253_402_300_799_999;
const DATE: StaticFormatDescription = format_description!("[year]-[month]-[day]");
const DATE_TIME: StaticFormatDescription =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// A moment: milliseconds since 1970 in UTC, never negative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Timestamp(u64);

impl Timestamp {
    /// Returns the moment so many milliseconds after the beginning of 1970.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Returns milliseconds since the beginning of 1970.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// Returns whole seconds since the beginning of 1970, as expiry times are written.
    #[must_use]
    pub const fn as_seconds(self) -> u64 {
        self.0 / 1000
    }

    /// Returns the moment so many milliseconds later.
    #[must_use]
    pub const fn plus_millis(self, millis: u64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Returns true when a noted moment is at least so many milliseconds ago. A moment that is so
    /// far in the future was noted by a clock that was wrong, and counts as long ago. Otherwise a
    /// timer based on it would wait until this clock has caught up.
    #[must_use]
    pub const fn is_past(self, noted: Self, millis: u64) -> bool {
        self.millis_since(noted) >= millis || noted.millis_since(self) > millis
    }

    /// Returns milliseconds from `earlier` to this moment; 0 when `earlier` is not earlier.
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Parses RFC 3339 in any offset, cut to milliseconds. Returns `None` for another form and for
    /// moments before 1970.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let nanos = OffsetDateTime::parse(text, &Rfc3339).ok()?.unix_timestamp_nanos();
        u64::try_from(nanos.div_euclid(NANOS_PER_MILLI)).ok().map(Self)
    }

    /// Returns the UTC date as `YYYY-MM-DD`.
    #[must_use]
    pub fn date(self) -> String {
        self.printed(DATE)
    }

    /// Prints the moment in UTC. Moments after the year 9999 become its end.
    fn printed(self, format: StaticFormatDescription) -> String {
        let nanos = i128::from(self.0.min(END_OF_9999_MILLIS)) * NANOS_PER_MILLI;
        OffsetDateTime::from_unix_timestamp_nanos(nanos)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
            .format(format)
            .unwrap_or_default()
    }
}

/// RFC 3339 in UTC with milliseconds, such as `2026-03-01T12:00:00.000Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.printed(DATE_TIME))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_far_ahead_was_noted_by_a_wrong_clock_and_is_past() {
        let now = Timestamp::from_millis(100_000);
        let is_past = |noted| now.is_past(Timestamp::from_millis(noted), 10_000);
        assert_eq!([90_000, 90_001, 100_000, 110_000].map(is_past), [true, false, false, false]);
        assert!(is_past(110_001) && is_past(3_700_000));
    }

    #[test]
    fn a_printed_moment_reads_back() {
        let at = Timestamp::from_millis(1_709_164_800_007);
        assert_eq!(at.to_string(), "2024-02-29T00:00:00.007Z");
        assert_eq!(Timestamp::parse(&at.to_string()), Some(at));
        assert_eq!(Timestamp::parse("2024-02-29T03:00:00.0079+03:00"), Some(at));
        let last = Timestamp::from_millis(u64::MAX);
        assert_eq!((&*last.to_string(), &*last.date()), ("9999-12-31T23:59:59.999Z", "9999-12-31"));
        assert_eq!(Timestamp::default().date(), "1970-01-01");
    }

    #[test]
    fn other_forms_and_moments_before_1970_are_no_moments() {
        for wrong in ["", "2024-02-29", "2024-02-30T00:00:00Z", "1969-12-31T23:59:59Z", "0"] {
            assert_eq!(Timestamp::parse(wrong), None, "{wrong}");
        }
    }
}
