//! Pages that the local run serves beside the API: the operators' page, or a start page until it is
//! built; GraphiQL; and tokens for the demo's people.

use async_graphql::http::GraphiQLSource;
use axum::extract::{Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Router, body::Body};
use functions::app::App;
use functions::identity::{Client, Employee};
use serde::Deserialize;
use serde_json::json;

use crate::console::{self, Built, Progress};
use crate::demo::{self, PEOPLE};

/// The lifetime of a demo token, in seconds.
const TOKEN_SECONDS: u64 = 12 * 60 * 60;

/// Returns the routes.
pub(super) fn routes(app: App, console: &Built) -> Router {
    let home = Router::new().route("/", get(home)).with_state(console.clone());
    Router::new()
        .route("/graphiql", get(graphiql))
        .route("/config.json", get(config))
        .route("/dev/people", get(people))
        .route("/dev/token", get(token))
        .with_state(app)
        .merge(home)
        .merge(console::routes(console))
}

async fn home(State(console): State<Built>, request: Request) -> Response {
    match console.progress() {
        Progress::Built => console.page(request).await,
        Progress::Building(doing) => {
            let says = format!("<p role=\"status\">The page is being built: {doing} …</p>");
            Html(overview(&format!("<meta http-equiv=\"refresh\" content=\"2\">{says}")))
                .into_response()
        }
        Progress::Missing(why) => {
            let why = why.replace('&', "&amp;").replace('<', "&lt;");
            Html(overview(&format!("<p>There is no page: <pre>{why}</pre>"))).into_response()
        }
    }
}

/// Builds the overview that is shown when there is no operators' page.
fn overview(says: &str) -> String {
    let people: String = PEOPLE
        .iter()
        .map(|person| {
            let name = person.sign_in_name();
            format!(
                "<li><a href=\"/dev/token?as={name}\"><code>{name}</code></a> {}</li>",
                person.description
            )
        })
        .collect();
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>ChatDesk</title>\
         <h1>ChatDesk</h1>{says}<p>GraphQL over HTTP and WebSocket: <code>/graphql</code>. \
         Try it in <a href=\"/graphiql\">GraphiQL</a>.</p><p>Tokens of the demo people:</p>\
         <ul>{people}</ul><p>A client: <a href=\"/dev/token?as=client:Zoe&amp;liveChat=Support\">\
         <code>/dev/token?as=client:Zoe&amp;liveChat=Support</code></a></p></html>"
    )
}

/// Returns the settings that the operators' page needs before the operator signs in.
async fn config(State(app): State<App>) -> Response {
    let config = json!({
        "signIn": "demo",
        "httpUrl": "/graphql",
        "socketUrl": "/graphql",
        "needsSocketTicket": app.needs_ticket,
    });
    answer(StatusCode::OK, &config)
}

/// Lists the people whom a visitor can sign in as.
async fn people() -> Response {
    let people: Vec<_> = PEOPLE
        .iter()
        .map(|person| {
            let (name, description) = (person.name, person.description);
            json!({ "as": person.sign_in_name(), "name": name, "description": description })
        })
        .collect();
    answer(StatusCode::OK, &json!({ "people": people }))
}

async fn graphiql() -> Html<String> {
    let page = GraphiQLSource::build()
        .endpoint("/graphql")
        .subscription_endpoint("/graphql")
        .title("ChatDesk")
        .finish();
    Html(page)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Whose {
    #[serde(rename = "as")]
    who: Option<String>,
    live_chat: Option<String>,
}

async fn token(State(app): State<App>, Query(whose): Query<Whose>) -> Response {
    let expires_at = app.store.now().as_seconds() + TOKEN_SECONDS;
    let expires_at = i64::try_from(expires_at).unwrap_or(i64::MAX);
    match sign(&app, &whose, expires_at) {
        Ok(token) => answer(StatusCode::OK, &json!({ "token": token })),
        Err(wrong) => answer(StatusCode::NOT_FOUND, &json!({ "message": wrong })),
    }
}

fn sign(app: &App, whose: &Whose, expires_at: i64) -> Result<String, String> {
    let who = whose.who.as_deref().unwrap_or_default();
    let signer = app.identity.signer().ok_or("Nobody signs tokens here.")?;
    if let Some(name) = who.strip_prefix("client:") {
        let live_chat = whose.live_chat.as_deref().unwrap_or("Support");
        let id = demo::live_chat(live_chat)
            .ok_or_else(|| "There are the live chats Support and Sales.".to_owned())?;
        let client = Client {
            channel: format!("{}-{id}-web", demo::TENANT),
            live_chat: id.to_string(),
            external_id: format!("demo:{name}"),
            name: Some(name.to_owned()),
            contacts: Vec::new(),
        };
        let signed = signer.sign_client(demo::TENANT, client, expires_at);
        return signed.map_err(|why| format!("Not a client's name: {why}"));
    }
    let Some(person) = demo::find(who) else {
        let names: Vec<&str> = PEOPLE.iter().map(|person| person.id).collect();
        return Err(format!("There are: {}, other/ann, client:NAME.", names.join(", ")));
    };
    let employee = Employee {
        id: person.id.to_owned(),
        name: person.name.to_owned(),
        is_administrator: person.is_administrator,
    };
    signer.sign_employee(person.tenant, employee, expires_at).map_err(|why| why.to_string())
}

fn answer(status: StatusCode, body: &serde_json::Value) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "application/json"), (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    (status, headers, Body::from(body.to_string())).into_response()
}
