//! Documents that many tests share.

/// The fields that a page shows of a session.
pub const SESSION: &str = "fragment Shown on Session {
    id version name state isNew unreadCount viewerReadSeq operator { name } liveChat { name }
    client { id name isInternal employee { name } } channel { kind }
    openedAt firstMessageAt lastMessageAt waitingSince closedAt preview { kind text authorName sentAt }
}";

/// The feed of counters.
pub const COUNTERS: &str = "subscription { counters {
    id version workspaceBadge unreadSessions unassignedSessions queue
} }";

/// The feed of alerts.
pub const ALERTS: &str = "subscription { alerts {
    id kind at session { id name state } message { kind text }
} }";

/// The feed of sessions.
pub const SESSIONS: &str = "subscription($liveChat: ID) { sessions(liveChatId: $liveChat) {
    kind removedId version by { __typename name } heldBy { name }
    session { id version name state isNew unreadCount viewerReadSeq operator { name } }
} }";

/// The feed of a dialog.
pub const MESSAGES: &str = "subscription($id: ID!, $after: Int) {
    messages(sessionId: $id, afterSeq: $after) {
        id seq kind text session { id } author { __typename name } event { kind to { name } }
    }
}";

/// The feed of a dialog, with its typing signals.
pub const DIALOG: &str = "subscription($id: ID!, $after: Int) {
    dialog(sessionId: $id, afterSeq: $after) {
        __typename
        ... on Message { id seq kind text session { id } author { __typename name } }
        ... on Typing { until actor { __typename name } }
    }
}";

/// The feed of a client's own side.
pub const CONVERSATION: &str = "subscription($liveChat: ID, $after: Int) {
    conversationMessages(liveChatId: $liveChat, afterSeq: $after) {
        id seq text author { name viewerIsAuthor }
    }
}";

/// The feed of presence.
pub const PRESENCE: &str = "subscription($liveChat: ID) { presence(liveChatId: $liveChat) {
    id name presence
} }";
