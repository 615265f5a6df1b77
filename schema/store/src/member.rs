//! Membership: writes which roles an employee has in a live chat.

use aws_sdk_dynamodb::types::{Delete, TransactWriteItem, Update};
use domain::{EmployeeId, LiveChatId, Refusal, Roles, TenantId};

use crate::attribute::number;
use crate::call::{Table, key_item};
use crate::commit::Committed;
use crate::desk::decode_membership;
use crate::key::{self, Key};
use crate::live_chat::{MEMBERS, MEMBERSHIPS};
use crate::row::{Part, Row, built};
use crate::{Failure, Fault, Store};

impl Store {
    /// Sets the roles of an employee in a live chat. A former operator gets no session there from
    /// then on; their sessions go back to the queue, by a job in the same transaction.
    ///
    /// # Errors
    /// `NotFound` where there is no such live chat, `Limit` beyond 500 members of it or 100 live
    /// chats of the employee; a [`Fault`] of the state.
    pub async fn set_member(
        &self,
        tenant: &TenantId,
        live_chat: &LiveChatId,
        employee: &EmployeeId,
        roles: Roles,
    ) -> Result<(), Failure> {
        let key = key::membership(tenant, employee, live_chat);
        let settings = key::settings(tenant, live_chat);
        let profile = key::profile(tenant, employee);
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            let item = self.item(Table::Core, &key).await?;
            let before = item.as_ref().map(decode_membership).transpose()?;
            let was = before.as_ref().map_or(Roles::NONE, |membership| membership.roles);
            if was == roles {
                return Ok(());
            }
            let changes = before.map_or(0, |membership| membership.role_changes);
            let mut rows = vec![
                self.membership_row(&key, roles, changes)?,
                self.member_row(&key::member(tenant, live_chat, employee), roles)?,
            ];
            match (was.is_member(), roles.is_member()) {
                (false, true) => {
                    rows.push(self.one_more(&settings, MEMBERS, true)?);
                    rows.push(self.one_more(&profile, MEMBERSHIPS, false)?);
                }
                (true, false) => {
                    rows.push(self.one_less(&settings, MEMBERS)?);
                    rows.push(self.one_less(&profile, MEMBERSHIPS)?);
                }
                _ => {}
            }
            if was.operator && !roles.operator {
                rows.push(self.removal_row(tenant, live_chat, employee)?);
            }
            let Committed::Guarded(failed) = self.commit(|| Ok(rows.clone())).await? else {
                return Ok(());
            };
            for (_, tallied) in failed.iter().filter(|(part, _)| *part == Part::Tally) {
                let Some(item) = tallied else { return Err(Refusal::NotFound.into()) };
                if MEMBERS.is_full(Some(item))? {
                    let message = "A live chat has at most 500 members.";
                    return Err(Refusal::limit(message).into());
                }
                if MEMBERSHIPS.is_full(Some(item))? {
                    let message = "An employee has roles in at most 100 live chats.";
                    return Err(Refusal::limit(message).into());
                }
            }
        }
    }

    fn membership_row(&self, key: &Key, roles: Roles, changes: u64) -> Result<Row, Fault> {
        let condition = if changes == 0 { "attribute_not_exists(rc)" } else { "rc = :rc" };
        let mut update = Update::builder()
            .table_name(&self.tables.core)
            .set_key(Some(key_item(key)))
            .update_expression("SET o = :o, s = :s ADD rc :one, w :one, u :zero, m :zero")
            .condition_expression(condition)
            .expression_attribute_values(":o", number(u8::from(roles.operator)))
            .expression_attribute_values(":s", number(u8::from(roles.supervisor)))
            .expression_attribute_values(":one", number(1))
            .expression_attribute_values(":zero", number(0));
        if changes > 0 {
            update = update.expression_attribute_values(":rc", number(changes));
        }
        let write = TransactWriteItem::builder().update(update.build().map_err(built)?).build();
        Ok(Row { part: Part::Other, write })
    }

    fn member_row(&self, key: &Key, roles: Roles) -> Result<Row, Fault> {
        let write = if roles.is_member() {
            let update = Update::builder()
                .table_name(&self.tables.core)
                .set_key(Some(key_item(key)))
                .update_expression("SET o = :o, s = :s")
                .expression_attribute_values(":o", number(u8::from(roles.operator)))
                .expression_attribute_values(":s", number(u8::from(roles.supervisor)));
            TransactWriteItem::builder().update(update.build().map_err(built)?)
        } else {
            let delete =
                Delete::builder().table_name(&self.tables.core).set_key(Some(key_item(key)));
            TransactWriteItem::builder().delete(delete.build().map_err(built)?)
        };
        Ok(Row { part: Part::Other, write: write.build() })
    }
}
