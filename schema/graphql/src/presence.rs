//! Presence: setPresence.

use async_graphql::{Context, Object, Result};
use domain::presence::Choice;

use crate::ask::ask;
use crate::employee::{Employee, Presence};
use crate::error::fault;
use crate::payload::SetPresencePayload;

/// The mutation that sets the presence of an employee.
#[derive(Default)]
pub struct PresenceMutation;

/// The mutation that sets the presence of an employee.
#[Object]
impl PresenceMutation {
    /// Sets your presence. While you are offline you can read sessions but not change them: such
    /// mutations are refused with `OPERATOR_OFFLINE`. Read marks, messages that you write as an
    /// internal client and administration remain possible. The sessions that are assigned to you
    /// stay yours.
    async fn set_presence(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Your presence from now on.")] presence: Presence,
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
