//! The shard of a local stream.

use super::record;
use crate::Fault;
use aws_sdk_dynamodbstreams::{
    Client,
    error::DisplayErrorContext,
    types::ShardIteratorType::{AfterSequenceNumber, TrimHorizon},
};
use serde_json::Value;

/// The one shard of a local stream.
#[derive(Clone)]
pub(super) struct Shard {
    client: Client,
    stream: String,
    id: String,
}

impl Shard {
    /// Finds the stream of a table.
    pub(super) async fn find(client: Client, table: &str) -> Result<Self, Fault> {
        let missing = || format!("the table {table} has no stream");
        let listed = client.list_streams().table_name(table).send().await;
        let listed = listed.map_err(|error| DisplayErrorContext(error).to_string())?;
        let stream = listed.streams().iter().find_map(|stream| stream.stream_arn());
        let stream = stream.ok_or_else(missing)?.to_owned();
        let described = client.describe_stream().stream_arn(&stream).send().await;
        let described = described.map_err(|error| DisplayErrorContext(error).to_string())?;
        let description = described.stream_description();
        let shard = description.and_then(|stream| stream.shards().first());
        let id = shard.and_then(|shard| shard.shard_id()).ok_or_else(missing)?.to_owned();
        Ok(Self { client, stream, id })
    }

    /// Returns an iterator that begins behind `position`.
    pub(super) async fn iterator(&self, position: Option<&str>) -> Result<String, String> {
        let kind = if position.is_some() { AfterSequenceNumber } else { TrimHorizon };
        let request = self.client.get_shard_iterator().stream_arn(&self.stream).shard_id(&self.id);
        let request = request.shard_iterator_type(kind);
        let found = request.set_sequence_number(position.map(str::to_owned)).send().await;
        let found = found.map_err(|error| DisplayErrorContext(error).to_string())?;
        found.shard_iterator.ok_or_else(|| "no shard iterator was given".to_owned())
    }

    /// Returns the next records in the form of events, and the iterator behind them.
    pub(super) async fn read(
        &self,
        from: String,
        limit: usize,
    ) -> Result<(Vec<Value>, Option<String>), String> {
        let limit = i32::try_from(limit.clamp(1, 1000)).unwrap_or(1000);
        let read = self.client.get_records().shard_iterator(from).limit(limit).send().await;
        let read = read.map_err(|error| DisplayErrorContext(error).to_string())?;
        let records = read.records().iter().map(|found| record::event(found, &self.stream));
        Ok((records.collect(), read.next_shard_iterator.clone()))
    }
}
