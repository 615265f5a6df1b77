//! Bindings of sessions to items: bindItem, createAndBindItem, unbindItem.

use async_graphql::{Context, ID, Object, Result};
use domain::text;
use store::once::Once;

use super::argument;
use super::result::session;
use crate::answer::{answer, payload};
use crate::object::app::Item;
use crate::object::session::Session;
use crate::request::request;

payload!(
    /// The result of `bindItem`.
    BindItemPayload {
        /// The session after the change, or null if the mutation was refused.
        session: Session,
        /// The item, or null if the mutation was refused.
        item: Item,
    }
);

payload!(
    /// The result of `createAndBindItem`.
    CreateAndBindItemPayload {
        /// The session, or null if the mutation was refused or you may no longer see it.
        session: Session,
        /// The new item, or null if the mutation was refused. For a repeated key: the item that the
        /// first request created.
        item: Item,
    }
);

payload!(
    /// The result of `unbindItem`.
    UnbindItemPayload {
        /// The session after the change, or null if the mutation was refused.
        session: Session,
        /// The item, or null if the mutation was refused.
        item: Item,
    }
);

/// The mutations that bind sessions to items.
#[derive(Default)]
pub struct BindingMutation;

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
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            let id = request.session(&session_id)?;
            let item = request.other(&id, "itemId", request.item(&item_id)).await?;
            let bound = request.store.bind(person, &id, &item).await?;
            let (session, item) = (session(&bound.acted), Some(Item(bound.item.id)));
            Ok(BindItemPayload { session, item, ..Default::default() })
        })
        .await
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
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            let title = text::name("title", &title)?;
            let key = argument::key(idempotency_key.as_deref())?;
            let arguments = [session_id.as_str(), app_id.as_str(), title.as_str()];
            let once = Once::of(person, key, "createAndBindItem", &arguments);
            let once = once.as_ref();
            let id = request.keyed(once, request.session(&session_id)).await?;
            let app = request.other(&id, "appId", request.app(&app_id)).await;
            let app = request.keyed(once, app).await?;
            let bound = request.store.create_and_bind(person, &id, &app, &title, once).await?;
            let (session, item) = (session(&bound.acted), Some(Item(bound.item.id)));
            Ok(CreateAndBindItemPayload { session, item, ..Default::default() })
        })
        .await
    }

    /// Unbinds a session from an item. The item itself stays. Unbinding it twice is no error. The
    /// refusals are those of `bindItem`, without `LIMIT`.
    async fn unbind_item(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session.")] session_id: ID,
        #[graphql(desc = "The global id of the item.")] item_id: ID,
    ) -> Result<UnbindItemPayload> {
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            let id = request.session(&session_id)?;
            let item = request.other(&id, "itemId", request.item(&item_id)).await?;
            let bound = request.store.unbind(person, &id, &item).await?;
            let (session, item) = (session(&bound.acted), Some(Item(bound.item.id)));
            Ok(UnbindItemPayload { session, item, ..Default::default() })
        })
        .await
    }
}
