//! Presence: setPresence.

use async_graphql::{Context, Object, Result};
use domain::presence::Choice;

use crate::ask::ask;
use crate::employee::{Employee, Presence};
use crate::error::fault;
use crate::payload::SetPresencePayload;

/// Presence.
#[derive(Default)]
pub struct PresenceMutation;

/// Presence.
#[Object]
impl PresenceMutation {
    /// Says whether I am available. Offline, I can look and change no session.
    async fn set_presence(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What I am from now on.")] presence: Presence,
    ) -> Result<SetPresencePayload> {
        let ask = ask(context)?;
        let person = ask.person()?;
        let choice = match presence {
            Presence::Online => Choice::Online,
            Presence::Offline => Choice::Offline,
        };
        // The lease first: whoever hears of the choice must find it.
        if choice == Choice::Online {
            let renewed = ask.store.watch_lease(&person.tenant, &person.id).await;
            renewed.map_err(|failed| fault(&failed))?;
        }
        let chosen = ask.store.choose_presence(person, choice).await;
        chosen.map_err(|failed| fault(&failed))?;
        let employee = Some(Employee(person.id.clone()));
        Ok(SetPresencePayload { employee, ..Default::default() })
    }
}
