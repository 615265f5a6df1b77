//! Problems of channels: why one does not work now.
//!
//! Deliveries set and remove them, each in one guarded write of the channel's row. What the other
//! end has ended for good stays until an administrator enables or connects the channel again: an
//! answer that was under way at that moment must not hide it.

use domain::live_chat::{Problem, ProblemCode};
use domain::{ChannelId, LiveChatId, text};

use super::change::guarded;
use crate::live_chat::Route;
use crate::table::{Expression, Part, Row, Table, key};
use crate::{Fault, TenantStore};

/// The attributes of a problem in the row of a channel.
pub(super) const ATTRIBUTES: [&str; 3] = ["pc", "pm", "ps"];

/// The most bytes of a message that are stored. Messengers write them.
const MESSAGE_BYTES: usize = 500;

const CHANGE: &str = "SET pc = :pc, pm = :pm, ps = :ps";

impl TenantStore<'_> {
    /// Sets or removes the problem of a channel. Writes nothing if its problem has the same code
    /// already, if there is none to remove, if the other end is gone, or if the channel does not
    /// exist.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn set_problem(
        self,
        live_chat: &LiveChatId,
        channel: &ChannelId,
        problem: Option<&Problem>,
    ) -> Result<(), Fault> {
        let change = match problem {
            Some(problem) => with(Expression::update(CHANGE), problem).when(
                "attribute_exists(pk) AND \
                 (attribute_not_exists(pc) OR (pc <> :pc AND pc <> :gone))",
            ),
            None => {
                Expression::update("REMOVE pc, pm, ps").when("attribute_exists(pc) AND pc <> :gone")
            }
        };
        let change = change.text(":gone", ProblemCode::Gone.as_str());
        self.changed(live_chat, channel, change).await
    }

    /// Disables a channel whose other end is gone, and says why. Does nothing if the channel does not
    /// exist, or has another end than when it was called.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn disable_channel_with(
        self,
        called: &Route,
        problem: &Problem,
    ) -> Result<(), Fault> {
        let change = with(Expression::update(format!("{CHANGE}, #ds = :one")), problem)
            .when("attribute_exists(pk)")
            .number(":one", 1);
        let key = key::channel(self.tenant, &called.live_chat, &called.channel);
        // It changes nothing, and guards the other end.
        let same = guarded(Expression::update("REMOVE #none"), called);
        let rows = [
            Row::update(Table::Core, Part::Other, &key, change),
            Row::update(Table::Core, Part::Other, &key::route(&called.channel), same),
        ];
        self.commit(|| rows.to_vec()).await.map(drop)
    }

    /// Changes the row of a channel, unless its guard says that there is nothing to change.
    async fn changed(
        self,
        live_chat: &LiveChatId,
        channel: &ChannelId,
        change: Expression,
    ) -> Result<(), Fault> {
        let key = key::channel(self.tenant, live_chat, channel);
        self.update(Table::Core, &key, change).await.map(drop)
    }
}

fn with(change: Expression, problem: &Problem) -> Expression {
    change
        .text(":pc", problem.code.as_str())
        .text(":pm", text::cut(&problem.message, MESSAGE_BYTES))
        .number(":ps", problem.since.as_millis())
}
