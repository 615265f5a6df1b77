//! The counters of one employee.

use async_graphql::{Context, ID, Object, Result};
use store::desk::Desk;

use crate::ask::{Ask, ask};
use crate::id::GlobalId;
use crate::live_chat::LiveChat;
use crate::loader;
use crate::scalar::{Version, int};

/// What my badges show. workspaceBadge = unreadSessions + unassignedSessions, always.
#[derive(Clone)]
pub struct Counters {
    desk: Desk,
    sums: domain::counter::Counters,
}

impl Counters {
    /// The counters of the employee who asks, each component read exactly.
    pub(crate) async fn read(ask: &Ask) -> Result<Self> {
        let desk = ask.desk().await?;
        let each = desk.live_chats().map(|live_chat| async move {
            let count = ask.load(loader::Queue(live_chat.clone())).await?;
            Ok::<_, async_graphql::Error>((live_chat.clone(), count.unwrap_or_default()))
        });
        let queues = futures::future::try_join_all(each).await?.into_iter().collect();
        let sums = store::desk::counters(&desk, &queues);
        Ok(Self { desk, sums })
    }
}

/// What my badges show. workspaceBadge = unreadSessions + unassignedSessions, always.
#[Object]
impl Counters {
    /// The global id: one per employee, so that a push lands on `viewer.counters` in every cache.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        ask(context)?.id(&GlobalId::Counters(self.desk.employee.id.clone()))
    }

    /// How new this is: keep the greater.
    async fn version(&self) -> Version {
        Version(self.sums.version.clone())
    }

    /// The red badge of the workspace.
    async fn workspace_badge(&self) -> i32 {
        int(self.sums.workspace_badge())
    }

    /// Sessions assigned to me with unread messages.
    async fn unread_sessions(&self) -> i32 {
        int(self.sums.unread_sessions)
    }

    /// 0 for who supervises nothing; else the sessions nobody has in the live chats I supervise,
    /// and where I am operator somewhere too, in all of mine.
    async fn unassigned_sessions(&self) -> i32 {
        int(self.sums.unassigned_sessions)
    }

    /// The blue counter: sessions nobody has in the live chats I operate.
    async fn queue(&self) -> i32 {
        int(self.sums.queue)
    }

    /// The live chats where I have a role, so that a push moves their counts as well.
    #[graphql(complexity = "5 * child_complexity")]
    async fn live_chats(&self) -> Vec<LiveChat> {
        self.desk.live_chats().cloned().map(LiveChat).collect()
    }
}
