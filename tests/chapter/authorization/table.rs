//! The table.

use std::collections::BTreeMap;

/// The actors: the operator who has the session; an operator of the live chat who has not; an
/// operator of another live chat; a supervisor; an employee who is both; an administrator; an
/// internal client; the client of the session; an employee of another tenant; a caller without a
/// token.
pub(super) const ACTORS: [&str; 10] =
    ["ann", "bob", "eve", "sue", "dan", "ada", "kim", "client", "other/ann", "nobody"];

/// In which state the session is that a row is tried on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    /// There is none.
    None,
    /// Nobody has it.
    Queued,
    /// Ann has it.
    Held,
}

/// A request, and the answer that each actor gets.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) state: State,
    /// The document; a word in angle brackets stands for an id.
    pub(super) document: &'static str,
    /// A word for each actor: `ok`, `null`, the code of a user error in small letters, or the code
    /// of a top-level error; `F` is FORBIDDEN, `U` UNAUTHENTICATED, `nf` not_found, `f` forbidden.
    pub(super) expected: &'static str,
}

impl Row {
    /// Returns true if the row names an object by its id.
    pub(super) fn is_of_something(&self) -> bool {
        ["<session>", "<liveChat>", "<channel>", "<app>", "<item>", "<template>", "<message>", "<attachment>"]
            .iter()
            .any(|word| self.document.contains(word))
            // Everybody of the tenant may do these in a live chat as an internal client.
            && !self.name.contains("onversation")
            && self.name != "Mutation.postMessage"
    }

    /// Returns true if the row names a session, or a message in one.
    pub(super) fn is_of_a_session(&self) -> bool {
        ["<session>", "<message>", "<attachment>"].iter().any(|word| self.document.contains(word))
    }

    /// The document with these ids.
    pub(super) fn document_with(&self, ids: &BTreeMap<&'static str, String>) -> String {
        ids.iter().fold(self.document.to_owned(), |document, (word, id)| {
            document.replace(&format!("<{word}>"), &format!("\"{id}\""))
        })
    }
}

/// The mutations that each cell tries on a session of its own.
pub(super) const OF_SESSIONS: [&str; 19] = [
    "Mutation.claim",
    "Mutation.sendMessage",
    "Mutation.retryDelivery",
    "Mutation.createUpload",
    "Mutation.addNote",
    "Mutation.mark",
    "Mutation.assign",
    "Mutation.return",
    "Mutation.close",
    "Mutation.renameSession",
    "Mutation.bindItem",
    "Mutation.createAndBindItem",
    "Mutation.unbindItem",
    "Mutation.setTyping",
    "Mutation.setConversationTyping",
    "Mutation.markConversationRead",
    "Mutation.postMessage",
    "Mutation.setPresence",
    "Mutation.claimNext",
];

/// All others.
pub(super) const OF_OTHERS: [&str; 14] = [
    "Mutation.createLiveChat",
    "Mutation.renameLiveChat",
    "Mutation.setSessionNameTemplate",
    "Mutation.setMember",
    "Mutation.createChannel",
    "Mutation.rotateChannelSecret",
    "Mutation.updateChannel",
    "Mutation.setLiveChatOrigins",
    "Mutation.createApp",
    "Mutation.renameApp",
    "Mutation.setLiveChatApps",
    "Mutation.createTemplate",
    "Mutation.updateTemplate",
    "Mutation.deleteTemplate",
];

const fn row(
    name: &'static str,
    state: State,
    document: &'static str,
    expected: &'static str,
) -> Row {
    Row { name, state, document, expected }
}

