//! The parts of a result that several mutations have.

use store::act::Acted;

use crate::object::message::Message;
use crate::object::session::Session;

/// Returns the session of an act, if the caller may still see it.
pub(super) fn session(acted: &Acted) -> Option<Session> {
    acted.sight.may_read().then(|| Session::new(acted.session.clone()))
}

/// Returns the entry that an act wrote.
pub(super) fn message(acted: &Acted) -> Option<Message> {
    let entry = acted.message.clone()?;
    Some(Message { entry: entry.into(), dialog: acted.session.clone().into() })
}
