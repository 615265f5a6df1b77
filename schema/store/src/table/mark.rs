//! Marks: an update of a row that nobody read, and that a retry does not do twice.
//!
//! Each update leaves its mark on the row and shifts the marks of the last ones, and a retry changes
//! nothing when its own mark is there. No more than [`MARKS`] updates write one row within the seconds
//! in which a write is retried. A row that is read first has a version and a trail instead.

use domain::id::fresh;

use super::attribute::{Item, Read};
use super::client::{Store, Table};
use super::expression::Expression;
use super::key::Key;
use super::write::refused;
use crate::Fault;

/// The attributes with the marks of the last updates, the latest first.
const MARKS: [&str; 3] = ["m1", "m2", "m3"];

/// The result of a conditional update.
pub(crate) enum Updated {
    /// It was written. With the item as it was before, if the update requested it.
    Done(Item),
    /// An earlier try, whose answer was lost, had written it. With the item as it is now.
    Before(Item),
    /// It was not written. With the item as it is.
    Refused(Item),
}

impl Store {
    /// Retries a conditional update until it is answered.
    pub(crate) async fn update_if(
        &self,
        table: Table,
        key: &Key,
        expression: Expression,
    ) -> Result<Updated, Fault> {
        let mark = fresh(self.random());
        let call = |is_again| {
            self.updating(table, key, marked(expression.clone(), &mark, is_again)).send()
        };
        let sent = self.sent(call, refused).await?;
        Ok(match sent.answer {
            Ok(answer) => Updated::Done(answer.attributes.unwrap_or_default()),
            Err(found) => {
                let found = found.unwrap_or_default();
                let is_ours = |name: &&str| Read(&found).maybe_text(name) == Some(mark.as_str());
                match sent.is_again && MARKS.iter().any(is_ours) {
                    true => Updated::Before(found),
                    false => Updated::Refused(found),
                }
            }
        })
    }
}

/// Adds its mark to an update. A retry is written only if its mark is not on the row yet.
fn marked(mut expression: Expression, mark: &str, is_again: bool) -> Expression {
    let [first, second, third] = MARKS;
    let does = expression.update.unwrap_or_default();
    let (comma, does) = match does.strip_prefix("SET ") {
        Some(sets) => (",", sets),
        None => ("", does.as_str()),
    };
    expression.update = Some(format!(
        "SET {third} = if_not_exists({second}, :no_mark), \
         {second} = if_not_exists({first}, :no_mark), {first} = :mark{comma} {does}"
    ));
    if is_again {
        let own = expression.condition.map(|own| format!("({own})"));
        let strange =
            MARKS.map(|name| format!("(attribute_not_exists({name}) OR {name} <> :mark)"));
        let all: Vec<String> = own.into_iter().chain(strange).collect();
        expression.condition = Some(all.join(" AND "));
    }
    expression.text(":mark", mark).text(":no_mark", "-")
}
