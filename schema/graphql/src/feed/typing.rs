//! Typing signals, as subscribers see them.

use async_graphql::SimpleObject;

use crate::object::actor::Actor;
use crate::object::client::Client;
use crate::object::employee::Employee;
use crate::scalar::DateTime;
use crate::typist::Typist;

/// A person who is typing in a dialog.
#[derive(SimpleObject, Clone)]
pub struct Typing {
    /// The client or the employee who is typing.
    pub actor: Actor,
    /// The time until which the person counts as typing, unless the service pushes a later one.
    pub until: DateTime,
}

impl From<&Typist> for Typing {
    fn from(typist: &Typist) -> Self {
        let actor = match &typist.by {
            domain::Actor::Employee(id) => Actor::Employee(Employee(id.clone())),
            domain::Actor::Client { .. } | domain::Actor::System => {
                Actor::Client(Client::of(&typist.session))
            }
        };
        Self { actor, until: DateTime(typist.until) }
    }
}

/// An operator who is typing an answer to you.
#[derive(SimpleObject, Clone)]
pub struct ConversationTyping {
    /// The display name of the operator.
    pub name: String,
    /// The time until which the person counts as typing, unless the service pushes a later one.
    pub until: DateTime,
}

impl From<&Typist> for ConversationTyping {
    fn from(typist: &Typist) -> Self {
        Self { name: typist.name.clone(), until: DateTime(typist.until) }
    }
}
