//! The schema of the tables, as the template defines them: creates them for the local run and the tests.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, StreamSpecification, StreamViewType,
    TimeToLiveSpecification,
};

use super::client::Store;
use super::read::Index;
use super::row::invalid;
use crate::Fault;

impl Store {
    /// Creates the tables that do not exist yet.
    ///
    /// # Errors
    /// [`Fault::Unavailable`] with the reason.
    pub async fn create_tables(&self) -> Result<(), Fault> {
        let there = self.db.list_tables().send().await.map_err(|e| invalid(format!("{e:?}")))?;
        if !there.table_names().contains(&self.tables.core) {
            self.create_core().await?;
        }
        if !there.table_names().contains(&self.tables.live) {
            self.create_live().await?;
        }
        if !there.table_names().contains(&self.tables.search) {
            self.create_search().await?;
        }
        Ok(())
    }

    async fn create_core(&self) -> Result<(), Fault> {
        let mut request = self
            .db
            .create_table()
            .table_name(&self.tables.core)
            .billing_mode(BillingMode::PayPerRequest)
            .set_key_schema(Some(schema("pk", "sk")?))
            .set_attribute_definitions(Some(attributes(&["pk", "sk", "lp", "ls", "op", "os"])?))
            .stream_specification(
                StreamSpecification::builder()
                    .stream_enabled(true)
                    .stream_view_type(StreamViewType::NewAndOldImages)
                    .build()
                    .map_err(invalid)?,
            );
        for index in [Index::LiveChat, Index::Operator] {
            request = request.global_secondary_indexes(keys_only(index)?);
        }
        request.send().await.map_err(|error| invalid(format!("{error:?}")))?;
        self.expire(&self.tables.core).await
    }

    async fn create_live(&self) -> Result<(), Fault> {
        self.db
            .create_table()
            .table_name(&self.tables.live)
            .billing_mode(BillingMode::PayPerRequest)
            .set_key_schema(Some(schema("pk", "sk")?))
            .set_attribute_definitions(Some(attributes(&["pk", "sk", "wp", "ws"])?))
            .global_secondary_indexes(keys_only(Index::Lease)?)
            .send()
            .await
            .map_err(|error| invalid(format!("{error:?}")))?;
        self.expire(&self.tables.live).await
    }

    async fn create_search(&self) -> Result<(), Fault> {
        self.db
            .create_table()
            .table_name(&self.tables.search)
            .billing_mode(BillingMode::PayPerRequest)
            .set_key_schema(Some(schema("pk", "sk")?))
            .set_attribute_definitions(Some(attributes(&["pk", "sk"])?))
            .send()
            .await
            .map_err(|error| invalid(format!("{error:?}")))?;
        Ok(())
    }

    async fn expire(&self, table: &str) -> Result<(), Fault> {
        let ttl = TimeToLiveSpecification::builder()
            .enabled(true)
            .attribute_name("ttl")
            .build()
            .map_err(invalid)?;
        self.db
            .update_time_to_live()
            .table_name(table)
            .time_to_live_specification(ttl)
            .send()
            .await
            .map_err(|error| invalid(format!("{error:?}")))?;
        Ok(())
    }
}

fn keys_only(index: Index) -> Result<GlobalSecondaryIndex, Fault> {
    let (pk, sk) = Index::attributes(Some(index.name()));
    GlobalSecondaryIndex::builder()
        .index_name(index.name())
        .set_key_schema(Some(schema(pk, sk)?))
        .projection(Projection::builder().projection_type(ProjectionType::KeysOnly).build())
        .build()
        .map_err(invalid)
}

fn schema(pk: &str, sk: &str) -> Result<Vec<KeySchemaElement>, Fault> {
    [(pk, KeyType::Hash), (sk, KeyType::Range)]
        .into_iter()
        .map(|(name, kind)| {
            KeySchemaElement::builder().attribute_name(name).key_type(kind).build().map_err(invalid)
        })
        .collect()
}

fn attributes(names: &[&str]) -> Result<Vec<AttributeDefinition>, Fault> {
    names
        .iter()
        .map(|name| {
            AttributeDefinition::builder()
                .attribute_name(*name)
                .attribute_type(ScalarAttributeType::S)
                .build()
                .map_err(invalid)
        })
        .collect()
}
