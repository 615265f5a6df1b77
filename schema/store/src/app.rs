//! Apps: the kinds of a tenant's own records, and which of them each live chat names.

use std::collections::HashMap;

use crate::once::{Finished, Once, understood};
use crate::record::company;
use crate::table::{Item, Part, Range, Read, Row, Table, decode, encode, key};
use crate::tally::Tally;
use crate::{Failure, Fault, TenantStore};
use domain::app::{App, AppKind, MOST_APPS, TOO_MANY_APPS};
use domain::{AppId, LiveChatId, Refusal};

/// The apps of a tenant, counted in its tallies.
const APPS: Tally = Tally { name: "ac", most: MOST_APPS };

impl TenantStore<'_> {
    /// Creates an app, for an administrator. Idempotent under its key.
    ///
    /// # Errors
    /// `KeyReused`, `Limit` beyond 100 apps; a [`Fault`] of the state.
    pub async fn create_app(
        self,
        name: &str,
        kind: AppKind,
        once: Option<&Once>,
    ) -> Result<AppId, Failure> {
        let id = self.fresh_id(AppId::parse)?;
        let app =
            encode(&key::app(self.tenant, &id), &company::App { name: name.to_owned(), kind });
        let rows = vec![
            self.one_more(&key::tallies(self.tenant), APPS, false),
            Row::put_new(Table::Core, Part::Other, app),
        ];
        match self.commit_once(once, id.as_str(), rows).await? {
            Finished::Done => Ok(id),
            Finished::Repeated(answer) => Ok(understood(&answer, AppId::parse)?),
            Finished::Guarded(failed) => {
                match failed.iter().find(|(part, _)| *part == Part::Tally) {
                    Some((_, item)) if APPS.is_full(item.as_ref())? => Err(TOO_MANY_APPS.into()),
                    _ => Err(Fault::Conflict.into()),
                }
            }
        }
    }

    /// Renames an app.
    ///
    /// # Errors
    /// `NotFound`; a [`Fault`] of the state.
    pub async fn rename_app(self, id: &AppId, name: &str) -> Result<(), Failure> {
        self.commit_settings(vec![self.set(&key::app(self.tenant, id), "nm", name)]).await
    }

    /// Returns the apps of a tenant, by id.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn all_apps(self) -> Result<Vec<App>, Fault> {
        let pk = key::tenant_partition(self.tenant);
        let items = self.range(Table::Core, &Range::starting(&pk, key::APPS, MOST_APPS)).await?;
        items.iter().map(decode_app).collect()
    }

    /// Returns the apps with these ids; missing ones are left out.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn apps(self, ids: &[AppId]) -> Result<HashMap<AppId, App>, Fault> {
        let items = self.items(Table::Core, ids.iter().map(|id| key::app(self.tenant, id))).await?;
        items.values().map(|item| decode_app(item).map(|app| (app.id.clone(), app))).collect()
    }

    /// Returns the apps that each of these live chats names, in the live chat's order.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn named_apps(
        self,
        live_chats: &[LiveChatId],
    ) -> Result<HashMap<LiveChatId, Vec<AppId>>, Fault> {
        let key = |id: &LiveChatId| key::settings(self.tenant, id);
        let items = self.items(Table::Core, live_chats.iter().map(key)).await?;
        let named = |id: &LiveChatId| Some((id.clone(), decode_named(items.get(&key(id))?)));
        Ok(live_chats.iter().filter_map(named).collect())
    }

    /// Sets the apps that the sessions of a live chat can be bound to. They must exist.
    ///
    /// # Errors
    /// `NotFound` for a live chat, `NoSuch` for an app that does not exist; a [`Fault`] of the state.
    pub async fn name_apps(self, live_chat: &LiveChatId, apps: &[AppId]) -> Result<(), Failure> {
        let known = self.apps(apps).await?;
        if apps.iter().any(|app| !known.contains_key(app)) {
            return Err(Refusal::NoSuch { field: "appIds" }.into());
        }
        let each: Vec<&str> = apps.iter().map(AppId::as_str).collect();
        // Ids contain no white space, so a space can separate them.
        let row = self.set(&key::settings(self.tenant, live_chat), "ap", &each.join(" "));
        self.commit_settings(vec![row]).await
    }
}

fn decode_app(item: &Item) -> Result<App, Fault> {
    let company::App { name, kind } = decode(item)?;
    Ok(App { id: Read(item).parsed("sk", key::read_app)?, name, kind })
}

/// Decodes the apps that the settings of a live chat name.
pub(crate) fn decode_named(settings: &Item) -> Vec<AppId> {
    let named = Read(settings).maybe_text("ap").unwrap_or_default();
    named.split_whitespace().filter_map(AppId::parse).collect()
}
