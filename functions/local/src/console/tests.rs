use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, SystemTime};

use axum::body::Body;
use tokio::time::{sleep, timeout};

use super::*;

/// A folder like the console's, and a program in place of npm that records its arguments.
struct Bench {
    place: tempfile::TempDir,
}

const BUILDS: &str = "#!/bin/sh
echo \"$@\" >> asked
case $1 in
ci) mkdir -p node_modules ;;
run) mkdir -p dist/assets && for name in index.html widget.js demo.html; do echo made > dist/$name; done ;;
esac
";
const FAILS: &str = "#!/bin/sh\necho 'src/page.tsx: wrong' >&2\nexit 1\n";
const HANGS: &str = "#!/bin/sh\ntrap 'echo ended > ended; exit 1' TERM\necho begun > begun\n\
                     while :; do sleep 0.05; done\n";

impl Bench {
    fn new(npm: &str) -> Self {
        let bench = Self { place: tempfile::tempdir().expect("a folder") };
        fs::create_dir_all(bench.folder().join("src")).expect("a folder");
        for (name, text) in [("package.json", "{}"), ("package-lock.json", "{}"), ("src/a.ts", "")]
        {
            fs::write(bench.folder().join(name), text).expect("a file");
        }
        fs::write(bench.npm(), npm).expect("a program");
        fs::set_permissions(bench.npm(), fs::Permissions::from_mode(0o755)).expect("a program");
        bench
    }

    fn folder(&self) -> PathBuf {
        self.place.path().join("console")
    }

    fn npm(&self) -> PathBuf {
        self.place.path().join("npm")
    }

    fn start(&self, npm: &Path) -> Console {
        Console::made_by(Workshop { folder: self.folder(), npm: npm.to_owned() })
    }

    /// Waits for the build's last progress.
    async fn made(&self) -> Progress {
        let console = self.start(&self.npm());
        settled(&console).await
    }

    fn asked(&self) -> String {
        fs::read_to_string(self.folder().join("asked")).unwrap_or_default()
    }

    fn has(&self, name: &str) -> bool {
        self.folder().join(name).exists()
    }
}

async fn until(condition: impl Fn() -> bool) {
    let waiting = async {
        while !condition() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(20), waiting).await.expect("in time");
}

async fn settled(console: &Console) -> Progress {
    let built = console.built();
    until(|| !matches!(built.progress(), Progress::Building(_))).await;
    built.progress()
}

#[tokio::test]
async fn a_page_that_is_missing_is_built_and_one_that_is_there_is_left_alone() {
    let bench = Bench::new(BUILDS);
    assert_eq!(bench.made().await, Progress::Built);
    assert_eq!(bench.asked(), "ci --no-fund --no-audit\nrun build\n");
    assert_eq!(bench.made().await, Progress::Built);
    assert_eq!(bench.asked(), "ci --no-fund --no-audit\nrun build\n");
}

#[tokio::test]
async fn a_page_older_than_its_source_is_built_again_with_the_packages_that_are_there() {
    let bench = Bench::new(BUILDS);
    bench.made().await;
    // Later than any build.
    let later = SystemTime::UNIX_EPOCH + Duration::from_secs(4_000_000_000);
    let source = fs::File::options().write(true).open(bench.folder().join("src/a.ts"));
    source.and_then(|file| file.set_modified(later)).expect("a newer file");
    assert_eq!(bench.made().await, Progress::Built);
    assert_eq!(bench.asked(), "ci --no-fund --no-audit\nrun build\nrun build\n");
}

#[tokio::test]
async fn a_part_that_is_missing_makes_the_whole_stale() {
    let bench = Bench::new(BUILDS);
    bench.made().await;
    fs::remove_file(bench.folder().join("dist/widget.js")).expect("removed");
    assert_eq!(bench.made().await, Progress::Built);
    assert!(bench.has("dist/widget.js"));
}

#[tokio::test]
async fn other_packages_are_installed_before_the_next_build() {
    let bench = Bench::new(BUILDS);
    bench.made().await;
    fs::write(bench.folder().join("package-lock.json"), "{\"other\":1}").expect("a file");
    fs::remove_file(bench.folder().join("dist/demo.html")).expect("removed");
    bench.made().await;
    assert_eq!(bench.asked().matches("ci").count(), 2);
}

#[tokio::test]
async fn without_node_it_says_what_is_missing() {
    let bench = Bench::new(BUILDS);
    let console = bench.start(Path::new("/nowhere/npm"));
    let progress = settled(&console).await;
    assert!(matches!(&progress, Progress::Missing(why) if why.contains("Node.js")), "{progress:?}");
}

#[tokio::test]
async fn a_build_that_fails_says_why() {
    let bench = Bench::new(FAILS);
    let progress = bench.made().await;
    assert!(
        matches!(&progress, Progress::Missing(why) if why.contains("src/page.tsx: wrong")),
        "{progress:?}"
    );
}

#[tokio::test]
async fn a_build_that_goes_on_is_ended_with_the_system() {
    let bench = Bench::new(HANGS);
    let console = bench.start(&bench.npm());
    until(|| bench.has("begun")).await;
    console.stop().await;
    until(|| bench.has("ended")).await;
}

#[tokio::test]
async fn files_of_the_build_are_served_and_no_others() {
    let bench = Bench::new(BUILDS);
    let console = bench.start(&bench.npm());
    settled(&console).await;
    let routes = routes(&console.built());
    for (path, status) in [
        ("/widget.js", 200),
        ("/demo", 200),
        ("/session/x", 200),
        ("/assets/../../package.json", 404),
    ] {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        let response = routes.clone().oneshot(request).await.expect("a response");
        assert_eq!(response.status().as_u16(), status, "{path}");
    }
}
