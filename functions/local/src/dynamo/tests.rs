use super::*;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType,
    ScalarAttributeType, StreamSpecification, StreamViewType,
};

/// Makes a table `core` with the key `pk` and a stream.
pub(crate) async fn create_table(database: &Embedded) {
    let key = KeySchemaElement::builder().attribute_name("pk").key_type(KeyType::Hash);
    let attribute =
        AttributeDefinition::builder().attribute_name("pk").attribute_type(ScalarAttributeType::S);
    let stream = StreamSpecification::builder()
        .stream_enabled(true)
        .stream_view_type(StreamViewType::NewAndOldImages);
    let request = database.client().create_table().table_name("core");
    let request = request.key_schema(key.build().unwrap());
    let request = request.attribute_definitions(attribute.build().unwrap());
    let request = request.billing_mode(BillingMode::PayPerRequest);
    request.stream_specification(stream.build().unwrap()).send().await.unwrap();
}

pub(crate) async fn put(database: &Embedded, pk: &str, number: usize) {
    let request = database.client().put_item().table_name("core");
    let request = request.item("pk", AttributeValue::S(pk.to_owned()));
    let request = request.item("number", AttributeValue::N(number.to_string()));
    request.send().await.unwrap();
}

async fn sequences(database: &Embedded) -> Vec<String> {
    let streams = database.streams();
    let listed = streams.list_streams().table_name("core").send().await.unwrap();
    let arn = listed.streams()[0].stream_arn().unwrap();
    let described = streams.describe_stream().stream_arn(arn).send().await.unwrap();
    let shard = described.stream_description().unwrap().shards()[0].shard_id().unwrap();
    let iterator = streams.get_shard_iterator().stream_arn(arn).shard_id(shard);
    let iterator = iterator.shard_iterator_type("TRIM_HORIZON".into()).send().await.unwrap();
    let read = streams.get_records().shard_iterator(iterator.shard_iterator().unwrap());
    let read = read.send().await.unwrap();
    let numbers = read.records().iter().map(|record| record.dynamodb().unwrap());
    numbers.map(|change| change.sequence_number().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_trim_keeps_the_newest_and_numbers_keep_rising() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data");
    let mut database = Embedded::open(&file).await.unwrap();
    create_table(&database).await;
    let mut newest = String::new();
    for round in 0..3 {
        for number in 0..4 {
            put(&database, "a", number).await;
        }
        let before = sequences(&database).await;
        assert!(before.is_sorted());
        assert!(before.iter().filter(|number| **number > newest).count() == 4);
        newest = before.last().unwrap().clone();
        let records = database.records();
        assert_eq!(records.newest("core").await.unwrap().as_ref(), Some(&newest));
        assert_eq!(records.trim("core", &newest).await.unwrap(), before.len() - 1);
        assert_eq!(sequences(&database).await, [newest.clone()]);
        if round == 1 {
            database.close().await;
            database = Embedded::open(&file).await.unwrap();
        }
    }
    assert!(database.records().trim("core", "1").await.is_err());
}

#[tokio::test]
async fn a_trim_stops_at_the_number_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let database = Embedded::open(folder.path().join("data")).await.unwrap();
    create_table(&database).await;
    for number in 0..5 {
        put(&database, "a", number).await;
    }
    let before = sequences(&database).await;
    assert_eq!(database.records().trim("core", &before[1]).await.unwrap(), 2);
    assert_eq!(sequences(&database).await, before[2..]);
}

#[tokio::test]
async fn the_next_number_and_the_records_are_found_by_the_index() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data");
    let _database = Embedded::open(&file).await.unwrap();
    let connection = rusqlite::Connection::open(&file).unwrap();
    for query in [
        "SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records
         WHERE table_name = 'core'",
        "SELECT event_name FROM _stream_records WHERE table_name = 'core' AND shard_id = 's'
         AND CAST(sequence_number AS INTEGER) > 3
         ORDER BY CAST(sequence_number AS INTEGER) ASC LIMIT 5",
    ] {
        let plan: String = connection
            .query_row(&format!("EXPLAIN QUERY PLAN {query}"), [], |row| row.get(3))
            .unwrap();
        assert!(plan.contains("_stream_records_by_number"), "{plan}");
    }
}

#[tokio::test]
async fn a_second_process_is_kept_away() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data");
    let database = Embedded::open(&file).await.unwrap();
    let refused = Embedded::open(&file).await.err().expect("refused");
    assert!(refused.to_string().contains("in use"));
    database.close().await;
    Embedded::open(&file).await.unwrap().close().await;
}

#[tokio::test]
async fn what_was_acknowledged_is_in_the_files_before_they_are_closed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data");
    let database = Embedded::open(&file).await.unwrap();
    create_table(&database).await;
    put(&database, "a", 7).await;
    // A killed process leaves the file and its log behind.
    let left = folder.path().join("left");
    std::fs::copy(&file, &left).unwrap();
    std::fs::copy(folder.path().join("data-wal"), folder.path().join("left-wal")).unwrap();
    let database = Embedded::open(&left).await.unwrap();
    let found = database.client().get_item().table_name("core");
    let found = found.key("pk", AttributeValue::S("a".to_owned())).send().await.unwrap();
    assert_eq!(found.item().unwrap()["number"], AttributeValue::N("7".to_owned()));
}

#[tokio::test]
async fn a_log_that_was_cut_off_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data");
    let database = Embedded::open(&file).await.unwrap();
    create_table(&database).await;
    for number in 0..20 {
        put(&database, "a", number).await;
    }
    // The files that a killed process leaves behind, once as they are and once with the end of the
    // log lost.
    let mark = folder.path().join("data.mark");
    let noted = async {
        while std::fs::read_to_string(&mark).unwrap() != "20" {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(20), noted).await.unwrap();
    for (name, is_cut) in [("whole", false), ("cut", true)] {
        let left = folder.path().join(name);
        for end in ["", "-wal", ".mark"] {
            std::fs::copy(beside(&file, end), beside(&left, end)).unwrap();
        }
        if is_cut {
            let log = File::options().write(true).open(beside(&left, "-wal")).unwrap();
            log.set_len(log.metadata().unwrap().len() / 2).unwrap();
        }
        let database = Embedded::open(&left).await.unwrap();
        assert_eq!(database.missing() > 0, is_cut, "{}", database.missing());
        database.close().await;
    }
}

#[tokio::test]
async fn many_at_once_need_few_sockets() {
    let folder = tempfile::tempdir().unwrap();
    let database = Embedded::open(folder.path().join("data")).await.unwrap();
    create_table(&database).await;
    let before = std::fs::read_dir("/proc/self/fd").unwrap().count();
    let all = (0..500).map(|number| put(&database, "a", number));
    futures::future::join_all(all).await;
    // Each socket is two files here, one at either end; other tests of this process have some too.
    let after = std::fs::read_dir("/proc/self/fd").unwrap().count();
    assert!(after < before + 500, "{before} files before, {after} after");
}
