//! Settings: creates live chats, and writes what administrators change about them.

use domain::id::fresh;
use domain::live_chat::TOO_MANY_LIVE_CHATS;
use domain::name::NameTemplate;
use domain::origin::Origin;
use domain::{Channel, ChannelId, ChannelKind, LiveChat, LiveChatId, Refusal};

use crate::live_chat::LIVE_CHATS;
use crate::once::{Finished, Once, understood};
use crate::table::{Committed, Expression, Key, Part, Row, Table, key};
use crate::{Failure, Fault, Store, TenantStore};

impl TenantStore<'_> {
    /// Creates a live chat, for an administrator, with a channel for the web and an internal one.
    /// Idempotent under its key.
    ///
    /// # Errors
    /// `KeyReused`, `Limit` beyond 500 live chats; a [`Fault`] of the state.
    pub async fn open_live_chat(
        self,
        name: &str,
        once: Option<&Once>,
    ) -> Result<LiveChatId, Failure> {
        let id = self.fresh_id(LiveChatId::parse)?;
        let channel = |kind, name: &str| {
            let id = self.fresh_id(ChannelId::parse)?;
            Ok::<_, Fault>(Channel::new(id, kind, name))
        };
        let live_chat = LiveChat {
            id: id.clone(),
            name: name.to_owned(),
            template: NameTemplate::default(),
            origins: Vec::new(),
            channels: vec![
                channel(ChannelKind::Web, "Web")?,
                channel(ChannelKind::Internal, "Internal")?,
            ],
        };
        let rows = self.live_chat_rows(&live_chat, |_| None);
        match self.commit_once(once, id.as_str(), rows).await? {
            Finished::Done => Ok(id),
            Finished::Repeated(answer) => Ok(understood(&answer, LiveChatId::parse)?),
            Finished::Guarded(failed) => {
                let tallied = failed.iter().find(|(part, _)| *part == Part::Tally);
                match tallied {
                    Some((_, item)) if LIVE_CHATS.is_full(item.as_ref())? => {
                        Err(TOO_MANY_LIVE_CHATS.into())
                    }
                    _ => Err(Fault::Conflict.into()),
                }
            }
        }
    }

    /// Renames a live chat.
    ///
    /// # Errors
    /// `NotFound`; a [`Fault`] of the state.
    pub async fn rename_live_chat(self, id: &LiveChatId, name: &str) -> Result<(), Failure> {
        let both = [key::settings(self.tenant, id), key::tenant_live_chat(self.tenant, id)];
        let rows = both.iter().map(|key| self.set(key, "nm", name)).collect();
        self.commit_settings(rows).await
    }

    /// Sets the template for the names of a live chat's new sessions.
    ///
    /// # Errors
    /// `NotFound`; a [`Fault`] of the state.
    pub async fn set_name_template(
        self,
        id: &LiveChatId,
        template: &NameTemplate,
    ) -> Result<(), Failure> {
        let row = self.set(&key::settings(self.tenant, id), "tp", template.as_str());
        self.commit_settings(vec![row]).await
    }

    /// Sets the origins of pages that may embed the widget of a live chat: any, if the list is
    /// empty.
    ///
    /// # Errors
    /// `NotFound`; a [`Fault`] of the state.
    pub async fn set_origins(self, id: &LiveChatId, origins: &[Origin]) -> Result<(), Failure> {
        let each: Vec<&str> = origins.iter().map(Origin::as_str).collect();
        // Origins contain no white space, so a space can separate them.
        let row = self.set(&key::settings(self.tenant, id), "og", &each.join(" "));
        self.commit_settings(vec![row]).await
    }
}

impl Store {
    /// Returns a unique id.
    pub(crate) fn fresh_id<T>(&self, parse: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
        let id = fresh(self.random());
        parse(&id).ok_or_else(|| Fault::Corrupt(format!("the new id {id}")))
    }

    /// Returns the row that sets one text of an item that exists.
    pub(crate) fn set(&self, key: &Key, name: &str, value: &str) -> Row {
        let update = Expression::update(format!("SET #{name} = :value"));
        let update = update.when("attribute_exists(pk)").text(":value", value);
        Row::update(Table::Core, Part::Other, key, update)
    }

    /// Commits rows of items that exist. The values are absolute, so that the last write wins.
    pub(crate) async fn commit_settings(&self, rows: Vec<Row>) -> Result<(), Failure> {
        match self.commit(|| rows.clone()).await? {
            Committed::Done => Ok(()),
            Committed::Guarded(_) => Err(Refusal::NotFound.into()),
        }
    }
}
