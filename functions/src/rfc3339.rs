//! Times as text: RFC 3339, UTC, with milliseconds.

use domain::Timestamp;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

const NANOS_PER_MILLI: i128 = 1_000_000;

/// Formats the moment as `2026-01-31T12:00:00.000Z`. Moments after the year 9999 become its end.
#[must_use]
pub fn format(at: Timestamp) -> String {
    const END_MILLIS: u64 = 253_402_300_799_999;
    let nanos = i128::from(at.as_millis().min(END_MILLIS)) * NANOS_PER_MILLI;
    let at = OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        at.millisecond(),
    )
}

/// Parses the moment that the text names, in any offset, cut to milliseconds. Returns `None` for
/// another form and for moments before 1970.
#[must_use]
pub fn parse(text: &str) -> Option<Timestamp> {
    let nanos = OffsetDateTime::parse(text, &Rfc3339).ok()?.unix_timestamp_nanos();
    u64::try_from(nanos.div_euclid(NANOS_PER_MILLI)).ok().map(Timestamp::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let at = Timestamp::from_millis(1_709_164_800_007);
        assert_eq!(format(at), "2024-02-29T00:00:00.007Z");
        assert_eq!(parse(&format(at)), Some(at));
        assert_eq!(parse("2024-02-29T03:00:00.0079+03:00"), Some(at));
        assert_eq!(format(Timestamp::from_millis(u64::MAX)), "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn other_forms_and_moments_before_1970_are_not_times() {
        for wrong in ["", "2024-02-29", "2024-02-30T00:00:00Z", "1969-12-31T23:59:59Z", "0"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
