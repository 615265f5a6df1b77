//! Updates of a desk: what one batch brought for one employee.

use async_graphql::{ComplexObject, Result, SimpleObject};
use domain::LiveChatId;
use futures::future::try_join_all;
use futures::try_join;

use super::alert::Alert;
use super::is_colleague;
use super::run::{DeskEvents, Write};
use super::session_change::SessionChange;
use crate::object::counters::Counters;
use crate::object::employee::Employee;
use crate::request::Request;

/// An update of your desk: everything that happened at the same time.
#[derive(SimpleObject, Clone)]
#[graphql(complex)]
pub struct DeskUpdate {
    /// Your counters, or null if they have not changed.
    counters: Option<Counters>,
    #[graphql(skip)]
    changes: Vec<SessionChange>,
    #[graphql(skip)]
    alerts: Vec<Alert>,
    #[graphql(skip)]
    presence: Vec<Employee>,
}

#[ComplexObject]
impl DeskUpdate {
    /// The changes of sessions, in order.
    #[graphql(complexity = "20 * child_complexity")]
    async fn changes(&self) -> &[SessionChange] {
        &self.changes
    }

    /// Your alerts. Of very many at the same time, the last 20.
    #[graphql(complexity = "20 * child_complexity")]
    async fn alerts(&self) -> &[Alert] {
        &self.alerts
    }

    /// The employees whose presence has changed.
    #[graphql(complexity = "20 * child_complexity")]
    async fn presence(&self) -> &[Employee] {
        &self.presence
    }
}

impl DeskUpdate {
    /// Returns the update for the subscriber, or none if nothing of the events is for them.
    pub(super) async fn of(
        request: &Request,
        events: &DeskEvents,
        live_chat: Option<&LiveChatId>,
    ) -> Result<Option<Self>> {
        let counters = async {
            if events.has_counters { Counters::read(request).await.map(Some) } else { Ok(None) }
        };
        let is_shown = |write: &&Write| live_chat.is_none_or(|id| *id == write.after.live_chat);
        let changes = events.changes.iter().filter(is_shown);
        let changes = changes.map(|write| SessionChange::of(request, write));
        let alerts = events.alerts.iter().map(|write| Alert::of(request, write));
        let presence = events.presence.iter().map(|employee| async move {
            let is_shown = is_colleague(request, employee, live_chat).await?;
            Ok(is_shown.then(|| Employee(employee.clone())))
        });
        let (counters, changes, alerts, presence) = try_join!(
            counters,
            try_join_all(changes),
            try_join_all(alerts),
            try_join_all(presence)
        )?;
        let ready = events.is_ready.then(SessionChange::ready);
        let update = Self {
            counters,
            changes: ready.into_iter().chain(changes.into_iter().flatten()).collect(),
            alerts: alerts.into_iter().flatten().collect(),
            presence: presence.into_iter().flatten().collect(),
        };
        Ok((!update.is_empty()).then_some(update))
    }

    const fn is_empty(&self) -> bool {
        self.counters.is_none()
            && self.changes.is_empty()
            && self.alerts.is_empty()
            && self.presence.is_empty()
    }
}
