//! S3: one bucket in a folder, spoken to over its own protocol, with signatures and policies of forms. What is
//! put under `new/…` wakes a function, as the bucket's events do in the cloud.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use axum::error_handling::HandleError;
use axum::extract::Request;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::{Router, body::Body};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use s3s::auth::SimpleAuth;
use s3s::dto::{
    DeleteObjectInput, DeleteObjectOutput, GetObjectInput, GetObjectOutput, HeadObjectInput,
    HeadObjectOutput, PutObjectInput, PutObjectOutput,
};
use s3s::service::S3ServiceBuilder;
use s3s::{S3, S3Request, S3Response, S3Result};
use s3s_fs::FileSystem;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use crate::Fault;
use crate::function::{Function, invoke};

/// The name of the bucket.
const BUCKET: &str = "files";
/// The keys whose objects wake the function.
const WAKING: &str = "new";
/// The longest time of an invocation.
const TIMEOUT: Duration = Duration::from_secs(30);
/// The number of times that an event is delivered, and the pause in between. Lambda waits a minute.
const DELIVERIES: u32 = 3;
const PAUSE: Duration = Duration::from_secs(1);
/// The access key that signs requests here, and its secret.
const SIGNER: &str = "local";

/// The bucket, served.
pub(crate) struct Served {
    /// The address of the bucket.
    pub(crate) url: String,
    listener: TcpListener,
    objects: Objects,
    woken: UnboundedReceiver<String>,
    bucket: PathBuf,
}

/// The running bucket and what it wakes. It ends when this is dropped.
pub(crate) struct Running {
    served: JoinHandle<()>,
    waking: JoinHandle<()>,
    waiting: Arc<AtomicUsize>,
    bucket: PathBuf,
}

#[derive(Clone)]
struct Objects {
    files: Arc<FileSystem>,
    wakes: UnboundedSender<String>,
    waiting: Arc<AtomicUsize>,
}

impl Served {
    /// Opens the bucket in a folder, at any free port. Uploads that nobody was woken for wake the function
    /// again.
    ///
    /// # Errors
    /// The reason why it cannot be opened.
    pub(crate) async fn open(folder: &Path) -> Result<Self, Fault> {
        let bucket = folder.join(BUCKET);
        fs::create_dir_all(&bucket)?;
        let files = FileSystem::new(folder).map_err(|error| format!("{error:?}"))?;
        let (wakes, woken) = unbounded_channel();
        let objects = Objects { files: Arc::new(files), wakes, waiting: Arc::default() };
        let mut left = Vec::new();
        find(&bucket, &bucket.join(WAKING), &mut left)?;
        left.into_iter().for_each(|key| objects.wake(key));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address: SocketAddr = listener.local_addr()?;
        Ok(Self { url: format!("http://{address}/{BUCKET}"), listener, objects, woken, bucket })
    }

    /// Serves the bucket, and invokes a function for each object that wakes it.
    pub(crate) fn start(self, function: Function) -> Running {
        let Self { listener, objects, woken, bucket, .. } = self;
        let waiting = Arc::clone(&objects.waiting);
        let waking = tokio::spawn(wake(woken, function, Arc::clone(&waiting)));
        let mut builder = S3ServiceBuilder::new(objects);
        builder.set_auth(SimpleAuth::from_single(SIGNER, SIGNER));
        let failed = |error: s3s::HttpError| async move {
            tracing::error!(?error, "the bucket failed");
            StatusCode::INTERNAL_SERVER_ERROR
        };
        let service = Router::new()
            .fallback_service(HandleError::new(builder.build(), failed))
            .layer(middleware::from_fn(across_origins));
        let served = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, service).await {
                tracing::error!(%error, "the bucket is not served any more");
            }
        });
        Running { served, waking, waiting, bucket }
    }
}

impl Running {
    /// Returns the keys of all objects.
    pub(crate) fn keys(&self) -> io::Result<Vec<String>> {
        let mut keys = Vec::new();
        find(&self.bucket, &self.bucket, &mut keys)?;
        // What the folder has beside the objects begins with a dot.
        keys.retain(|key| !key.rsplit('/').next().unwrap_or_default().starts_with('.'));
        keys.sort();
        Ok(keys)
    }

    /// Waits until the function was invoked for everything that was put so far.
    pub(crate) async fn settled(&self) {
        while self.waiting.load(Ordering::Acquire) > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.served.abort();
        self.waking.abort();
    }
}

impl Objects {
    fn wake(&self, key: String) {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        if self.wakes.send(key).is_err() {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
        }
    }
}

/// Finds the keys of the objects in a folder of the bucket.
fn find(bucket: &Path, folder: &Path, keys: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            find(bucket, &path, keys)?;
        } else if let Some(key) = path.strip_prefix(bucket).ok().and_then(Path::to_str) {
            keys.push(key.to_owned());
        }
    }
    Ok(())
}

async fn wake(mut woken: UnboundedReceiver<String>, function: Function, waiting: Arc<AtomicUsize>) {
    while let Some(key) = woken.recv().await {
        let (function, waiting) = (Arc::clone(&function), Arc::clone(&waiting));
        tokio::spawn(async move {
            deliver(&function, &key).await;
            waiting.fetch_sub(1, Ordering::AcqRel);
        });
    }
}

async fn deliver(function: &Function, key: &str) {
    for delivery in 1..=DELIVERIES {
        let event = json!({
            "source": "aws.s3",
            "detail-type": "Object Created",
            "detail": { "bucket": { "name": BUCKET }, "object": { "key": key } },
        });
        match invoke(function, event, TIMEOUT).await {
            Ok(_) => return,
            Err(failure) => tracing::error!(%failure, key, delivery, "an upload is not checked"),
        }
        if delivery < DELIVERIES {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Allows every page to send and to read, as the bucket's rules for other origins do.
async fn across_origins(request: Request, next: Next) -> Response {
    let asks = request.method() == Method::OPTIONS;
    let mut response =
        if asks { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    allow(response.headers_mut());
    response.map(Body::new)
}

fn allow(headers: &mut HeaderMap) {
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-methods", "GET, HEAD, POST"),
        ("access-control-allow-headers", "*"),
        ("access-control-max-age", "3600"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

#[async_trait]
impl S3 for Objects {
    async fn get_object(
        &self,
        request: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        self.files.get_object(request).await
    }

    async fn head_object(
        &self,
        request: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        self.files.head_object(request).await
    }

    async fn put_object(
        &self,
        request: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let key = request.input.key.clone();
        let put = self.files.put_object(request).await?;
        if key.starts_with(&format!("{WAKING}/")) {
            self.wake(key);
        }
        Ok(put)
    }

    async fn delete_object(
        &self,
        request: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        self.files.delete_object(request).await
    }
}
