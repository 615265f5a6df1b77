//! Members of live chats: setMember.

use async_graphql::{Context, ID, Object, Result};
use domain::{Refusal, Roles};

use crate::answer::{answer, payload};
use crate::object::employee::Employee;
use crate::object::live_chat::{LiveChat, Role};
use crate::request::request;

payload!(
    /// The result of `setMember`.
    SetMemberPayload {
        /// The live chat after the change, or null if the mutation was refused.
        live_chat: LiveChat,
    }
);

/// The refusal when the employee has never used the service.
const UNKNOWN_EMPLOYEE: Refusal = Refusal::NoSuch { field: "employeeId" };

/// The mutation of administrators, for members of live chats.
#[derive(Default)]
pub struct MemberMutation;

#[Object]
impl MemberMutation {
    /// Sets the roles of an employee in a live chat. When an employee is no longer an operator
    /// there, their open sessions return to the queue one after the other. Only for administrators:
    /// anyone else is refused with `FORBIDDEN`, or with `NOT_FOUND` if they have no role in the
    /// live chat.
    ///
    /// Other refusals:
    /// - `NOT_FOUND`, with the field `employeeId`: the employee has never used the service.
    /// - `LIMIT`: the live chat has 500 members already, or the employee has roles in 100 live
    ///   chats already.
    async fn set_member(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat.")] live_chat_id: ID,
        #[graphql(desc = "The global id of the employee.")] employee_id: ID,
        #[graphql(desc = "All roles of the employee from now on. An empty list removes the \
                    employee from the live chat.")]
        roles: Vec<Role>,
    ) -> Result<SetMemberPayload> {
        answer(async {
            let request = request(context)?;
            let live_chat = request.administered(&live_chat_id).await?;
            let id = request.employee(&employee_id).ok_or(UNKNOWN_EMPLOYEE)?;
            let Employee(id) = Employee::find(request, id).await?.ok_or(UNKNOWN_EMPLOYEE)?;
            let roles = Roles {
                operator: roles.contains(&Role::Operator),
                supervisor: roles.contains(&Role::Supervisor),
            };
            request.tenant_store()?.set_member(&live_chat, &id, roles).await?;
            Ok(SetMemberPayload { live_chat: Some(LiveChat(live_chat)), ..Default::default() })
        })
        .await
    }
}
