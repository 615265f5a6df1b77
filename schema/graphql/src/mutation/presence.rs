//! Presence: setPresence.

use async_graphql::{Context, Object, Result};
use domain::presence::Choice;

use crate::answer::{answer, payload};
use crate::object::employee::{Employee, Presence};
use crate::request::request;

payload!(
    /// The result of `setPresence`.
    SetPresencePayload {
        /// You, with your new presence. Null if the mutation was refused.
        employee: Employee,
    }
);

/// The mutation that sets the presence of an employee.
#[derive(Default)]
pub struct PresenceMutation;

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
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            let choice = presence.into();
            // The lease first: a subscriber who learns of the choice must find it.
            if choice == Choice::Online {
                request.store.of(&person.tenant).watch_lease(&person.id).await?;
            }
            request.store.choose_presence(person, choice).await?;
            let employee = Some(Employee(person.id.clone()));
            Ok(SetPresencePayload { employee, ..Default::default() })
        })
        .await
    }
}
