//! Stream records of the embedded database, read over a connection of its own to the same file.
//!
//! DynamoDB deletes stream records after a day. The embedded database keeps them for ever, looks at all
//! of them with every write, and does not report new ones. So this module indexes them, trims them,
//! watches for new ones, and keeps the positions of the consumers beside them.

use crate::Fault;
use crate::place::Mark;
use rusqlite::{Connection, OptionalExtension as _, params};
use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError, Weak},
    thread::JoinHandle,
    time::Duration,
};
use tokio::{sync::watch, task::spawn_blocking};

/// The interval at which the file is read for new records: the longest that a push waits for here.
const WATCH: Duration = Duration::from_millis(5);
/// The longest time that a statement waits for the database's own writes.
const BUSY: Duration = Duration::from_secs(5);
/// The number of records that one statement of a trim deletes, so that it never blocks writes for
/// long.
const TRIM: usize = 500;
/// The embedded database adds this to a stored sequence number to give it DynamoDB's 21 digits.
const OFFSET: i128 = 100_000_000_000_000_000_000;

const SCHEMA: &str = "
    CREATE INDEX IF NOT EXISTS _stream_records_by_number
        ON _stream_records (table_name, CAST(sequence_number AS INTEGER));
    CREATE TABLE IF NOT EXISTS _consumer_positions (
        table_name TEXT NOT NULL,
        consumer TEXT NOT NULL,
        sequence_number TEXT NOT NULL,
        PRIMARY KEY (table_name, consumer)
    ) WITHOUT ROWID;";

/// Access to the stream records of one database file. Sequence numbers are in the form of
/// `GetRecords`, 21 digits, so that they compare as strings.
#[derive(Clone)]
pub struct Streams {
    connection: Arc<Mutex<Connection>>,
    writes: watch::Receiver<i64>,
    missing: i64,
}

impl Streams {
    /// Opens the file, which the embedded database has made already. The thread watches it until
    /// all clones are dropped, and then lets go of the file.
    ///
    /// # Errors
    /// When the file is no such database or cannot be written.
    pub(super) fn open(path: &Path) -> Result<(Self, JoinHandle<()>), Fault> {
        let connection = connect(path)?;
        connection.execute_batch(SCHEMA)?;
        let watcher = connect(path)?;
        let (mark, last) = (Mark::of(path), last_record(&watcher)?);
        let missing = mark.missing(last);
        if missing > 0 {
            tracing::error!(
                missing,
                "DATA IS MISSING: the database or its write-ahead log was cut off, and it begins with \
                 less than it had"
            );
        }
        mark.note(last);
        let (announce, writes) = watch::channel(last);
        let connection = Arc::new(Mutex::new(connection));
        let owner = Arc::downgrade(&connection);
        let watch = std::thread::Builder::new()
            .name("stream-watch".to_owned())
            .spawn(move || watch_file(&watcher, &owner, &announce, &mark))?;
        Ok((Self { connection, writes, missing }, watch))
    }

    /// Changes whenever a table with a stream was written to.
    #[must_use]
    pub fn writes(&self) -> watch::Receiver<i64> {
        self.writes.clone()
    }

    /// Returns the number of records that existed when it was last open and are missing now.
    pub(super) const fn missing(&self) -> i64 {
        self.missing
    }

