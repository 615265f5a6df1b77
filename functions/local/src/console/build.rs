//! The build of the page: finds out which steps are needed, and runs them.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::{Duration, SystemTime};

use tokio::process::Command;
use tokio::time::Instant;

/// The files that a build makes. If one of them is missing, there is no build.
const MADE: [&str; 3] = ["index.html", "widget.js", "demo.html"];
/// The parts of the source's folder that are not sources.
const NOT_SOURCE: [&str; 2] = ["node_modules", "dist"];
/// A copy of the lock file from which the packages were installed.
const INSTALLED: &str = "node_modules/.chatdesk-lock";
/// The number of lines that are shown of a failure.
const LINES: usize = 12;

/// The folder where the page is built, and the program that builds it.
pub(super) struct Workshop {
    /// The folder of the source; the API's schema stands beside it.
    pub(super) folder: PathBuf,
    /// The program that installs packages and runs scripts.
    pub(super) npm: PathBuf,
}

impl Workshop {
    /// Builds the page if it is missing or stale, and reports each step. Returns the time that it
    /// took, or `None` when there was nothing to do.
    ///
    /// # Errors
    /// The reason why there is no page, in words for people.
    pub(super) async fn make(
        &self,
        say: impl Fn(&'static str),
    ) -> Result<Option<Duration>, String> {
        if !self.folder.join("package.json").exists() {
            return Err("The source of the page is not here.".to_owned());
        }
        let is_stale = self.is_stale().map_err(|error| format!("The source: {error}"))?;
        if !is_stale {
            return Ok(None);
        }
        let begun = Instant::now();
        if !self.is_installed() {
            say("installing packages");
            self.run(&["ci", "--no-fund", "--no-audit"]).await?;
            let copied = std::fs::copy(self.lock(), self.folder.join(INSTALLED));
            copied.map_err(|error| format!("The packages: {error}"))?;
        }
        say("building");
        self.run(&["run", "build"]).await?;
        Ok(Some(begun.elapsed()))
    }

    /// Returns true if a part of the build is missing or older than one of its sources.
    fn is_stale(&self) -> io::Result<bool> {
        let made = MADE.map(|name| modified(&self.folder.join("dist").join(name)).ok());
        let Some(made) = made.into_iter().min().flatten() else { return Ok(true) };
        let schema = self.folder.join("../schema/schema.graphql");
        let newest = newest(&self.folder, &NOT_SOURCE)?.max(modified(&schema).ok());
        Ok(newest.is_some_and(|newest| newest > made))
    }

    fn lock(&self) -> PathBuf {
        self.folder.join("package-lock.json")
    }

    fn is_installed(&self) -> bool {
        let read = |path: PathBuf| std::fs::read(path).ok();
        let installed = read(self.folder.join(INSTALLED));
        installed.is_some() && installed == read(self.lock())
    }

    async fn run(&self, arguments: &[&str]) -> Result<(), String> {
        let words = format!("npm {}", arguments.join(" "));
        let child = Command::new(&self.npm)
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let child = child.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => "It is built with Node.js 20 or later, which is not \
                                        installed here. Everything else works."
                .to_owned(),
            _ => format!("{words}: {error}"),
        })?;
        let running = Running(child.id());
        let output = child.wait_with_output().await.map_err(|error| format!("{words}: {error}"))?;
        running.ended();
        if output.status.success() {
            return Ok(());
        }
        Err(format!("{words} failed:\n{}", tail(&output)))
    }
}

/// A running step. When it is dropped before its end, it gets a signal to end, which it passes on
/// to its own processes; a kill would not reach them.
struct Running(Option<u32>);

impl Running {
    fn ended(mut self) {
        self.0 = None;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let Some(id) = self.0 else { return };
        // If it cannot be told, it ends by itself when it is done.
        let _ = std::process::Command::new("kill").arg(id.to_string()).status();
    }
}

fn tail(output: &Output) -> String {
    let text = [&*output.stdout, &*output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines.get(lines.len().saturating_sub(LINES)..).unwrap_or_default().join("\n")
}

fn modified(path: &Path) -> io::Result<SystemTime> {
    std::fs::metadata(path)?.modified()
}

/// Returns the time of the newest change to a file below a folder.
fn newest(folder: &Path, without: &[&str]) -> io::Result<Option<SystemTime>> {
    let mut newest = None;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if without.iter().any(|name_without| name == OsStr::new(name_without)) {
            continue;
        }
        let changed = match entry.file_type()?.is_dir() {
            true => self::newest(&entry.path(), &[])?,
            false => Some(entry.metadata()?.modified()?),
        };
        newest = newest.max(changed);
    }
    Ok(newest)
}
