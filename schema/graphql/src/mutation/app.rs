//! Apps: createApp, renameApp, setLiveChatApps.

use async_graphql::{Context, ID, Object, Result};
use domain::app::MOST_APPS;
use domain::{AppId, Refusal, text};
use futures::future::try_join_all;
use store::once::Once;

use super::argument;
use crate::answer::{Stop, answer, payload};
use crate::object::app::{App, AppKind};
use crate::object::live_chat::LiveChat;
use crate::request::{Request, request};

payload!(
    /// The result of `createApp`.
    CreateAppPayload {
        /// The new app. For a repeated key: the app that the first request created. Null if the
        /// mutation was refused or you may no longer see the app.
        app: App,
    }
);

payload!(
    /// The result of `renameApp`.
    RenameAppPayload {
        /// The app after the change, or null if the mutation was refused.
        app: App,
    }
);

payload!(
    /// The result of `setLiveChatApps`.
    SetLiveChatAppsPayload {
        /// The live chat after the change, or null if the mutation was refused.
        live_chat: LiveChat,
    }
);

/// The mutations of administrators, for apps.
#[derive(Default)]
pub struct AppMutation;

#[Object]
impl AppMutation {
    /// Creates an app. Only for administrators: anyone else is refused with `FORBIDDEN`. Refused
    /// with `LIMIT` if there are 100 apps already.
    async fn create_app(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The name, 1 to 200 characters. White space around it is removed.")]
        name: String,
        #[graphql(desc = "The kind of the app's records.")] kind: AppKind,
        #[graphql(desc = "Your own key for this call, 1 to 100 characters. For 24 hours, a \
                    repeated call with the same key returns the first result and does \
                    nothing again.")]
        idempotency_key: Option<String>,
    ) -> Result<CreateAppPayload> {
        answer(async {
            let request = request(context)?;
            let person = request.person()?;
            let name = text::name("name", &name)?;
            let key = argument::key(idempotency_key.as_deref())?;
            let kind = domain::AppKind::from(kind);
            let once = Once::of(person, key, "createApp", &[&name, kind.as_str()]);
            let once = once.as_ref();
            let create = async {
                let store = request.store.of(&request.administrator()?.tenant);
                Ok(store.create_app(&name, kind, once).await?)
            };
            let id = request.once(once, AppId::parse, create).await?;
            let app = request.knows_app(&id).await?.then_some(App(id));
            Ok(CreateAppPayload { app, ..Default::default() })
        })
        .await
    }

    /// Renames an app. Only for administrators: anyone else is refused with `FORBIDDEN`, or with
    /// `NOT_FOUND` if they have no role in a live chat that names the app.
    async fn rename_app(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the app.")] app_id: ID,
        #[graphql(desc = "The new name, 1 to 200 characters. White space around it is removed.")]
        name: String,
    ) -> Result<RenameAppPayload> {
        answer(async {
            let request = request(context)?;
            let store = request.store.of(&request.person()?.tenant);
            let name = text::name("name", &name)?;
            let id = request.app(&app_id).ok_or(Refusal::NotFound)?;
            if !request.knows_app(&id).await? {
                return Err(Refusal::NotFound.into());
            }
            request.administrator()?;
            store.rename_app(&id, &name).await?;
            Ok(RenameAppPayload { app: Some(App(id)), ..Default::default() })
        })
        .await
    }

    /// Sets the apps whose items the sessions of a live chat can be bound to. Existing bindings
    /// stay. Only for administrators: anyone else is refused with `FORBIDDEN`, or with `NOT_FOUND`
    /// if they have no role in the live chat. Refused with `NOT_FOUND` and the field `appIds` if an
    /// app does not exist or there are more than 100.
    async fn set_live_chat_apps(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the live chat.")] live_chat_id: ID,
        #[graphql(desc = "The global ids of the apps, at most 100. They replace the earlier \
                    ones. The list may be empty.")]
        app_ids: Vec<ID>,
    ) -> Result<SetLiveChatAppsPayload> {
        answer(async {
            let request = request(context)?;
            let store = request.store.of(&request.person()?.tenant);
            let apps = apps(request, &app_ids).await?;
            let id = request.administered(&live_chat_id).await?;
            store.name_apps(&id, &apps).await?;
            Ok(SetLiveChatAppsPayload { live_chat: Some(LiveChat(id)), ..Default::default() })
        })
        .await
    }
}

/// The refusal when one of the apps does not exist.
const UNKNOWN_APP: Refusal = Refusal::NoSuch { field: "appIds" };

/// Returns the apps that the ids name, each once, in their order.
async fn apps(request: &Request, ids: &[ID]) -> Result<Vec<AppId>, Stop> {
    let mut apps = Vec::new();
    for id in ids {
        let app = request.app(id).ok_or(UNKNOWN_APP)?;
        if !apps.contains(&app) {
            apps.push(app);
        }
        // A company has no more apps than that: one of these is unknown, and none is looked for.
        if apps.len() > MOST_APPS {
            return Err(UNKNOWN_APP.into());
        }
    }
    let known = try_join_all(apps.iter().map(|app| request.knows_app(app))).await?;
    if known.contains(&false) { Err(UNKNOWN_APP.into()) } else { Ok(apps) }
}
