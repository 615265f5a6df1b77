//! A stand-in for messengers, which notes what it is told, and an administrator who reaches it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_graphql::{Request, Variables};
use domain::{Caller, Person};
use futures::FutureExt as _;
use futures::future::{BoxFuture, ready};
use graphql::id::GlobalId;
use graphql::messenger::{ChannelSettings, Connected, Connection, Messengers, Unconnected};
use graphql::{Introspection, Service, Settings};
use serde_json::{Value, json};
use store::live_chat::{FarEnd, Route};
use tests::world::World;

/// The stand-in. A bot is known by its token; the token `wrong` is nobody's.
#[derive(Default)]
pub(super) struct StandIn {
    told: Mutex<Vec<String>>,
    pub(super) is_down: AtomicBool,
}

impl StandIn {
    fn answer<T>(&self, told: String, answer: T) -> Result<T, Unconnected> {
        if self.is_down.load(Ordering::Relaxed) {
            return Err(Unconnected::Unavailable("It does not answer.".to_owned()));
        }
        self.told.lock().unwrap().push(told);
        Ok(answer)
    }

    /// What it was told since this was asked last.
    pub(super) fn told(&self) -> Vec<String> {
        std::mem::take(&mut self.told.lock().unwrap())
    }
}

fn sealed(vendor: &str) -> FarEnd {
    let sealed = Some(format!("sealed {vendor}"));
    FarEnd { vendor_id: Some(vendor.to_owned()), sealed, reply_url: None }
}

fn vendor(far_end: &FarEnd) -> &str {
    far_end.vendor_id.as_deref().unwrap_or("nothing")
}

impl Messengers for StandIn {
    fn connect<'a>(
        &'a self,
        connection: Connection<'a>,
        settings: &'a ChannelSettings,
    ) -> BoxFuture<'a, Result<Connected, Unconnected>> {
        let secret = connection.secret.unwrap_or("no secret");
        let connected = match settings {
            ChannelSettings::Telegram { bot_token } if bot_token == "wrong" => {
                let (field, message) = ("botToken", "Unauthorized".to_owned());
                return ready(Err(Unconnected::Invalid { field, message })).boxed();
            }
            ChannelSettings::Telegram { bot_token } => {
                Connected { address: Some(format!("@{bot_token}")), far_end: sealed(bot_token) }
            }
            ChannelSettings::WhatsApp { phone_number_id, .. } => {
                let address = Some(format!("+{phone_number_id}"));
                Connected { address, far_end: sealed(phone_number_id) }
            }
            ChannelSettings::Webhook { reply_url } => {
                let far_end = FarEnd { reply_url: reply_url.clone(), ..FarEnd::default() };
                Connected { address: None, far_end }
            }
        };
        let told = format!("connect {} {secret}", vendor(&connected.far_end));
        ready(self.answer(told, connected)).boxed()
    }

    fn renew<'a>(
        &'a self,
        connection: Connection<'a>,
        far_end: &'a FarEnd,
    ) -> BoxFuture<'a, Result<(), Unconnected>> {
        let secret = connection.secret.unwrap_or("no secret");
        ready(self.answer(format!("renew {} {secret}", vendor(far_end)), ())).boxed()
    }

    fn disconnect<'a>(&'a self, _: Connection<'a>, far_end: &'a FarEnd) -> BoxFuture<'a, ()> {
        let _best_effort = self.answer(format!("disconnect {}", vendor(far_end)), ());
        ready(()).boxed()
    }
}

/// An administrator who calls a service that reaches the stand-in.
pub(super) struct Desk {
    pub(super) messengers: Arc<StandIn>,
    pub(super) support: String,
    service: Service,
    caller: Caller,
}

impl Desk {
    pub(super) async fn of(world: &World) -> Self {
        let id = world.employee("ada").await.id().await;
        let Some((tenant, GlobalId::Employee(id))) = GlobalId::decode(&id) else {
            panic!("{id} is no employee's");
        };
        let person = Person { tenant, id, name: "Ada".to_owned() };
        let messengers = Arc::new(StandIn::default());
        let settings =
            Settings { messengers: messengers.clone(), ..Settings::new(Introspection::Nobody) };
        Self {
            messengers,
            support: world.live_chat("Support").await,
            service: Service::new(world.running.app.store.clone(), settings),
            caller: Caller::Employee { person, is_administrator: true },
        }
    }

    /// Sends a document with one root field. Returns its payload, or the error of the whole request.
    pub(super) async fn act(&self, document: &str, variables: Value) -> Value {
        let request = Request::new(document).variables(Variables::from_json(variables));
        let operation = self.service.read(request, &self.caller).unwrap();
        let done = self.service.execute(operation, self.caller.clone(), "request").await;
        let response = serde_json::to_value(&done.response).unwrap();
        if let Some(error) = response["errors"].get(0) {
            return json!({ "failed": error["extensions"]["code"] });
        }
        let fields = response["data"].as_object().unwrap();
        fields.values().next().unwrap().clone()
    }

    /// Returns the route of a channel.
    pub(super) async fn route(&self, channel: &Value) -> Route {
        let id = channel["id"].as_str().unwrap();
        let Some((_, GlobalId::Channel(_, id))) = GlobalId::decode(id) else {
            panic!("{id} is no channel's");
        };
        self.service.store().route(&id).await.unwrap().unwrap()
    }
}
