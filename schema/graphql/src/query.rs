//! Queries: the root, and the objects that a global id names.

use async_graphql::{Context, Description, Error, ID, Interface, Object, Result};

use crate::error::Code;
use crate::id::GlobalId;
use crate::object::administration::Administration;
use crate::object::app::{App, Item};
use crate::object::attachment::Attachment;
use crate::object::channel::Channel;
use crate::object::client::Client;
use crate::object::conversation::{Conversation, no_such_live_chat};
use crate::object::counters::Counters;
use crate::object::employee::Employee;
use crate::object::live_chat::LiveChat;
use crate::object::message::Message;
use crate::object::session::Session;
use crate::object::template::{self, Template};
use crate::request::{Request, request};
use crate::viewer::Viewer;

/// The most ids of one `nodes`.
const MOST_NODES: usize = 100;

/// An object with a global id, by which `Query.node` finds it. Global ids are opaque strings.
#[derive(Interface, Clone)]
#[graphql(field(name = "id", ty = "ID", desc = "The global id."))]
pub enum Node {
    /// The employee who calls.
    Viewer(Viewer),
    /// Their counters.
    Counters(Counters),
    /// An employee.
    Employee(Employee),
    /// A live chat.
    LiveChat(LiveChat),
    /// A channel.
    Channel(Channel),
    /// A session.
    Session(Session),
    /// An entry of a dialog.
    Message(Message),
    /// A client.
    Client(Client),
    /// An app.
    App(App),
    /// An item of an app.
    Item(Item),
    /// A ready answer.
    Template(Template),
    /// A file of a message or a note.
    Attachment(Attachment),
}

/// The data that you can read. In all descriptions "you" are the employee or the client whose token
/// the request carries.
#[derive(Default, Description)]
pub struct Query;

#[Object(use_type_description)]
impl Query {
    /// You as an employee, with all that you may see. The error for a client's token is
    /// `FORBIDDEN`.
    async fn viewer(&self, context: &Context<'_>) -> Result<Viewer> {
        request(context)?.person()?;
        Ok(Viewer)
    }

    /// The version of the service that answers. After a plus sign follows the commit that it was
    /// built from, if that is known.
    async fn version(&self, context: &Context<'_>) -> Result<String> {
        request(context)?.tenant()?;
        let commit = option_env!("CHATDESK_COMMIT").map(|commit| format!("+{commit}"));
        Ok(format!("{}{}", env!("CARGO_PKG_VERSION"), commit.unwrap_or_default()))
    }

    /// Your conversation as a client. The token of a client is bound to one live chat. An employee,
    /// who writes as an internal client, must give `liveChatId`. The error for an unknown live
    /// chat, or for another than the token's, is `FORBIDDEN`.
    async fn conversation(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat. Required for an internal client. The \
                    token of any other client names the live chat.")]
        live_chat_id: Option<ID>,
    ) -> Result<Conversation> {
        let request = request(context)?;
        request.tenant()?;
        Conversation::of(request, live_chat_id.as_ref()).await?.ok_or_else(no_such_live_chat)
    }

    /// The settings of your company, for its administrators. The error for all others is
    /// `FORBIDDEN`.
    async fn administration(&self, context: &Context<'_>) -> Result<Administration> {
        Administration::of(request(context)?)
    }

    /// The object with this id, or null if it does not exist or you may not see it. Always null for
    /// a client's token.
    async fn node(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id.")] id: ID,
    ) -> Result<Option<Node>> {
        find(request(context)?, &id).await
    }

    /// The objects with these ids, in the order of the ids. An entry is null if the object does not
    /// exist or you may not see it. All are null for a client's token. The error for more than 100
    /// ids is `BAD_USER_INPUT`.
    #[graphql(complexity = "ids.len() * child_complexity")]
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global ids, at most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Node>>> {
        if ids.len() > MOST_NODES {
            return Err(Code::BadUserInput.error("`ids` must have at most 100 entries."));
        }
        let request = request(context)?;
        futures::future::try_join_all(ids.iter().map(|id| find(request, id))).await
    }
}

/// Returns the object that a global id names, if the caller may see it. Clients see none by id.
async fn find(request: &Request, id: &str) -> Result<Option<Node>, Error> {
    request.tenant()?;
    let Ok(person) = request.person() else { return Ok(None) };
    Ok(match request.named(id) {
        None | Some(GlobalId::Conversation(_) | GlobalId::ConversationMessage(..)) => None,
        Some(GlobalId::Viewer(id)) => (id == person.id).then_some(Node::Viewer(Viewer)),
        Some(GlobalId::Counters(id)) if id == person.id => {
            Some(Node::Counters(Counters::read(request).await?))
        }
        Some(GlobalId::Counters(_)) => None,
        Some(GlobalId::Employee(id)) => Employee::find(request, id).await?.map(Node::Employee),
        Some(GlobalId::LiveChat(id)) => {
            request.knows(&id).await?.then_some(Node::LiveChat(LiveChat(id)))
        }
        Some(GlobalId::Channel(live_chat, id)) => {
            Channel::find(request, live_chat, id).await?.map(Node::Channel)
        }
        Some(GlobalId::Session(id)) => Session::find(request, &id).await?.map(Node::Session),
        Some(GlobalId::Message(of, seq)) => {
            Message::find(request, of, seq).await?.map(Node::Message)
        }
        Some(GlobalId::App(id)) => request.knows_app(&id).await?.then_some(Node::App(App(id))),
        Some(GlobalId::Item(id)) => Item::find(request, id).await?.map(Node::Item),
        Some(GlobalId::Template(live_chat, id, session)) => {
            template::find(request, live_chat, &id, session).await?.map(Node::Template)
        }
        Some(GlobalId::Client(live_chat, client)) => {
            Client::find(request, &live_chat, &client).await?.map(Node::Client)
        }
        Some(GlobalId::Attachment(of, id)) => {
            Attachment::find(request, of, id).await?.map(Node::Attachment)
        }
    })
}
