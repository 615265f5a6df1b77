//! DynamoDB, embedded in this process, on one file.

use crate::{Fault, bounded::Bounded, place, stream::Streams};
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig};
use dynoxide::{Database, server};
use std::{
    fs::{File, TryLockError},
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    thread::JoinHandle,
    time::Duration,
};
use tokio::{runtime, sync::oneshot, task::spawn_blocking, time::timeout};

/// The most requests under way at a time. More would gain nothing: the database handles one after
/// the other.
const MOST_REQUESTS: usize = 64;
/// The longest time that running requests may take to end after the database was asked to close.
const CLOSE: Duration = Duration::from_secs(2);

/// An embedded DynamoDB, served over HTTP on a loopback port. What it has acknowledged is in the
/// file, also after the process was killed.
pub struct Embedded {
    endpoint: String,
    client: aws_sdk_dynamodb::Client,
    streams: aws_sdk_dynamodbstreams::Client,
    records: Streams,
    /// The server ends when this is dropped.
    quit: oneshot::Sender<()>,
    thread: JoinHandle<()>,
    /// A task that ends once the records are no longer used.
    watch: JoinHandle<()>,
    /// Keeps other processes away from the file.
    lock: File,
}

impl Embedded {
    /// Opens the file, or makes it, and serves it.
    ///
    /// # Errors
    /// When another process uses the file, it is no such database, or no port is free.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, Fault> {
        let path = path.as_ref().to_owned();
        spawn_blocking(move || start(&path, lock(&path)?)).await?
    }

    /// The same after everything in the file was deleted, which a process that uses it prevents.
    ///
    /// # Errors
    /// As [`Embedded::open`] has them, and when the file cannot be deleted.
    pub async fn open_empty(path: impl AsRef<Path>) -> Result<Self, Fault> {
        let path = path.as_ref().to_owned();
        let open = move || {
            let lock = lock(&path)?;
            for end in ["", "-wal", "-shm", ".mark"] {
                delete(&beside(&path, end))?;
            }
            start(&path, lock)
        };
        spawn_blocking(open).await?
    }

    /// Returns the address where it listens: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Returns a client that does not retry: the store does that itself.
    #[must_use]
    pub fn client(&self) -> aws_sdk_dynamodb::Client {
        self.client.clone()
    }

    /// Returns a client for the streams, without retries as well.
    #[must_use]
    pub fn streams(&self) -> aws_sdk_dynamodbstreams::Client {
        self.streams.clone()
    }

    /// Returns the stream records in the file, and the consumers' positions.
    #[must_use]
    pub fn records(&self) -> &Streams {
        &self.records
    }

    /// Returns the number of writes that were in the file before it was opened and are missing now:
    /// the file or its log was cut off.
    #[must_use]
    pub fn missing(&self) -> i64 {
        self.records.missing()
    }

    /// Lets running requests end and closes the file.
    pub async fn close(self) {
        let Self { client, streams, records, quit, thread, watch, lock, .. } = self;
        drop((quit, client, streams, records));
        // A server that panicked has closed the file as well.
        let _ = spawn_blocking(move || thread.join()).await;
        // The last connection to close the file tidies up beside it: that must not be after the
        // next process has opened it.
        let watched = spawn_blocking(move || watch.join());
        if timeout(CLOSE, watched).await.is_err() {
            tracing::warn!("the records of the stream are still in use");
        }
        drop(lock);
    }
}

fn start(path: &Path, lock: File) -> Result<Embedded, Fault> {
    let name = path.to_str().ok_or("the name of the data file is not UTF-8")?;
    drop(place::open_private(path)?);
    let database = Database::new(name)?;
    // This call sets SQLite's NORMAL in place of a flush for every commit: with the write-ahead
    // log, that the database always has, nothing is lost when the process dies.
    database.disable_bulk_loading()?;
    let (records, watch) = Streams::open(path)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    let (quit, told) = oneshot::channel();
    // Threads of its own: the database works while it blocks, which would hold up everything
    // else on the threads of the gateway.
    let runtime = runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("dynamodb")
        .enable_all()
        .build()?;
    let thread = std::thread::Builder::new()
        .name("dynamodb".to_owned())
        .spawn(move || runtime.block_on(serve(listener, database, told)))?;
    let client = client(&endpoint);
    let streams = streams_client(&endpoint);
    Ok(Embedded { endpoint, client, streams, records, quit, thread, watch, lock })
}

async fn serve(listener: TcpListener, database: Database, told: oneshot::Receiver<()>) {
    let listener = match tokio::net::TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => return tracing::error!(%error, "the embedded database cannot listen"),
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = server::serve_with_shutdown(listener, database, async {
        let _ = stopped.await;
    });
    let mut serving = std::pin::pin!(serving);
    tokio::select! {
        ended = &mut serving => {
            tracing::error!(?ended, "the embedded database ended");
            return;
        }
        _dropped = told => drop(stop),
    }
    if timeout(CLOSE, serving).await.is_err() {
        tracing::warn!("the embedded database was closed under a running request");
    }
}

/// Locks the database for this process: two processes on one file would both deliver its stream. A
/// file beside it is locked, because the system's locks on the file itself belong to SQLite.
fn lock(path: &Path) -> Result<File, Fault> {
    let file = place::open_private(&beside(path, ".lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(format!("{} is in use by another process", path.display()).into())
        }
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Returns the file of this name with something at its end.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn delete(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn credentials() -> Credentials {
    Credentials::new("local", "local", None, None, "local")
}

fn client(endpoint: &str) -> aws_sdk_dynamodb::Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(credentials())
        .endpoint_url(endpoint)
        .retry_config(RetryConfig::disabled())
        .http_client(Bounded::client(MOST_REQUESTS))
        .build();
    aws_sdk_dynamodb::Client::from_conf(config)
}

fn streams_client(endpoint: &str) -> aws_sdk_dynamodbstreams::Client {
    let config = aws_sdk_dynamodbstreams::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(credentials())
        .endpoint_url(endpoint)
        .retry_config(RetryConfig::disabled())
        .build();
    aws_sdk_dynamodbstreams::Client::from_conf(config)
}

#[cfg(test)]
pub(crate) mod tests;
