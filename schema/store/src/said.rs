//! Client information: reads what is known of the client of a session, and writes what they say of
//! themselves later.

use domain::actor::Writer;
use domain::arrival;
use domain::said::Known;
use domain::{ConversationId, LiveChatId, Session, TenantId};

use crate::dialog::decode_client;
use crate::record::dialog::Info;
use crate::record::head::Head;
use crate::table::{Committed, Expression, Item, Part, Row, Table, encode, key};
use crate::{Failure, Fault, TenantStore};

/// Builds the information row of a session that this writer opens.
pub(crate) fn info(tenant: &TenantId, session: &Session, writer: &Writer) -> Item {
    let known = Known::of(writer);
    let info = Info { contacts: contacts(&known), name: known.name, address: known.address };
    encode(&key::info(tenant, &session.id), &info)
}

fn contacts(known: &Known) -> String {
    let each = known.contacts.iter().map(|(kind, value)| serde_json::json!([kind, value]));
    serde_json::Value::from_iter(each).to_string()
}

impl TenantStore<'_> {
    /// Updates what a client says of themselves, without a message, in their open session if there
    /// is one. Writes nothing when the session has it already.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn introduce(self, live_chat: &LiveChatId, writer: &Writer) -> Result<(), Failure> {
        let conversation = ConversationId::of(self.tenant, live_chat, &writer.id);
        let mut attempts = self.attempts();
        loop {
            attempts.next().await?;
            let latest = self.latest_head(&conversation).await?;
            let open = latest.filter(|head| !head.session.is_closed());
            let Some(Head { session: open, trail }) = open else { return Ok(()) };
            let Some(update) = self.info_update(&open, writer).await? else {
                return Ok(());
            };
            let change = arrival::introduce(&open, writer);
            let rows = || {
                let mut rows = self.writing(Some(&open), &trail, &change).rows();
                rows.push(update.clone());
                rows
            };
            if let Committed::Done = self.commit_change(Some(&open), &change, rows).await? {
                return Ok(());
            }
        }
    }

    /// Returns the row that updates the information of an open session with what its client says,
    /// or none if nothing is new. It may be written only under the head's guard, because the stored
    /// information was read beside the head.
    pub(crate) async fn info_update(
        self,
        open: &Session,
        writer: &Writer,
    ) -> Result<Option<Row>, Fault> {
        if open.said == Some(writer.said()) {
            return Ok(None);
        }
        let key = key::info(self.tenant, &open.id);
        let Some(item) = self.item(Table::Core, &key).await? else { return Ok(None) };
        let info = decode_client(&item)?;
        let known = Known { name: info.name, contacts: info.contacts, address: info.address };
        let Some(known) = known.updated(writer) else { return Ok(None) };
        let set = match known.address {
            None => "SET nm = :name, cs = :contacts",
            Some(_) => "SET nm = :name, cs = :contacts, xi = :address",
        };
        let mut update = Expression::update(set)
            .when("attribute_exists(pk)")
            .text(":contacts", contacts(&known));
        if let Some(address) = known.address {
            update = update.text(":address", address);
        }
        let update = update.text(":name", known.name);
        Ok(Some(Row::update(Table::Core, Part::Other, &key, update)))
    }
}