    /// Returns the number of the table's newest record, or none when there never was one.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn newest(&self, table: &str) -> Result<Option<String>, Fault> {
        let table = table.to_owned();
        self.run(move |connection| {
            let newest: Option<i64> = connection.query_row(
                "SELECT MAX(CAST(sequence_number AS INTEGER)) FROM _stream_records
                 WHERE table_name = ?1",
                params![table],
                |row| row.get(0),
            )?;
            Ok(newest.map(public))
        })
        .await
    }

    /// Returns the number of the last record that the consumer has handled in the table.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn position(&self, table: &str, consumer: &str) -> Result<Option<String>, Fault> {
        let (table, consumer) = (table.to_owned(), consumer.to_owned());
        self.run(move |connection| {
            connection
                .query_row(
                    "SELECT sequence_number FROM _consumer_positions
                     WHERE table_name = ?1 AND consumer = ?2",
                    params![table, consumer],
                    |row| row.get(0),
                )
                .optional()
        })
        .await
    }

    /// Notes that the consumer has handled the table's records up to `sequence`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn advance(&self, table: &str, consumer: &str, sequence: &str) -> Result<(), Fault> {
        let (table, consumer) = (table.to_owned(), consumer.to_owned());
        let sequence = sequence.to_owned();
        self.run(move |connection| {
            connection.execute(
                "INSERT INTO _consumer_positions VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET sequence_number = excluded.sequence_number",
                params![table, consumer, sequence],
            )?;
            Ok(())
        })
        .await
    }

    /// Deletes the table's records up to and with `sequence`, but never the newest, from which the
    /// database takes the next number. Returns the number of deleted records.
    ///
    /// # Errors
    /// When `sequence` is no sequence number or the file cannot be written.
    pub async fn trim(&self, table: &str, sequence: &str) -> Result<usize, Fault> {
        let up_to = stored(sequence).ok_or_else(|| format!("no sequence number: {sequence}"))?;
        let mut trimmed = 0;
        loop {
            let table = table.to_owned();
            let deleted = self
                .run(move |connection| {
                    connection.execute(
                        "DELETE FROM _stream_records WHERE id IN (
                            SELECT id FROM _stream_records
                            WHERE table_name = ?1
                                AND CAST(sequence_number AS INTEGER) <= ?2
                                AND CAST(sequence_number AS INTEGER) < (
                                    SELECT MAX(CAST(sequence_number AS INTEGER))
                                    FROM _stream_records WHERE table_name = ?1)
                            LIMIT ?3)",
                        params![table, up_to, TRIM],
                    )
                })
                .await?;
            trimmed += deleted;
            if deleted < TRIM {
                return Ok(trimmed);
            }
        }
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Fault> {
        let connection = Arc::clone(&self.connection);
        // SQLite may wait for another writer, which would hold up everything else here.
        let done = spawn_blocking(move || {
            work(&connection.lock().unwrap_or_else(PoisonError::into_inner))
        });
        Ok(done.await??)
    }
}

fn connect(path: &Path) -> Result<Connection, Fault> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    // With a write-ahead log this is safe against the end of the process.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    Ok(connection)
}

/// Announces new records until the owner of the file is gone.
fn watch_file(
    connection: &Connection,
    owner: &Weak<Mutex<Connection>>,
    announce: &watch::Sender<i64>,
    mark: &Mark,
) {
    let mut version = 0_i64;
    while owner.strong_count() > 0 {
        std::thread::sleep(WATCH);
        // Cheap: it compares a number in shared memory.
        let now = connection.query_row("PRAGMA data_version", [], |row| row.get(0));
        let Ok(now) = now else { continue };
        if now == version {
            continue;
        }
        if let Ok(last) = last_record(connection) {
            version = now;
            if announce.send_if_modified(|before| std::mem::replace(before, last) != last) {
                mark.note(last);
            }
        }
    }
}

/// Returns the count of records there ever were, in any table. It never falls, whatever is trimmed.
fn last_record(connection: &Connection) -> rusqlite::Result<i64> {
    let last = connection
        .query_row("SELECT seq FROM sqlite_sequence WHERE name = '_stream_records'", [], |row| {
            row.get(0)
        })
        .optional()?;
    Ok(last.unwrap_or(0))
}

fn public(stored: i64) -> String {
    (OFFSET + i128::from(stored)).to_string()
}

fn stored(public: &str) -> Option<i64> {
    let number: i128 = public.parse().ok()?;
    i64::try_from(number.checked_sub(OFFSET)?).ok()
}
