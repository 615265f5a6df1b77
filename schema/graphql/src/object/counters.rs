//! The counters of one employee.

use async_graphql::{Context, Description, ID, Object, Result};
use domain::Desk;

use super::live_chat::LiveChat;
use crate::id::GlobalId;
use crate::loader;
use crate::request::{Request, request};
use crate::scalar::{Version, int};

/// The numbers of your badges. `workspaceBadge` is always `unreadSessions` plus
/// `unassignedSessions`. They count sessions, not messages.
#[derive(Clone, Description)]
pub struct Counters {
    desk: Desk,
    sums: domain::counter::Counters,
}

impl Counters {
    /// Reads the employee's counters. Each component is exact.
    pub(crate) async fn read(request: &Request) -> Result<Self> {
        let desk = request.desk().await?;
        let each = desk.live_chats().map(|live_chat| async move {
            let count = request.load(loader::QueueCount(live_chat.clone())).await?;
            Ok::<_, async_graphql::Error>((live_chat.clone(), count.unwrap_or_default()))
        });
        let queues = futures::future::try_join_all(each).await?.into_iter().collect();
        let sums = store::desk::counters(&desk, &queues);
        Ok(Self { desk, sums })
    }
}

#[Object(use_type_description)]
impl Counters {
    /// The global id. There is one per employee, so that a push updates `viewer.counters` in every
    /// cache.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        request(context)?.id(&GlobalId::Counters(self.desk.employee.id.clone()))
    }

    /// The version of the counters: keep the object with the greater version.
    async fn version(&self) -> Version {
        Version(self.sums.version.clone())
    }

    /// The red badge of the workspace: unread and unassigned sessions together.
    async fn workspace_badge(&self) -> i32 {
        int(self.sums.workspace_badge())
    }

    /// The sessions that are assigned to you and have unread messages of the client.
    async fn unread_sessions(&self) -> i32 {
        int(self.sums.unread_sessions)
    }

    /// The queued sessions of the live chats that you supervise. If you are an operator somewhere
    /// as well, of all your live chats. 0 if you supervise none.
    async fn unassigned_sessions(&self) -> i32 {
        int(self.sums.unassigned_sessions)
    }

    /// The blue counter: the queued sessions of the live chats where you are an operator.
    async fn queue(&self) -> i32 {
        int(self.sums.queue)
    }

    /// The live chats where you have a role, so that a push of the counters can update their
    /// `queueCount` as well. Their order has no meaning.
    #[graphql(complexity = "5 * child_complexity")]
    async fn live_chats(&self) -> Vec<LiveChat> {
        self.desk.live_chats().cloned().map(LiveChat).collect()
    }
}
