//! Membership: writes which roles an employee has in a live chat.

use domain::live_chat::{TOO_MANY_MEMBERS, TOO_MANY_MEMBERSHIPS};
use domain::{EmployeeId, LiveChatId, Refusal, Roles};

use crate::desk::decode_membership;
use crate::live_chat::{MEMBERS, MEMBERSHIPS};
use crate::table::{Committed, Expression, Key, Part, Row, Table, key};
use crate::{Failure, TenantStore};

impl TenantStore<'_> {
    /// Sets the roles of an employee in a live chat. A former operator gets no session there from
    /// then on; their sessions go back to the queue, by a job in the same transaction.
    ///
    /// # Errors
    /// `NotFound` where there is no such live chat, `Limit` beyond 500 members of it or 100 live
    /// chats of the employee; a [`Fault`](crate::Fault) of the state.
    pub async fn set_member(
        self,
        live_chat: &LiveChatId,
        employee: &EmployeeId,
        roles: Roles,
    ) -> Result<(), Failure> {
        let key = key::membership(self.tenant, employee, live_chat);
        let settings = key::settings(self.tenant, live_chat);
        let profile = key::profile(self.tenant, employee);
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
                membership_row(&key, roles, changes),
                member_row(&key::member(self.tenant, live_chat, employee), roles),
            ];
            match (was.is_member(), roles.is_member()) {
                (false, true) => {
                    rows.push(self.one_more(&settings, MEMBERS, true));
                    rows.push(self.one_more(&profile, MEMBERSHIPS, false));
                }
                (true, false) => {
                    rows.push(self.one_less(&settings, MEMBERS));
                    rows.push(self.one_less(&profile, MEMBERSHIPS));
                }
                _ => {}
            }
            if was.operator && !roles.operator {
                rows.push(self.removal_row(live_chat, employee));
            }
            let Committed::Guarded(failed) = self.commit(|| rows.clone()).await? else {
                return Ok(());
            };
            for (_, tallied) in failed.iter().filter(|(part, _)| *part == Part::Tally) {
                let Some(item) = tallied else { return Err(Refusal::NotFound.into()) };
                if MEMBERS.is_full(Some(item))? {
                    return Err(TOO_MANY_MEMBERS.into());
                }
                if MEMBERSHIPS.is_full(Some(item))? {
                    return Err(TOO_MANY_MEMBERSHIPS.into());
                }
            }
        }
    }
}

fn membership_row(key: &Key, roles: Roles, changes: u64) -> Row {
    let update = with(roles, "SET o = :o, s = :s ADD rc :one, w :one, u :zero, m :zero")
        .number(":one", 1)
        .number(":zero", 0);
    let update = match changes {
        0 => update.when("attribute_not_exists(rc)"),
        changes => update.when("rc = :rc").number(":rc", changes),
    };
    Row::update(Table::Core, Part::Other, key, update)
}

fn member_row(key: &Key, roles: Roles) -> Row {
    if roles.is_member() {
        Row::update(Table::Core, Part::Other, key, with(roles, "SET o = :o, s = :s"))
    } else {
        Row::delete(Table::Core, Part::Other, key)
    }
}

fn with(roles: Roles, update: &str) -> Expression {
    Expression::update(update)
        .number(":o", u8::from(roles.operator))
        .number(":s", u8::from(roles.supervisor))
}
