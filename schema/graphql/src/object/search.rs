//! The search: hits, and the parts of their text to highlight.
//!
//! A dialog is searched by reading it, newest entry first, up to about 40 read units a request. The
//! last cursor names the entry where reading stopped. The result is exact and at once, and costs
//! nothing while nobody searches. The price: a very long dialog takes several requests.

use std::sync::Arc;

use async_graphql::{Result, SimpleObject};
use domain::Kind;
use domain::search::{Folded, Part};
use store::list::Window;

use super::message::Message;
use super::session::Session;
use crate::error::fault;
use crate::page::{self, PageInfo, cursor};
use crate::request::Request;

/// The most bytes of a dialog that one request reads: 40 read units.
const MOST_BYTES: usize = 40 * 4096;
/// The number of entries read in one go, at first and at most. Texts may be long, so that many at
/// once could be far more than a request should read.
const FIRST_STRETCH: u64 = 4;
const MOST_STRETCH: u64 = 100;
/// The approximate size of an entry beside its text, in bytes.
const ENTRY_BYTES: usize = 300;

/// A piece of a shown text. The pieces joined in order are the text.
#[derive(SimpleObject, Clone, Debug)]
pub struct TextPart {
    /// The text of the piece, as it was written.
    pub text: String,
    /// True if the piece matches the query and should be highlighted.
    pub is_match: bool,
}

/// A page of the entries of a dialog that match a search, newest first.
#[derive(SimpleObject, Clone)]
pub struct MessageSearchConnection {
    /// The name of the session, in pieces. If the name does not match, `isMatch` is false for all
    /// of them.
    pub name_parts: Vec<TextPart>,
    /// The entries of the page, each with its cursor.
    pub edges: Vec<MessageSearchEdge>,
    /// The entries of the page, without their cursors.
    pub nodes: Vec<Message>,
    /// The cursors of the page, and whether there are more entries before and after it.
    pub page_info: PageInfo,
}

/// An entry of a dialog that matches a search.
#[derive(SimpleObject, Clone)]
pub struct MessageSearchEdge {
    /// The cursor of the entry, an opaque string. It is valid for `Session.messages` as well.
    pub cursor: String,
    /// The entry. To jump to it, query `messages` with its `seq` as `aroundSeq`.
    pub node: Message,
    /// The text of the entry, in pieces. A long text is cut to the part around the first match.
    pub text_parts: Vec<TextPart>,
}

/// A page of the sessions whose names match a search, last opened first.
#[derive(SimpleObject, Clone)]
pub struct SessionSearchConnection {
    /// The sessions of the page, each with its cursor.
    pub edges: Vec<SessionSearchEdge>,
    /// The sessions of the page, without their cursors.
    pub nodes: Vec<Session>,
    /// The cursors of the page, and whether there are more entries before and after it.
    pub page_info: PageInfo,
}

/// A session whose name matches a search.
#[derive(SimpleObject, Clone)]
pub struct SessionSearchEdge {
    /// The cursor of the session, an opaque string.
    pub cursor: String,
    /// The session.
    pub node: Session,
    /// The name of the session, in pieces.
    pub name_parts: Vec<TextPart>,
}

fn shown(parts: Vec<Part>) -> Vec<TextPart> {
    parts.into_iter().map(|Part { text, is_match }| TextPart { text, is_match }).collect()
}

/// Returns the matching messages and notes of a dialog, as far as one request reads.
pub(crate) async fn messages(
    request: &Request,
    session: &Session,
    text: &str,
    first: i32,
    after: Option<&str>,
) -> Result<MessageSearchConnection> {
    let (first, query) = (page::length("first", first)?, page::typed(Some(text))?);
    let end = session.0.seq.saturating_add(1);
    let mut before = page::number(after)?.unwrap_or(end).min(end);
    let mut edges: Vec<MessageSearchEdge> = Vec::new();
    let (mut bytes, mut looked, mut stretch) = (0, 0, FIRST_STRETCH);
    while !query.is_blank() && before > 1 && edges.len() < first && bytes < MOST_BYTES {
        let (low, high) = (before.saturating_sub(stretch).max(1), before - 1);
        let conversation = &session.0.id.conversation;
        let entries = request.tenant_store()?.entries(conversation, low, high).await;
        for entry in entries.map_err(|failed| fault(&failed))?.into_iter().rev() {
            if edges.len() == first {
                break;
            }
            before = entry.seq;
            let names = entry.attachments.iter().map(|file| file.name.as_str().len());
            bytes += ENTRY_BYTES + entry.text.len() + names.sum::<usize>();
            looked += 1;
            let text = found_in(&entry, &query);
            if let Some(text) = text.filter(|_| entry.kind != Kind::Event) {
                edges.push(MessageSearchEdge {
                    cursor: cursor(&entry.seq.to_string()),
                    text_parts: shown(query.excerpt(text)),
                    node: Message { entry: Arc::new(entry), dialog: session.0.clone() },
                });
            }
        }
        if edges.len() < first {
            before = low;
        }
        // As many as there is room for, if they are as long as those before.
        let room = MOST_BYTES.saturating_sub(bytes) * looked / bytes.max(1);
        stretch = u64::try_from(room).unwrap_or(1).clamp(1, MOST_STRETCH.min(4 * stretch));
    }
    let page_info = PageInfo {
        has_previous_page: after.is_some(),
        has_next_page: !query.is_blank() && before > 1,
        start_cursor: edges.first().map(|edge| edge.cursor.clone()),
        end_cursor: (before < end).then(|| cursor(&before.to_string())),
    };
    let nodes = edges.iter().map(|edge| edge.node.clone()).collect();
    let name_parts = shown(query.parts(&session.0.name));
    Ok(MessageSearchConnection { name_parts, edges, nodes, page_info })
}

/// Returns the text of an entry that matches: its own, or the name of one of its files.
fn found_in<'a>(entry: &'a domain::Message, query: &domain::search::Query) -> Option<&'a str> {
    let names = entry.attachments.iter().map(|file| file.name.as_str());
    std::iter::once(entry.text.as_str()).chain(names).find(|text| query.matches(&Folded::of(text)))
}

/// Returns the sessions that the caller sees and whose names match, as far as one request reads.
pub(crate) async fn sessions(
    request: &Request,
    text: &str,
    first: i32,
    after: Option<&str>,
) -> Result<SessionSearchConnection> {
    let (first, query) = (page::length("first", first)?, page::typed(Some(text))?);
    let after = after.map(page::place).transpose()?;
    let window = Window { first, after: after.as_deref() };
    let desk = request.desk().await?;
    let found = request.tenant_store()?.search_sessions(&desk, &query, window).await;
    let found = found.map_err(|failed| fault(&failed))?;
    let edges: Vec<SessionSearchEdge> = found
        .sessions
        .into_iter()
        .map(|(place, session)| SessionSearchEdge {
            cursor: cursor(&place),
            name_parts: shown(query.parts(&session.name)),
            node: Session::new(session),
        })
        .collect();
    let page_info = PageInfo {
        has_previous_page: after.is_some(),
        has_next_page: found.has_next,
        start_cursor: edges.first().map(|edge| edge.cursor.clone()),
        end_cursor: found.end.as_deref().map(cursor),
    };
    let nodes = edges.iter().map(|edge| edge.node.clone()).collect();
    Ok(SessionSearchConnection { edges, nodes, page_info })
}
