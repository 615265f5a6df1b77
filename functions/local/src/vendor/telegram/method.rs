//! The methods of the Bot API: reads a request strictly, and answers in the vendor's shape.

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Path, Query, Request, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::files::{self, GET_FILE};
use super::send::{self, SEND_DOCUMENT, SEND_MESSAGE, SEND_PHOTO};
use super::state::BadToken;
use super::webhook::{self, DELETE_WEBHOOK, SET_WEBHOOK};
use super::{Shared, shape};
use crate::vendor::answer::{answer, is_json};
use crate::vendor::fields::{self, Field, Kind, Wrong};
use crate::vendor::form::{self, Part};

/// The result of a call, with the vendor's remark about it.
pub(super) struct Done {
    pub(super) result: Value,
    pub(super) description: Option<&'static str>,
}

impl Done {
    /// Returns a result without a remark.
    pub(super) fn of(result: Value) -> Self {
        Self { result, description: None }
    }
}

/// A refusal in the vendor's words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Error {
    code: u16,
    description: String,
    retry_after: Option<i64>,
}

impl Error {
    /// Returns a refusal.
    pub(super) fn new(code: u16, description: impl Into<String>) -> Self {
        Self { code, description: description.into(), retry_after: None }
    }

    /// Returns the refusal of a bad request.
    pub(super) fn bad(reason: &str) -> Self {
        Self::new(400, format!("Bad Request: {reason}"))
    }

    /// Returns the refusal of too many requests, with a delay in seconds.
    pub(super) fn throttled(retry_after: i64) -> Self {
        let description = format!("Too Many Requests: retry after {retry_after}");
        Self { retry_after: Some(retry_after), ..Self::new(429, description) }
    }

    /// Returns the refusal that a test asks for by its status.
    fn asked(status: u16) -> Self {
        match status {
            400 => Self::bad("chat not found"),
            401 => Self::new(401, "Unauthorized"),
            403 => Self::new(403, "Forbidden: bot was blocked by the user"),
            429 => Self::throttled(1),
            _ => Self::new(status, "Internal Server Error"),
        }
    }

    /// Returns the answer.
    pub(super) fn response(&self) -> Response {
        let mut body = json!({ "ok": false, "error_code": self.code,
            "description": self.description });
        if let (Some(seconds), Some(body)) = (self.retry_after, body.as_object_mut()) {
            body.insert("parameters".to_owned(), json!({ "retry_after": seconds }));
        }
        let status = StatusCode::from_u16(self.code);
        answer(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), &body)
    }
}

/// Names the member that is wrong, as the stand-in does; the vendor passes over most of them.
impl From<Wrong> for Error {
    fn from(wrong: Wrong) -> Self {
        let (reason, path) = match wrong {
            Wrong::Unknown(path) => ("unknown field", path),
            Wrong::Type(path) => ("wrong type of field", path),
            Wrong::Missing(path) if path == ["text"] => return Self::bad("message text is empty"),
            Wrong::Missing(path) if path == ["chat_id"] => return Self::bad("chat_id is empty"),
            Wrong::Missing(path) => ("missing field", path),
        };
        Self::bad(&format!("{reason} \"{}\"", path.join(".")))
    }
}

impl From<BadToken> for Error {
    fn from(bad: BadToken) -> Self {
        match bad {
            BadToken::Malformed => Self::new(404, "Not Found"),
            BadToken::Unauthorized => Self::new(401, "Unauthorized"),
            BadToken::Full => Self::new(500, "Internal Server Error: too many bots"),
        }
    }
}

/// A method that the stand-in has.
#[derive(Clone, Copy)]
enum Call {
    GetMe,
    GetWebhookInfo,
    SetWebhook,
    DeleteWebhook,
    GetFile,
    SendMessage,
    SendPhoto,
    SendDocument,
}

impl Call {
    /// The vendor reads the names in any case.
    fn named(name: &str) -> Result<Self, Error> {
        Ok(match name.to_ascii_lowercase().as_str() {
            "getme" => Self::GetMe,
            "getwebhookinfo" => Self::GetWebhookInfo,
            "setwebhook" => Self::SetWebhook,
            "deletewebhook" => Self::DeleteWebhook,
            "getfile" => Self::GetFile,
            "sendmessage" => Self::SendMessage,
            "sendphoto" => Self::SendPhoto,
            "senddocument" => Self::SendDocument,
            _ => return Err(Error::new(404, "Not Found: method not found")),
        })
    }

    /// Returns true for a call that a test may disturb.
    fn is_disturbed(self) -> bool {
        matches!(self, Self::GetFile | Self::SendMessage | Self::SendPhoto | Self::SendDocument)
    }

