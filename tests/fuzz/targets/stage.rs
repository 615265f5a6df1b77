//! The stage that the targets share: an app without a state behind it, and a way to wait for its
//! answers.

use std::cell::RefCell;
use std::future::Future;
use std::sync::{Arc, LazyLock};

use aws_sdk_dynamodb::config::{Credentials, Region};
use functions::app::{self, App};
use functions::connections::Connections;
use functions::environment::Machine;
use functions::identity::Identity;
use store::{Store, Tables};
use tokio::runtime::{Builder, Runtime};

/// The secret that signs tokens here.
pub const SECRET: &[u8] = b"a secret of at least thirty-two bytes";

static APP: LazyLock<App> = LazyLock::new(|| {
    let credentials = || Credentials::new("test", "test", None, None, "test");
    // Nobody listens there: what reaches the state fails at once.
    let nowhere = Some("http://127.0.0.1:1".to_owned());
    let db = app::client(Region::new("local"), credentials(), nowhere.clone());
    let store = Store::new(db, Tables::default(), Arc::new(Machine));
    let connections = Connections::at("local".to_owned(), credentials(), nowhere);
    App::new(store, Identity::with_secret(SECRET).expect("a strong secret"), connections)
});

/// The app.
pub fn app() -> &'static App {
    &APP
}

/// Waits for an answer.
pub fn wait<T>(answer: impl Future<Output = T>) -> T {
    thread_local! {
        static RUNTIME: RefCell<Runtime> =
            RefCell::new(Builder::new_current_thread().enable_all().build().expect("a runtime"));
    }
    RUNTIME.with_borrow_mut(|runtime| runtime.block_on(answer))
}
