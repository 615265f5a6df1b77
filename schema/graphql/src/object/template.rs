//! Templates: ready answers of a live chat, as they were written or filled in for a session.

use async_graphql::{Context, Description, Error, ID, Object, Result};
use domain::search::Folded;
use domain::template::Words;
use domain::{EmployeeId, LiveChatId, SessionId, TemplateId, text};
use futures::try_join;

use crate::error::{Code, fault};
use crate::id::GlobalId;
use crate::loader;
use crate::page::{self, connection};
use crate::request::{Request, missing, request};

/// The most bytes of a title that a template is sorted by, so that cursors stay short.
const SORTED_BYTES: usize = 200;

/// A ready answer of a live chat.
#[derive(Clone, PartialEq, Eq, Debug, Description)]
pub struct Template {
    live_chat: LiveChatId,
    id: TemplateId,
    /// The session for which its variables are filled in.
    session: Option<SessionId>,
    title: String,
    text: String,
}

#[Object(use_type_description)]
impl Template {
    /// The global id. A template with its variables filled in has another id than the template
    /// itself, and a different one for each session.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        let (live_chat, id) = (self.live_chat.clone(), self.id.clone());
        request(context)?.id(&GlobalId::Template(live_chat, id, self.session.clone()))
    }

    /// The title.
    async fn title(&self) -> &str {
        &self.title
    }

    /// The text. Under `Session.templates` its variables are filled in for the session, and it is
    /// cut to 8000 characters; under `LiveChat.templates` they stand in braces.
    async fn text(&self) -> &str {
        &self.text
    }
}

impl Template {
    /// Builds a template with its variables not filled in.
    pub(crate) fn raw(live_chat: &LiveChatId, template: domain::Template) -> Self {
        let domain::Template { id, title, text } = template;
        Self { live_chat: live_chat.clone(), id, session: None, title, text }
    }

    /// Builds a template with its variables filled in for a session.
    fn filled(session: &domain::Session, template: domain::Template, names: &Names) -> Self {
        let text = template.fill(&Words {
            client: &names.client,
            operator: &names.operator,
            live_chat: &names.live_chat,
            session: &session.name,
        });
        let session_id = Some(session.id.clone());
        Self { session: session_id, text, ..Self::raw(&session.live_chat, template) }
    }

    /// Returns its place in a list.
    fn place(&self) -> (String, String) {
        let title = self.title.to_lowercase();
        (text::cut(&title, SORTED_BYTES).to_owned(), self.id.to_string())
    }
}

/// The names that fill a template's variables.
struct Names {
    client: String,
    operator: String,
    live_chat: String,
}

impl Names {
    async fn of(request: &Request, session: &domain::Session) -> Result<Self> {
        // An answer to a queued session claims it, so its operator would be the caller.
        let operator = session.operator().unwrap_or(&request.person()?.id).clone();
        let (client, operator, place) = try_join!(
            request.load(loader::ClientInfo(session.id.clone())),
            name(request, operator),
            request.load(loader::LiveChat(session.live_chat.clone())),
        )?;
        let client = client.map(|client| client.name).unwrap_or_default();
        Ok(Self { client, operator, live_chat: place.ok_or_else(missing)?.name })
    }
}

async fn name(request: &Request, employee: EmployeeId) -> Result<String> {
    let known = request.load(loader::Employee(employee.clone())).await?;
    Ok(known.map_or_else(|| employee.to_string(), |known| known.display_name().to_owned()))
}

/// Returns the templates of a live chat, with their variables not filled in.
pub(crate) async fn of_live_chat(
    request: &Request,
    live_chat: &LiveChatId,
    query: Option<String>,
    first: i32,
    after: Option<String>,
) -> Result<TemplateConnection> {
    let all = match request.knows(live_chat).await? {
        true => request.load(loader::Templates(live_chat.clone())).await?.unwrap_or_default(),
        false => Vec::new(),
    };
    let all = all.into_iter().map(|template| Template::raw(live_chat, template)).collect();
    listed(all, query, first, after)
}

/// Returns the templates of a session's live chat, with their variables filled in for it.
pub(crate) async fn of_session(
    request: &Request,
    session: &domain::Session,
    query: Option<String>,
    first: i32,
    after: Option<String>,
) -> Result<TemplateConnection> {
    let all = request.load(loader::Templates(session.live_chat.clone()));
    let (all, names) = try_join!(all, Names::of(request, session))?;
    let all = all.unwrap_or_default().into_iter();
    let all = all.map(|template| Template::filled(session, template, &names)).collect();
    listed(all, query, first, after)
}

/// Returns a page of the templates that a query finds, by title.
fn listed(
    mut all: Vec<Template>,
    query: Option<String>,
    first: i32,
    after: Option<String>,
) -> Result<TemplateConnection> {
    let first = page::length("first", first)?;
    let has_previous = after.is_some();
    let after = after.as_deref().map(place).transpose()?;
    let query = page::typed(query.as_deref())?;
    all.retain(|template| {
        let shown = format!("{}\n{}", template.title, template.text);
        query.matches(&Folded::of(&shown))
            && after.as_ref().is_none_or(|after| template.place() > *after)
    });
    all.sort_by_cached_key(Template::place);
    let has_next = all.len() > first;
    let page = all.into_iter().take(first).map(|template| {
        let (title, id) = template.place();
        (format!("{title} {id}"), template)
    });
    Ok(TemplateConnection::of(page.collect(), None, has_previous, has_next))
}

/// Returns the place in a list that a cursor names. The last space separates title and id: an id
/// has no white space.
fn place(cursor: &str) -> Result<(String, String), Error> {
    let place = page::place(cursor)?;
    let parts = place.rsplit_once(' ').map(|(title, id)| (title.to_owned(), id.to_owned()));
    parts.ok_or_else(|| Code::BadUserInput.error("This is not a cursor of this list."))
}

/// Returns the template with this id: not filled in for a caller who knows of the live chat, filled
/// in for a caller who may read the session.
pub(crate) async fn find(
    request: &Request,
    live_chat: LiveChatId,
    id: &TemplateId,
    session: Option<SessionId>,
) -> Result<Option<Template>> {
    let session = match session {
        None if request.knows(&live_chat).await? => None,
        None => return Ok(None),
        Some(session) => match request.readable(&session).await? {
            Some(session) if session.live_chat == live_chat => Some(session),
            _ => return Ok(None),
        },
    };
    let found = request.tenant_store()?.template(&live_chat, id).await;
    let Some(template) = found.map_err(|failed| fault(&failed))? else { return Ok(None) };
    Ok(Some(match session {
        None => Template::raw(&live_chat, template),
        Some(session) => Template::filled(&session, template, &Names::of(request, &session).await?),
    }))
}

connection!(TemplateConnection, TemplateEdge, Template);
