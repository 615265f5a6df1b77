//! What sessions are bound to: bindItem, createAndBindItem, unbindItem.

use async_graphql::{Context, ID, Object, Result};
use domain::{Refusal, text};
use store::once::Once;

use crate::app::Item;
use crate::ask::ask;
use crate::error::settled;
use crate::id::GlobalId;
use crate::payload::{self, BindItemPayload, CreateAndBindItemPayload, UnbindItemPayload, session};

/// The mutations that bind sessions to items.
#[derive(Default)]
pub struct BindingMutation;

/// The mutations that bind sessions to items.
#[Object]
impl BindingMutation {
    /// Binds a session to an item of an app that its live chat names. The operator of the session
    /// and supervisors can do this, also after it was closed. Binding it twice is no error.
    ///
    /// Refusals:
    /// - `NOT_FOUND`, with the field `itemId`: the item does not exist, or the live chat does not
    ///   name its app.
    /// - `OPERATOR_OFFLINE`: you are offline.
    /// - `NOT_ASSIGNED`: the session is not assigned to you, and you are not a supervisor of its
    ///   live chat.
    /// - `INTERNAL_CLIENT`: the session is of an internal client.
    /// - `LIMIT`: the session is bound to 50 items already.
    async fn bind_item(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
        #[graphql(desc = "The global id of the item.")] item_id: ID,
    ) -> Result<BindItemPayload> {
        let ask = ask(context)?;
        let person = ask.person()?;
        let Some(GlobalId::Session(id)) = ask.named(&session_id) else {
            return Ok(Refusal::NotFound.into());
        };
        let Some(GlobalId::Item(item)) = ask.named(&item_id) else {
            return Ok(ask.no_such(&id, "itemId").await?.into());
        };
        Ok(match settled(ask.store.bind(person, &id, &item).await)? {
            Ok(bound) => BindItemPayload {
                session: session(&bound.acted),
                item: Some(Item(bound.item.id)),
                ..Default::default()
            },
            Err(refusal) => refusal.into(),
        })
    }

    /// Creates an item of an app that the session's live chat names, and binds the session to the
    /// item in the same step. The operator of the session and supervisors can do this, also after
    /// it was closed.
    ///
    /// Refusals: those of `bindItem`. The field of `NOT_FOUND` is `appId` if the live chat does not
    /// name the app.
    async fn create_and_bind_item(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
        #[graphql(desc = "The global id of the app.")] app_id: ID,
        #[graphql(desc = "The title of the item, 1 to 200 characters. White space around it is \
                    removed.")]
        title: String,
        #[graphql(desc = "Your own key for this call, 1 to 100 characters. For 24 hours, a \
                    repeated call with the same key returns the first result and does \
                    nothing again.")]
        idempotency_key: Option<String>,
    ) -> Result<CreateAndBindItemPayload> {
        let ask = ask(context)?;
        let person = ask.person()?;
        let checked = (text::name("title", &title), payload::key(idempotency_key.as_deref()));
        let (title, key) = match checked {
            (Ok(title), Ok(key)) => (title, key),
            (Err(refusal), _) | (_, Err(refusal)) => return Ok(refusal.into()),
        };
        let arguments = [session_id.as_str(), app_id.as_str(), title.as_str()];
        let once = Once::of(person, key, "createAndBindItem", &arguments);
        let Some(GlobalId::Session(id)) = ask.named(&session_id) else {
            return Ok(ask.nothing(once.as_ref(), Refusal::NotFound).await?.into());
        };
        let Some(GlobalId::App(app)) = ask.named(&app_id) else {
            let refusal = ask.no_such(&id, "appId").await?;
            return Ok(ask.nothing(once.as_ref(), refusal).await?.into());
        };
        let done = ask.store.create_and_bind(person, &id, &app, &title, once.as_ref()).await;
        Ok(match settled(done)? {
            Ok(bound) => CreateAndBindItemPayload {
                session: session(&bound.acted),
                item: Some(Item(bound.item.id)),
                ..Default::default()
            },
            Err(refusal) => refusal.into(),
        })
    }

    /// Unbinds a session from an item. The item itself stays. Unbinding it twice is no error. The
    /// refusals are those of `bindItem`, without `LIMIT`.
    async fn unbind_item(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
        #[graphql(desc = "The global id of the item.")] item_id: ID,
    ) -> Result<UnbindItemPayload> {
        let ask = ask(context)?;
        let person = ask.person()?;
        let Some(GlobalId::Session(id)) = ask.named(&session_id) else {
            return Ok(Refusal::NotFound.into());
        };
        let Some(GlobalId::Item(item)) = ask.named(&item_id) else {
            return Ok(ask.no_such(&id, "itemId").await?.into());
        };
        Ok(match settled(ask.store.unbind(person, &id, &item).await)? {
            Ok(bound) => UnbindItemPayload {
                session: session(&bound.acted),
                item: Some(Item(bound.item.id)),
                ..Default::default()
            },
            Err(refusal) => refusal.into(),
        })
    }
}
