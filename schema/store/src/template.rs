//! Templates: writes, reads and deletes the ready answers of a live chat.
//!
//! The templates of a live chat come to at most a megabyte, because they are read whole: matching
//! folded titles and texts, as they are shown, then needs no index.

use domain::{LiveChatId, Refusal, Template, TemplateId, TenantId};

use crate::once::{Finished, Once, understood};
use crate::record::company;
use crate::table::{
    Committed, Expression, Item, Key, Part, Range, Read, Row, Table, decode, encode, key,
};
use crate::{Failure, Fault, TenantStore};

/// The most templates of a live chat.
pub const MOST_TEMPLATES: usize = 500;
/// The most bytes of all their titles and texts: a live chat's templates are read as a whole.
pub const MOST_BYTES: usize = 1_000_000;
/// The number of times that a change is tried while others change the same template.
const PATIENCE: u32 = 5;
/// The refusal where there is no room.
const FULL: Refusal = Refusal::limit("A live chat has at most 500 templates, of a megabyte.");

impl TenantStore<'_> {
    /// Returns the templates of a live chat, by id.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn templates(self, live_chat: &LiveChatId) -> Result<Vec<Template>, Fault> {
        let pk = key::live_chat(self.tenant, live_chat);
        let range = Range::starting(&pk, key::TEMPLATES, MOST_TEMPLATES);
        self.range(Table::Core, &range).await?.iter().map(decode_template).collect()
    }

    /// Returns a template of a live chat.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn template(
        self,
        live_chat: &LiveChatId,
        id: &TemplateId,
    ) -> Result<Option<Template>, Fault> {
        let item = self.item(Table::Core, &key::template(self.tenant, live_chat, id)).await?;
        item.as_ref().map(decode_template).transpose()
    }

    /// Creates a template, for an administrator. Idempotent under its key.
    ///
    /// # Errors
    /// `KeyReused`, `NotFound`, `Limit` beyond 500 templates or a megabyte of them; a [`Fault`] of
    /// the state.
    pub async fn create_template(
        self,
        live_chat: &LiveChatId,
        title: &str,
        text: &str,
        once: Option<&Once>,
    ) -> Result<TemplateId, Failure> {
        let id = self.fresh_id(TemplateId::parse)?;
        let template = company::Template { title: title.to_owned(), text: text.to_owned() };
        let template = encode(&key::template(self.tenant, live_chat, &id), &template);
        let rows = vec![
            template_more(self.tenant, live_chat, title.len() + text.len()),
            Row::put_new(Table::Core, Part::Other, template),
        ];
        match self.commit_once(once, id.as_str(), rows).await? {
            Finished::Done => Ok(id),
            Finished::Repeated(answer) => Ok(understood(&answer, TemplateId::parse)?),
            Finished::Guarded(failed) => {
                match failed.iter().find(|(part, _)| *part == Part::Tally) {
                    Some((_, None)) => Err(Refusal::NotFound.into()),
                    Some((_, Some(_))) => Err(FULL.into()),
                    None => Err(Fault::Conflict.into()),
                }
            }
        }
    }

    /// Changes a template. What is not given stays.
    ///
    /// # Errors
    /// `NotFound`, `Limit` beyond a megabyte of templates; a [`Fault`] of the state.
    pub async fn update_template(
        self,
        live_chat: &LiveChatId,
        id: &TemplateId,
        (title, text): (Option<&str>, Option<&str>),
    ) -> Result<Template, Failure> {
        for _ in 0..PATIENCE {
            let before = self.template(live_chat, id).await?.ok_or(Refusal::NotFound)?;
            let after = Template {
                id: id.clone(),
                title: title.unwrap_or(&before.title).to_owned(),
                text: text.unwrap_or(&before.text).to_owned(),
            };
            let rows = vec![
                replaced(&key::template(self.tenant, live_chat, id), &before, &after),
                template_instead(self.tenant, live_chat, &before, &after),
            ];
            let Committed::Guarded(failed) = self.commit(|| rows.clone()).await? else {
                return Ok(after);
            };
            // Another has changed or deleted it meanwhile: its bytes are counted anew.
            if failed.iter().all(|(part, _)| *part == Part::Tally) {
                return Err(FULL.into());
            }
        }
        Err(Fault::Conflict.into())
    }

    /// Deletes a template.
    ///
    /// # Errors
    /// `NotFound`; a [`Fault`] of the state.
    pub async fn delete_template(
        self,
        live_chat: &LiveChatId,
        id: &TemplateId,
    ) -> Result<(), Failure> {
        let Some(template) = self.template(live_chat, id).await? else {
            return Err(Refusal::NotFound.into());
        };
        let key = key::template(self.tenant, live_chat, id);
        let there = Expression::guard("attribute_exists(pk)");
        let bytes = template.title.len() + template.text.len();
        let rows = vec![
            Row::delete_if(Table::Core, Part::Other, &key, there),
            template_less(self.tenant, live_chat, bytes),
        ];
        match self.commit(|| rows.clone()).await? {
            Committed::Done => Ok(()),
            Committed::Guarded(_) => Err(Refusal::NotFound.into()),
        }
    }
}

