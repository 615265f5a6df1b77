//! Delays that another system asks for, as in the header `Retry-After`.

use std::time::Duration;

use domain::Timestamp;
use domain::delivery::PATIENCE_MILLIS;
use time::PrimitiveDateTime;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

/// The longest delay that is taken: a message that waits longer fails.
const LONGEST: Duration = Duration::from_millis(PATIENCE_MILLIS);
/// The one form of a date that a server may write today.
const HTTP_DATE: StaticFormatDescription = format_description!(
    "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
);

/// Reads a delay: seconds, or the time of the next attempt. It is cut to a day; none for a delay of
/// nothing, for a time that is over, and for another form.
pub(super) fn read(header: &str, now: Timestamp) -> Option<Duration> {
    let header = header.trim();
    let is_number = !header.is_empty() && header.chars().all(|c| c.is_ascii_digit());
    let delay = if is_number {
        // A number that is too large to be read is a long delay.
        Duration::from_secs(header.parse().unwrap_or(u64::MAX))
    } else {
        let at = PrimitiveDateTime::parse(header, HTTP_DATE).ok()?.assume_utc().unix_timestamp();
        let at = Timestamp::from_millis(u64::try_from(at).ok()?.saturating_mul(1000));
        Duration::from_millis(at.millis_since(now))
    };
    (!delay.is_zero()).then(|| delay.min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delay_is_seconds_or_a_time_and_bounded() {
        let now = Timestamp::parse("1994-11-06T08:49:00.500Z").expect("a moment");
        for (header, millis) in [
            ("0", None),
            ("000", None),
            ("1", Some(1000)),
            (" 120 ", Some(120_000)),
            ("901", Some(901_000)),
            ("86400", Some(86_400_000)),
            ("86401", Some(86_400_000)),
            ("99999999999999999999999", Some(86_400_000)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(36_500)),
            ("Mon, 07 Nov 1994 08:49:00 GMT", Some(86_399_500)),
            ("Mon, 07 Nov 1994 08:49:01 GMT", Some(86_400_000)),
            ("Mon, 06 Nov 2034 08:49:37 GMT", Some(86_400_000)),
            ("Sun, 06 Nov 1994 08:49:00 GMT", None),
            ("Sun, 06 Nov 1994 08:48:37 GMT", None),
            ("Sun, 06 Nov 1954 08:49:37 GMT", None),
            ("-1", None),
            ("1.5", None),
            ("", None),
            ("soon", None),
        ] {
            let delay = read(header, now).map(|delay| delay.as_millis());
            assert_eq!(delay, millis, "{header}");
        }
    }
}
