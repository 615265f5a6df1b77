//! Live chats: createLiveChat, renameLiveChat, setSessionNameTemplate, setLiveChatOrigins.

use async_graphql::{Context, ID, Object, Result};
use domain::name::NameTemplate;
use domain::origin::Origin;
use domain::{LiveChatId, text};
use store::once::Once;

use super::argument;
use crate::answer::{answer, payload};
use crate::object::live_chat::LiveChat;
use crate::request::request;

payload!(
    /// The result of `createLiveChat`.
    CreateLiveChatPayload {
        /// The new live chat. For a repeated key: the live chat that the first request created.
        /// Null if the mutation was refused or you may no longer see the live chat.
        live_chat: LiveChat,
    }
);

payload!(
    /// The result of `renameLiveChat`.
    RenameLiveChatPayload {
        /// The live chat after the change, or null if the mutation was refused.
        live_chat: LiveChat,
    }
);

payload!(
    /// The result of `setSessionNameTemplate`.
    SetSessionNameTemplatePayload {
        /// The live chat after the change, or null if the mutation was refused.
        live_chat: LiveChat,
    }
);

payload!(
    /// The result of `setLiveChatOrigins`.
    SetLiveChatOriginsPayload {
        /// The live chat after the change, or null if the mutation was refused.
        live_chat: LiveChat,
    }
);

/// The mutations of administrators, for live chats.
#[derive(Default)]
pub struct LiveChatMutation;

#[Object]
impl LiveChatMutation {
    /// Creates a live chat, with one channel of kind `WEB` and one of kind `INTERNAL`. Only for
    /// administrators: anyone else is refused with `FORBIDDEN`. Refused with `LIMIT` if there are
    /// 500 live chats already.
    async fn create_live_chat(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The name, 1 to 200 characters. White space around it is removed.")]
        name: String,
        #[graphql(desc = "Your own key for this call, 1 to 100 characters. For 24 hours, a \
                    repeated call with the same key returns the first result and does \
                    nothing again.")]
        idempotency_key: Option<String>,
    ) -> Result<CreateLiveChatPayload> {
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            let name = text::name("name", &name)?;
            let key = argument::key(idempotency_key.as_deref())?;
            let once = Once::of(person, key, "createLiveChat", &[&name]);
            let once = once.as_ref();
            let create = async {
                let store = request.store.of(&request.administrator()?.tenant);
                Ok(store.open_live_chat(&name, once).await?)
            };
            let id = request.once(once, LiveChatId::parse, create).await?;
            let live_chat = request.knows(&id).await?.then_some(LiveChat(id));
            Ok(CreateLiveChatPayload { live_chat, ..Default::default() })
        })
        .await
    }

    /// Renames a live chat. Only for administrators: anyone else is refused with `FORBIDDEN`, or
    /// with `NOT_FOUND` if they have no role in the live chat.
    async fn rename_live_chat(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat.")] live_chat_id: ID,
        #[graphql(desc = "The new name, 1 to 200 characters. White space around it is removed.")]
        name: String,
    ) -> Result<RenameLiveChatPayload> {
        answer(async {
            let request = request(context)?;
            let store = request.store.of(&request.person()?.tenant);
            let name = text::name("name", &name)?;
            let id = request.administered(&live_chat_id).await?;
            store.rename_live_chat(&id, &name).await?;
            Ok(RenameLiveChatPayload { live_chat: Some(LiveChat(id)), ..Default::default() })
        })
        .await
    }

    /// Sets the template that names the new sessions of a live chat. Existing sessions keep their
    /// names. Only for administrators: anyone else is refused with `FORBIDDEN`, or with `NOT_FOUND`
    /// if they have no role in the live chat.
    async fn set_session_name_template(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat.")] live_chat_id: ID,
        #[graphql(desc = "Text with the variables {client}, {liveChat}, {channel} and {date}, \
                    1 to 200 characters. {date} is the date of opening in UTC. Any other \
                    text in braces: INVALID.")]
        template: String,
    ) -> Result<SetSessionNameTemplatePayload> {
        answer(async {
            let request = request(context)?;
            let store = request.store.of(&request.person()?.tenant);
            let template = NameTemplate::parse(&template)?;
            let id = request.administered(&live_chat_id).await?;
            store.set_name_template(&id, &template).await?;
            Ok(SetSessionNameTemplatePayload {
                live_chat: Some(LiveChat(id)),
                ..Default::default()
            })
        })
        .await
    }

    /// Sets the pages that may carry the widget of a live chat. Only for administrators: anyone
    /// else is refused with `FORBIDDEN`, or with `NOT_FOUND` if they have no role in the live chat.
    async fn set_live_chat_origins(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat.")] live_chat_id: ID,
        #[graphql(desc = "The origins of the pages, such as https://shop.example, at most 100. \
                    They replace the earlier ones. Empty: any page may carry the widget.")]
        origins: Vec<String>,
    ) -> Result<SetLiveChatOriginsPayload> {
        answer(async {
            let request = request(context)?;
            let store = request.store.of(&request.person()?.tenant);
            let origins = Origin::parse_all(&origins)?;
            let id = request.administered(&live_chat_id).await?;
            store.set_origins(&id, &origins).await?;
            Ok(SetLiveChatOriginsPayload { live_chat: Some(LiveChat(id)), ..Default::default() })
        })
        .await
    }
}
