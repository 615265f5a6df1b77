//! The operators' page and the customers' widget: serves what their build made.
//!
//! When the build is missing, or older than its source, the local run builds them in the background.
//! Nothing waits for that, and until it is done `/` shows how far it is.

mod build;
#[cfg(test)]
mod tests;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use tokio::task::JoinHandle;
use tower::ServiceExt as _;
use tower_http::services::{ServeDir, ServeFile};

use build::Workshop;

/// The progress of the build.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Progress {
    /// The build exists, and is as new as its sources.
    Built,
    /// The build is being made; the current step.
    Building(&'static str),
    /// The build does not exist and cannot be made here; the reason.
    Missing(String),
}

/// The page, and the task that may be making it.
pub struct Console {
    built: Built,
    making: Option<Making>,
}

struct Making {
    task: JoinHandle<()>,
    stop: tokio::sync::oneshot::Sender<()>,
}

/// The folder of the build, and its progress.
#[derive(Clone)]
pub(super) struct Built {
    dist: PathBuf,
    progress: Arc<RwLock<Progress>>,
}

impl Built {
    fn at(console: &Path, progress: Progress) -> Self {
        Self { dist: console.join("dist"), progress: Arc::new(RwLock::new(progress)) }
    }

    /// Returns the progress of the build.
    pub(super) fn progress(&self) -> Progress {
        self.progress.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, progress: Progress) {
        *self.progress.write().unwrap_or_else(PoisonError::into_inner) = progress;
    }

    /// Returns the page, at each of its addresses.
    pub(super) async fn page(&self, request: Request) -> Response {
        self.file("index.html", request).await
    }

    async fn file(&self, name: &str, request: Request) -> Response {
        let mut response = match ServeFile::new(self.dist.join(name)).oneshot(request).await {
            Ok(response) => response.into_response(),
            Err(never) => match never {},
        };
        // These have the same name in every build.
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        response
    }
}

impl Console {
    /// Without a page: everything else works.
    #[must_use]
    pub fn none() -> Self {
        let why = "It was asked to do without.".to_owned();
        Self { built: Built::at(Path::new("."), Progress::Missing(why)), making: None }
    }

    /// Returns the page whose source is in a folder, and begins to build it if that is needed.
    #[must_use]
    pub fn start(folder: &Path) -> Self {
        Self::made_by(Workshop { folder: folder.to_owned(), npm: PathBuf::from("npm") })
    }

    fn made_by(workshop: Workshop) -> Self {
        let built = Built::at(&workshop.folder, Progress::Building("looking"));
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let task = tokio::spawn(make(workshop, built.clone(), stopped));
        Self { built, making: Some(Making { task, stop }) }
    }

    pub(super) fn built(&self) -> Built {
        self.built.clone()
    }

    /// Ends the build if it is still running.
    pub async fn stop(self) {
        let Some(Making { task, stop }) = self.making else { return };
        // It may have ended by itself.
        let _ = stop.send(());
        let _ = task.await;
    }
}

/// Builds if there is something to build, and says how far it is.
async fn make(workshop: Workshop, built: Built, stopped: tokio::sync::oneshot::Receiver<()>) {
    let says = built.clone();
    let making = workshop.make(move |doing| {
        tell(&format!("{doing} …"));
        says.set(Progress::Building(doing));
    });
    let made = tokio::select! {
        made = making => made,
        _ = stopped => return,
    };
    built.set(match made {
        Ok(None) => Progress::Built,
        Ok(Some(time)) => {
            tell(&format!("built in {} s", time.as_secs()));
            Progress::Built
        }
        Err(why) => {
            tell(&why);
            Progress::Missing(why)
        }
    });
}

/// Beside the output, whose last line others wait for.
fn tell(what: &str) {
    // If the terminal is closed, nobody is there to read it.
    let _ = writeln!(std::io::stderr(), "console: {what}");
}

/// Returns the routes of the build's files. The page itself is at `/`, beside the other pages of
/// the local run.
pub(super) fn routes(built: &Built) -> Router {
    Router::new()
        .route("/session/{*id}", get(page))
        .route("/administration", get(page))
        .route("/administration/{*path}", get(page))
        .route("/icon.svg", get(icon))
        .route("/icon-unread.svg", get(unread_icon))
        .route("/widget.js", get(widget))
        .route("/demo", get(demo))
        .nest_service("/assets", ServeDir::new(built.dist.join("assets")))
        .with_state(built.clone())
}

async fn page(State(built): State<Built>, request: Request) -> Response {
    built.page(request).await
}

async fn icon(State(built): State<Built>, request: Request) -> Response {
    built.file("icon.svg", request).await
}

async fn unread_icon(State(built): State<Built>, request: Request) -> Response {
    built.file("icon-unread.svg", request).await
}

async fn widget(State(built): State<Built>, request: Request) -> Response {
    built.file("widget.js", request).await
}

async fn demo(State(built): State<Built>, request: Request) -> Response {
    built.file("demo.html", request).await
}