/// Everything.
#[rustfmt::skip]
pub(super) const ROWS: [Row; 62] = [
    //                                                                ann  bob   eve  sue  dan  ada  kim  client other nobody
    row("Query.viewer", State::None, "{ viewer { id } }",            "ok   ok    ok   ok   ok   ok   ok   F      ok    U"),
    row("Query.version", State::None, "{ version }",                 "ok   ok    ok   ok   ok   ok   ok   ok    ok    U"),
    row("Query.conversation", State::None, "{ conversation(liveChatId: <liveChat>) { id } }",
                                                                     "ok   ok    ok   ok   ok   ok   ok   ok     F     U"),
    row("Query.administration", State::None, "{ administration { liveChats(first: 1) { nodes { id } } } }",
                                                                     "F    F     F    F    F    ok   F    F      F     U"),
    row("Query.node", State::Queued, "{ node(id: <session>) { id } }",
                                                                     "ok   ok    null ok   ok   null null null   null  U"),
    row("Query.nodes", State::Held, "{ nodes(ids: [<session>]) { id } }",
                                                                     "ok   null  null ok   ok   null null null   null  U"),

    row("Node.Viewer", State::None, "{ node(id: <viewer>) { id } }", "ok   null  null null null null null null   null  U"),
    row("Node.Counters", State::None, "{ node(id: <counters>) { id } }",
                                                                     "ok   null  null null null null null null   null  U"),
    row("Node.Employee", State::None, "{ node(id: <employee>) { id } }",
                                                                     "ok   ok    ok   ok   ok   ok   ok   null   null  U"),
    row("Node.LiveChat", State::None, "{ node(id: <liveChat>) { id } }",
                                                                     "ok   ok    null ok   ok   ok   null null   null  U"),
    row("Node.Channel", State::None, "{ node(id: <channel>) { id } }",
                                                                     "ok   ok    null ok   ok   ok   null null   null  U"),
    row("Node.App", State::None, "{ node(id: <app>) { id } }",       "ok   ok    null ok   ok   ok   null null   null  U"),
    row("Node.Item", State::None, "{ node(id: <item>) { id } }",     "ok   ok    null ok   ok   ok   null null   null  U"),
    row("Node.Template", State::None, "{ node(id: <template>) { id } }",
                                                                     "ok   ok    null ok   ok   ok   null null   null  U"),
    row("Node.Session", State::Held, "{ node(id: <session>) { id } }",
                                                                     "ok   null  null ok   ok   null null null   null  U"),
    row("Node.Message", State::Held, "{ node(id: <message>) { id } }",
                                                                     "ok   null  null ok   ok   null null null   null  U"),
    row("Node.Attachment", State::Held, "{ node(id: <attachment>) { id } }",
                                                                     "ok   null  null ok   ok   null null null   null  U"),
    row("Node.Client", State::Held, "{ node(id: <client>) { id } }", "ok   null  null ok   ok   null null null   null  U"),

    row("Subscription.counters", State::None, "subscription { counters { version } }",
                                                                     "ok   ok    ok   ok   ok   ok   ok   F      ok    U"),
    row("Subscription.desk", State::None, "subscription { desk(liveChatId: <liveChat>) { changes { kind } } }",
                                                                     "ok   ok    F    ok   ok   F    F    F      F     U"),
    row("Subscription.sessions", State::None, "subscription { sessions(liveChatId: <liveChat>) { kind } }",
                                                                     "ok   ok    F    ok   ok   F    F    F      F     U"),
    row("Subscription.messages", State::Held, "subscription { messages(sessionId: <session>) { seq } }",
                                                                     "ok   F     F    ok   ok   F    F    F      F     U"),
    row("Subscription.alerts", State::None, "subscription { alerts { kind } }",
                                                                     "ok   ok    ok   ok   ok   ok   ok   F      ok    U"),
    row("Subscription.typing", State::Held, "subscription { typing(sessionId: <session>) { until } }",
                                                                     "ok   F     F    ok   ok   F    F    F      F     U"),
    row("Subscription.dialog", State::Held, "subscription { dialog(sessionId: <session>) { __typename } }",
                                                                     "ok   F     F    ok   ok   F    F    F      F     U"),
    row("Subscription.conversationTyping", State::None, "subscription { conversationTyping(liveChatId: <liveChat>) { until } }",
                                                                     "ok   ok    ok   ok   ok   ok   ok   ok     F     U"),
    row("Subscription.presence", State::None, "subscription { presence(liveChatId: <liveChat>) { id } }",
                                                                     "ok   ok    F    ok   ok   F    F    F      F     U"),
    row("Subscription.conversationMessages", State::None, "subscription { conversationMessages(liveChatId: <liveChat>) { seq } }",
                                                                     "ok   ok    ok   ok   ok   ok   ok   ok     F     U"),

    row("Mutation.setPresence", State::None, "mutation { setPresence(presence: ONLINE) { userErrors { code } } }",
                                                                     "ok   ok    ok   ok   ok   ok   ok   F      ok    U"),
    row("Mutation.claimNextSession", State::Queued, "mutation { claimNextSession(liveChatId: <liveChat>) { userErrors { code } } }",
                                                                     "ok   ok    nf   f    ok   nf   nf   F      nf    U"),
    row("Mutation.claimSession", State::Queued, "mutation { claimSession(sessionId: <session>) { userErrors { code } } }",
                                                                     "ok   ok    nf   f    ok   nf   nf   F      nf    U"),
    row("Mutation.sendMessage", State::Held, "mutation { sendMessage(sessionId: <session>, text: \"Hi\", clientMessageId: \"1\") { userErrors { code } } }",
                                                                     "ok already_claimed nf f already_claimed nf nf F   nf    U"),
    row("Mutation.createUpload", State::Held, "mutation { createUpload(sessionId: <session>, name: \"a\", contentType: \"a/b\", size: 1) { userErrors { code } } }",
                                                                     "ok already_claimed nf ok ok   nf   nf   F      nf    U"),
    row("Mutation.retryDelivery", State::Held, "mutation { retryDelivery(messageId: <message>) { userErrors { code } } }",
                                                                     "ok   nf    nf   ok   ok   nf   nf   F      nf    U"),
    row("Mutation.addNote", State::Held, "mutation { addNote(sessionId: <session>, text: \"Hm\", clientMessageId: \"1\") { userErrors { code } } }",
                                                                     "ok   nf    nf   ok   ok   nf   nf   F      nf    U"),
    row("Mutation.markSessionRead", State::Held, "mutation { markSessionRead(sessionId: <session>, upToSeq: 1) { userErrors { code } } }",
                                                                     "ok   nf    nf   ok   ok   nf   nf   F      nf    U"),
    row("Mutation.markSessionUnread", State::Held, "mutation { markSessionUnread(sessionId: <session>, fromSeq: 1) { userErrors { code } } }",
                                                                     "ok   nf    nf   ok   ok   nf   nf   F      nf    U"),
    row("Mutation.assignSession", State::Held, "mutation { assignSession(sessionId: <session>, employeeId: <employee>) { userErrors { code } } }",
                                                                     "ok   nf    nf   ok   ok   nf   nf   F      nf    U"),
    row("Mutation.returnSession", State::Held, "mutation { returnSession(sessionId: <session>) { userErrors { code } } }",
                                                                     "ok   nf    nf   ok   ok   nf   nf   F      nf    U"),
    row("Mutation.closeSession", State::Held, "mutation { closeSession(sessionId: <session>) { userErrors { code } } }",
                                                                     "ok   nf    nf   ok   ok   nf   nf   F      nf    U"),
    row("Mutation.renameSession", State::Held, "mutation { renameSession(sessionId: <session>, name: \"New\") { userErrors { code } } }",
                                                                     "ok   nf    nf   ok   ok   nf   nf   F      nf    U"),
    row("Mutation.bindItem", State::Held, "mutation { bindItem(sessionId: <session>, itemId: <item>) { userErrors { code } } }",
                                                                     "ok   nf    nf   ok   ok   nf   nf   F      nf    U"),
    row("Mutation.createAndBindItem", State::Held, "mutation { createAndBindItem(sessionId: <session>, appId: <app>, title: \"New\") { userErrors { code } } }",
                                                                     "ok   nf    nf   ok   ok   nf   nf   F      nf    U"),
    row("Mutation.unbindItem", State::Held, "mutation { unbindItem(sessionId: <session>, itemId: <item>) { userErrors { code } } }",
                                                                     "ok   nf    nf   ok   ok   nf   nf   F      nf    U"),
    row("Mutation.setTyping", State::Held, "mutation { setTyping(sessionId: <session>) { userErrors { code } } }",
                                                                     "ok   nf    nf   ok   ok   nf   nf   F      nf    U"),
    row("Mutation.setConversationTyping", State::None, "mutation { setConversationTyping(liveChatId: <liveChat>) { userErrors { code } } }",
                                                                     "ok   ok    ok   ok   ok   ok   ok   ok     nf    U"),
    row("Mutation.markConversationRead", State::Held, "mutation { markConversationRead(liveChatId: <liveChat>, upToSeq: 1) { userErrors { code } } }",
                                                                     "nf   nf    nf   nf   nf   nf   nf   ok     nf    U"),
    row("Mutation.postMessage", State::None, "mutation { postMessage(liveChatId: <liveChat>, text: \"Hi\", clientMessageId: \"1\") { userErrors { code } } }",
                                                                     "ok   ok    ok   ok   ok   ok   ok   ok     nf    U"),

    row("Mutation.createLiveChat", State::None, "mutation { createLiveChat(name: \"New\") { userErrors { code } } }",
                                                                     "f    f     f    f    f    ok   f    F      f     U"),
    row("Mutation.renameLiveChat", State::None, "mutation { renameLiveChat(liveChatId: <liveChat>, name: \"Support\") { userErrors { code } } }",
                                                                     "f    f     nf   f    f    ok   nf   F      nf    U"),
    row("Mutation.setSessionNameTemplate", State::None, "mutation { setSessionNameTemplate(liveChatId: <liveChat>, template: \"{client}\") { userErrors { code } } }",
                                                                     "f    f     nf   f    f    ok   nf   F      nf    U"),
    row("Mutation.setMember", State::None, "mutation { setMember(liveChatId: <liveChat>, employeeId: <employee>, roles: [OPERATOR]) { userErrors { code } } }",
                                                                     "f    f     nf   f    f    ok   nf   F      nf    U"),
    row("Mutation.createChannel", State::None, "mutation { createChannel(liveChatId: <liveChat>, kind: WEBHOOK, name: \"New\") { userErrors { code } } }",
                                                                     "f    f     nf   f    f    ok   nf   F      nf    U"),
    row("Mutation.rotateChannelSecret", State::None, "mutation { rotateChannelSecret(channelId: <channel>) { userErrors { code } } }",
                                                                     "f    f     nf   f    f    ok   nf   F      nf    U"),
    row("Mutation.updateChannel", State::None, "mutation { updateChannel(channelId: <channel>, name: \"Web\") { userErrors { code } } }",
                                                                     "f    f     nf   f    f    ok   nf   F      nf    U"),
    row("Mutation.setLiveChatOrigins", State::None, "mutation { setLiveChatOrigins(liveChatId: <liveChat>, origins: []) { userErrors { code } } }",
                                                                     "f    f     nf   f    f    ok   nf   F      nf    U"),
    row("Mutation.createApp", State::None, "mutation { createApp(name: \"New\", kind: REQUEST) { userErrors { code } } }",
                                                                     "f    f     f    f    f    ok   f    F      f     U"),
    row("Mutation.renameApp", State::None, "mutation { renameApp(appId: <app>, name: \"New\") { userErrors { code } } }",
                                                                     "f    f     nf   f    f    ok   nf   F      nf    U"),
    row("Mutation.setLiveChatApps", State::None, "mutation { setLiveChatApps(liveChatId: <liveChat>, appIds: [<app>]) { userErrors { code } } }",
                                                                     "f    f     nf   f    f    ok   nf   F      nf    U"),
    row("Mutation.createTemplate", State::None, "mutation { createTemplate(liveChatId: <liveChat>, title: \"Hi\", text: \"Hello\") { userErrors { code } } }",
                                                                     "f    f     nf   f    f    ok   nf   F      nf    U"),
    row("Mutation.updateTemplate", State::None, "mutation { updateTemplate(templateId: <template>, text: \"Hello\") { userErrors { code } } }",
                                                                     "f    f     nf   f    f    ok   nf   F      nf    U"),
    row("Mutation.deleteTemplate", State::None, "mutation { deleteTemplate(templateId: <template>) { userErrors { code } } }",
                                                                     "f    f     nf   f    f    ok   nf   F      nf    U"),
];