    fn fields(self) -> &'static [Field] {
        match self {
            Self::GetMe | Self::GetWebhookInfo => &[],
            Self::SetWebhook => SET_WEBHOOK,
            Self::DeleteWebhook => DELETE_WEBHOOK,
            Self::GetFile => GET_FILE,
            Self::SendMessage => SEND_MESSAGE,
            Self::SendPhoto => SEND_PHOTO,
            Self::SendDocument => SEND_DOCUMENT,
        }
    }
}

/// Answers a call.
pub(super) async fn call(
    State(shared): State<Shared>,
    Path((token, method)): Path<(String, String)>,
    request: Request,
) -> Response {
    match carried_out(&shared, &token, &method, request).await {
        Ok(response) => response,
        Err(error) => error.response(),
    }
}

async fn carried_out(
    shared: &Shared,
    token: &str,
    method: &str,
    request: Request,
) -> Result<Response, Error> {
    let bot = shared.change(|state| state.bot_of(token))?;
    let call = Call::named(method)?;
    let body = read(shared, request, call.fields()).await?;
    let accept = || {
        fields::check(&body, call.fields())?;
        match call {
            Call::SetWebhook => webhook::set(shared, bot, &body),
            Call::DeleteWebhook => webhook::delete(shared, bot, &body),
            Call::GetWebhookInfo => webhook::info(shared, bot),
            Call::GetFile => files::get(shared, &body),
            Call::SendMessage => send::message(shared, bot, &body),
            Call::SendPhoto => send::file(shared, bot, &body, "photo"),
            Call::SendDocument => send::file(shared, bot, &body, "document"),
            Call::GetMe => shared
                .read(|state| state.bots.get(&bot).map(shape::me).map(Done::of))
                .ok_or_else(|| Error::new(401, "Unauthorized")),
        }
    };
    if !call.is_disturbed() {
        return Ok(responded(accept()));
    }
    let refuse = |status| Error::asked(status).response();
    Ok(shared.faults.around(&bot.to_string(), refuse, || responded(accept())).await)
}

fn responded(done: Result<Done, Error>) -> Response {
    match done {
        Ok(done) => {
            let mut body = json!({ "ok": true, "result": done.result });
            if let (Some(description), Some(body)) = (done.description, body.as_object_mut()) {
                body.insert("description".to_owned(), description.into());
            }
            answer(StatusCode::OK, &body)
        }
        Err(error) => error.response(),
    }
}

/// Reads the parameters: of a GET from the query, otherwise from a body of JSON or a form with files.
async fn read(
    shared: &Shared,
    request: Request,
    fields: &[Field],
) -> Result<Map<String, Value>, Error> {
    let malformed = || Error::bad("can't parse JSON object");
    if request.method() == Method::GET {
        let query = Query::<Vec<(String, String)>>::try_from_uri(request.uri());
        let Query(query) = query.map_err(|_| malformed())?;
        return Ok(query.into_iter().map(|(name, text)| typed(name, text, fields)).collect());
    }
    if form::is_form(request.headers()) {
        return sent_form(shared, request, fields).await;
    }
    let is_json = is_json(request.headers());
    let body = Bytes::from_request(request, &()).await;
    let body = body.map_err(|_| Error::new(413, "Request Entity Too Large"))?;
    match body.is_empty() {
        true => Ok(Map::new()),
        false if is_json => serde_json::from_slice(&body).map_err(|_| malformed()),
        false => Err(Error::bad("the stand-in reads application/json and multipart/form-data")),
    }
}

/// Reads a form. Its files are kept, and named by their ids from then on.
async fn sent_form(
    shared: &Shared,
    request: Request,
    fields: &[Field],
) -> Result<Map<String, Value>, Error> {
    let parts = form::read(request).await.ok_or_else(|| Error::bad("can't parse the form"))?;
    let mut body = Map::new();
    for (name, part) in parts {
        match part {
            Part::Text(text) => body.extend([typed(name, text, fields)]),
            Part::File(file) => {
                let id = shared.media.keep(&file.bytes);
                let id = id.map_err(|error| Error::new(500, error.to_string()))?;
                let kept = json!({ "file_id": id, "file_name": file.name, "mime_type": file.kind,
                    "file_size": file.bytes.len() });
                body.insert(name, kept);
            }
        }
    }
    Ok(body)
}

/// Returns a parameter of a query as its member has it; one that cannot be read stays a text.
fn typed(name: String, text: String, fields: &[Field]) -> (String, Value) {
    let kind = fields.iter().find(|field| field.name == name).map(|field| field.kind);
    let value = match kind {
        None | Some(Kind::Text | Kind::TextOrInteger) => None,
        Some(_) => serde_json::from_str(&text).ok(),
    };
    (name, value.unwrap_or(Value::String(text)))
}