/// Returns the row that counts a new template, under the guard that there is room.
fn template_more(tenant: &TenantId, live_chat: &LiveChatId, bytes: usize) -> Row {
    let room = "(attribute_not_exists(tc) OR (tc < :most AND tb <= :room))";
    let update = Expression::update("ADD tc :one, tb :bytes")
        .when(format!("attribute_exists(pk) AND {room}"))
        .number(":one", 1)
        .number(":bytes", bytes)
        .number(":most", MOST_TEMPLATES)
        .number(":room", MOST_BYTES.saturating_sub(bytes));
    Row::update(Table::Core, Part::Tally, &key::settings(tenant, live_chat), update)
}

/// Returns the row of a template that is changed, under the guard that it is as it was read.
fn replaced(key: &Key, before: &Template, after: &Template) -> Row {
    let update = Expression::update("SET ti = :title, tx = :text")
        .when("ti = :old_title AND tx = :old_text")
        .text(":title", &after.title)
        .text(":text", &after.text)
        .text(":old_title", &before.title)
        .text(":old_text", &before.text);
    Row::update(Table::Core, Part::Other, key, update)
}

/// Returns the row that counts the bytes of a changed template, under the guard that there is room for
/// more.
fn template_instead(
    tenant: &TenantId,
    live_chat: &LiveChatId,
    before: &Template,
    after: &Template,
) -> Row {
    let bytes = |template: &Template| template.title.len() + template.text.len();
    let (old, new) = (bytes(before), bytes(after));
    let update = match new.checked_sub(old) {
        Some(more) => Expression::update("ADD tb :bytes")
            .when("attribute_exists(pk) AND tb <= :room")
            .number(":bytes", more)
            .number(":room", MOST_BYTES.saturating_sub(more)),
        None => Expression::update("ADD tb :bytes")
            .when("attribute_exists(pk)")
            .number(":bytes", format!("-{}", old - new)),
    };
    Row::update(Table::Core, Part::Tally, &key::settings(tenant, live_chat), update)
}

/// Returns the row that counts a deleted template.
fn template_less(tenant: &TenantId, live_chat: &LiveChatId, bytes: usize) -> Row {
    let update = Expression::update("ADD tc :less, tb :bytes")
        .when("attribute_exists(pk)")
        .number(":less", -1)
        .number(":bytes", format!("-{bytes}"));
    Row::update(Table::Core, Part::Tally, &key::settings(tenant, live_chat), update)
}

fn decode_template(item: &Item) -> Result<Template, Fault> {
    let company::Template { title, text } = decode(item)?;
    Ok(Template { id: Read(item).parsed("sk", key::read_template)?, title, text })
}
