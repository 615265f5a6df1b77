//! The documents to which operations subscribe. A document is stored once, under its digest, however
//! many operations subscribe to it.

use std::collections::{BTreeSet, HashMap};

use crate::table::{Expression, Read, Table, key};
use crate::{Fault, TenantStore};

/// The time that a document is kept, in seconds. It outlives the connections of whoever kept it half
/// that time ago.
pub const DOCUMENT_SECONDS: u64 = 24 * 60 * 60;

impl TenantStore<'_> {
    /// Keeps a document under its digest from now on for [`DOCUMENT_SECONDS`].
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn keep_document(self, digest: &str, document: &str) -> Result<(), Fault> {
        let update = Expression::update("SET pl = :pl, #ttl = :ttl")
            .text(":pl", document)
            .number(":ttl", self.now().as_seconds() + DOCUMENT_SECONDS);
        let key = key::document(self.tenant, digest);
        self.update(Table::Live, &key, update).await.map(drop)
    }

    /// Returns the documents with these digests that are kept.
    ///
    /// # Errors
    /// A [`Fault`] of the state.
    pub async fn documents(
        self,
        digests: &BTreeSet<&str>,
    ) -> Result<HashMap<String, String>, Fault> {
        let keys: HashMap<_, _> =
            digests.iter().map(|digest| (key::document(self.tenant, digest), *digest)).collect();
        let found = self.items(Table::Live, keys.keys().cloned()).await?;
        let document = |(key, item)| {
            let digest = keys.get(&key)?;
            Some(((*digest).to_owned(), Read(&item).maybe_text("pl")?.to_owned()))
        };
        Ok(found.into_iter().filter_map(document).collect())
    }
}
