//! Templates: createTemplate, updateTemplate, deleteTemplate.

use async_graphql::{Context, ID, Object, Result};
use domain::{LiveChatId, Refusal, TemplateId, template, text};
use store::once::Once;

use super::argument;
use crate::answer::{Stop, answer, payload};
use crate::id::GlobalId;
use crate::object::template::{Template, find};
use crate::request::{Request, request};

payload!(
    /// The result of `createTemplate`.
    CreateTemplatePayload {
        /// The new template, with its variables not filled in. For a repeated key: the template
        /// that the first request created. Null if the mutation was refused, if the template was
        /// deleted meanwhile, or if you may no longer see it.
        template: Template,
    }
);

payload!(
    /// The result of `updateTemplate`.
    UpdateTemplatePayload {
        /// The template after the change, with its variables not filled in. Null if the mutation was
        /// refused.
        template: Template,
    }
);

payload!(
    /// The result of `deleteTemplate`.
    DeleteTemplatePayload {
        /// The id that you gave, or null if the mutation was refused.
        deleted_id: ID,
    }
);

/// The mutations of administrators, for templates.
#[derive(Default)]
pub struct TemplateMutation;

#[Object]
impl TemplateMutation {
    /// Creates a template of a live chat. Only for administrators: anyone else is refused with
    /// `FORBIDDEN`, or with `NOT_FOUND` if they have no role in the live chat. Refused with `LIMIT`
    /// beyond 500 templates, or one megabyte of them, in the live chat.
    async fn create_template(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat.")] live_chat_id: ID,
        #[graphql(desc = "The title, 1 to 200 characters. White space around it is removed.")]
        title: String,
        #[graphql(desc = "The text, 1 to 8000 characters. A single word in braces must be one \
                    of the variables {client}, {clientFirstName}, {operator}, \
                    {operatorFirstName}, {liveChat} and {session}, else INVALID.")]
        text: String,
        #[graphql(desc = "Your own key for this call, 1 to 100 characters. For 24 hours, a \
                    repeated call with the same key returns the first result and does \
                    nothing again.")]
        idempotency_key: Option<String>,
    ) -> Result<CreateTemplatePayload> {
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            let title = text::name("title", &title)?;
            let text = template::checked(&text)?;
            let key = argument::key(idempotency_key.as_deref())?;
            let once = Once::of(person, key, "createTemplate", &[&live_chat_id, &title, text]);
            let once = once.as_ref();
            let create = async {
                let live_chat = request.administered(&live_chat_id).await?;
                let store = request.store.of(&person.tenant);
                Ok(store.create_template(&live_chat, &title, text, once).await?)
            };
            let id = request.once(once, TemplateId::parse, create).await?;
            let template = match request.named(&live_chat_id) {
                Some(GlobalId::LiveChat(live_chat)) => find(request, live_chat, &id, None).await?,
                _ => None,
            };
            Ok(CreateTemplatePayload { template, ..Default::default() })
        })
        .await
    }

    /// Changes a template of a live chat. Messages that were written with it stay. Only for
    /// administrators: anyone else is refused with `FORBIDDEN`, or `NOT_FOUND` if they may not see it.
    /// Refused with `LIMIT` beyond one megabyte of templates in the live chat.
    async fn update_template(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the template, with its variables filled in or not.")]
        template_id: ID,
        #[graphql(desc = "The new title, 1 to 200 characters. White space around it is removed. \
                    Left out: the title stays.")]
        title: Option<String>,
        #[graphql(desc = "The new text, as for `createTemplate`. Left out: the text stays.")]
        text: Option<String>,
    ) -> Result<UpdateTemplatePayload> {
        answer(async {
            let request = request(context)?;
            let store = request.store.of(&request.person()?.tenant);
            let title = title.as_deref().map(|title| text::name("title", title)).transpose()?;
            let text = text.as_deref().map(template::checked).transpose()?;
            let (live_chat, id) = administered(request, &template_id).await?;
            let change = (title.as_deref(), text);
            let after = store.update_template(&live_chat, &id, change).await?;
            let template = Some(Template::raw(&live_chat, after));
            Ok(UpdateTemplatePayload { template, ..Default::default() })
        })
        .await
    }

    /// Deletes a template. Only for administrators: anyone else is refused with `FORBIDDEN`, or
    /// `NOT_FOUND` if they may not see it.
    async fn delete_template(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the template, with its variables filled in or not.")]
        template_id: ID,
    ) -> Result<DeleteTemplatePayload> {
        answer(async {
            let request = request(context)?;
            let store = request.store.of(&request.person()?.tenant);
            let (live_chat, id) = administered(request, &template_id).await?;
            store.delete_template(&live_chat, &id).await?;
            Ok(DeleteTemplatePayload { deleted_id: Some(template_id), ..Default::default() })
        })
        .await
    }
}

/// Returns the template that an id names, by either of its ids, for an administrator.
async fn administered(request: &Request, id: &ID) -> Result<(LiveChatId, TemplateId), Stop> {
    let Some(GlobalId::Template(live_chat, id, session)) = request.named(id) else {
        return Err(Refusal::NotFound.into());
    };
    let is_known = find(request, live_chat.clone(), &id, None).await?.is_some()
        || find(request, live_chat.clone(), &id, session).await?.is_some();
    if !is_known {
        return Err(Refusal::NotFound.into());
    }
    request.administrator()?;
    Ok((live_chat, id))
}
