//! Trails: marks of the writes that made the last versions of a row that is written alone.
//!
//! DynamoDB recognises a repeated transaction by its token. An update of one row has no token: when its
//! answer is lost and others write before it is sent again, the row itself no longer says whether the
//! update happened. So the update depends on the version of the row, and each version keeps a mark of
//! the write that made it, beside the marks of some versions before. A write that is sent again finds
//! its mark, or is never done after another's.

use domain::id::fresh;

use super::attribute::{Item, Read};

/// The attribute that stores a trail.
pub(crate) const TRAIL: &str = "tr";
/// The number of versions whose marks are kept: the head stays within one kilobyte.
const KEPT: usize = 16;
/// The length of a mark: 36 random bits.
const LENGTH: usize = 6;
/// The placeholder of a version that a transaction made. No mark has it.
const NO_MARK: char = '.';

/// The mark that a write of one row leaves on it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Mark(String);

impl Mark {
    /// Returns a mark that no other write has, from 128 random bits.
    pub(crate) fn new(random: u128) -> Self {
        Self(fresh(random).chars().take(LENGTH).collect())
    }
}

/// The marks of the last versions of a row, the latest first.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Trail(Vec<Option<Mark>>);

/// The origin of a version, according to a trail.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Trace {
    /// The write with the mark made it.
    Ours,
    /// Another write made it, or it does not exist yet.
    Anothers,
    /// Unknown: too many versions came after it.
    Faded,
}

impl Trail {
    /// Reads the trail of a row.
    pub(crate) fn of(item: &Item) -> Self {
        let mut left = Read(item).maybe_text(TRAIL).unwrap_or_default();
        let mut marks = Vec::new();
        while !left.is_empty() {
            if let Some(more) = left.strip_prefix(NO_MARK) {
                marks.push(None);
                left = more;
            } else if let Some((mark, more)) = left.split_at_checked(LENGTH) {
                marks.push(Some(Mark(mark.to_owned())));
                left = more;
            } else {
                // A mark that cannot be read, and those after it, are ignored.
                break;
            }
        }
        Self(marks)
    }

    /// Returns the trail of the next version, as text: made by a write with this mark, or by a
    /// transaction.
    pub(crate) fn next(&self, mark: Option<&Mark>) -> String {
        let older = self.0.iter().map(Option::as_ref);
        let mut text = String::new();
        for mark in std::iter::once(mark).chain(older).take(KEPT) {
            match mark {
                Some(Mark(mark)) => text.push_str(mark),
                None => text.push(NO_MARK),
            }
        }
        text
    }

    /// Returns whether the write with this mark made the version `version`, given that the row has
    /// the version `now`.
    pub(crate) fn trace(&self, now: u64, version: u64, mark: &Mark) -> Trace {
        let Some(age) = now.checked_sub(version) else { return Trace::Anothers };
        match usize::try_from(age).ok().and_then(|age| self.0.get(age)) {
            Some(Some(found)) if found == mark => Trace::Ours,
            Some(_) => Trace::Anothers,
            None => Trace::Faded,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::attribute::text;

    fn stored(trail: &str) -> Trail {
        Trail::of(&Item::from([(TRAIL.to_owned(), text(trail))]))
    }

    fn mark(number: u128) -> Mark {
        Mark::new(number << 92)
    }

    #[test]
    fn a_trail_knows_each_write_by_its_mark_until_many_came_after_it() {
        let (ours, other) = (mark(1), mark(2));
        assert_ne!(ours, other);
        let mut trail = stored(&Trail::default().next(Some(&ours)));
        for version in 2..=KEPT as u64 {
            assert_eq!(trail.trace(version - 1, 1, &ours), Trace::Ours, "{version}");
            assert_eq!(trail.trace(version - 1, 1, &other), Trace::Anothers, "{version}");
            assert_eq!(trail.trace(version - 1, version, &ours), Trace::Anothers, "{version}");
            let by = (version % 2 == 0).then_some(&other);
            trail = stored(&trail.next(by));
            let is_others = by.is_some();
            let trace = trail.trace(version, version, &other);
            assert_eq!(trace == Trace::Ours, is_others, "{version}");
        }
        assert_eq!(trail.trace(16, 1, &ours), Trace::Ours);
        trail = stored(&trail.next(None));
        assert_eq!(trail.trace(17, 1, &ours), Trace::Faded);
        assert!(trail.next(Some(&ours)).len() <= KEPT * LENGTH);
    }

    #[test]
    fn a_row_without_a_trail_tells_nothing_of_what_was() {
        for trail in [Trail::of(&Item::new()), stored(""), stored("abc"), stored("äöüß")] {
            assert_eq!(trail.trace(8, 7, &mark(1)), Trace::Faded);
            assert_eq!(trail.trace(8, 9, &mark(1)), Trace::Anothers);
        }
        // If the end of a trail cannot be read, the marks before it still count.
        let trail = stored(&format!("{}abc", Trail::default().next(Some(&mark(1)))));
        assert_eq!(trail.trace(8, 8, &mark(1)), Trace::Ours);
        assert_eq!(trail.trace(8, 7, &mark(1)), Trace::Faded);
    }
}
