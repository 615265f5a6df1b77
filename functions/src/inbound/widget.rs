//! `POST /widget/token`: issues a token for a client of the web widget, bound to one live chat.

use domain::actor::{NAMELESS, Writer};
use domain::text::{NAME_LENGTH, bounded};
use domain::{ChannelId, ClientId, LiveChatId, TenantId, Timestamp, origin, text};
use http::HeaderValue;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ALLOW, ORIGIN,
};
use lambda_http::{Body, Request, Response};
use serde_json::{Value, json};
use store::live_chat::{ChannelKind, LiveChat};

use super::answer::Refused;
use super::field;
use crate::app::App;
use crate::identity::{Client, Contact, Subject, TOKEN_BYTES, Unidentified};
use crate::request;

/// The longest body, in bytes: a token and a little more.
const BODY_BYTES: usize = TOKEN_BYTES + 8 * 1024;
/// The lifetime of a token, in milliseconds: a day. The widget exchanges the old token for the next
/// one.
const LIFE_MILLIS: u64 = 24 * 60 * 60 * 1000;
const EMAIL: &str = "email";

/// The request of the widget.
#[derive(Debug)]
struct Wish {
    tenant: TenantId,
    live_chat: LiveChatId,
    name: Option<String>,
    email: Option<String>,
    token: Option<String>,
}

/// Issues a token: to the client of the old token if there is one, otherwise to a new client.
pub(super) async fn token(app: &App, request: &Request) -> Result<Value, Refused> {
    let body: &[u8] = request.body();
    if body.len() > BODY_BYTES {
        return Err(Refused::TooLarge { most: BODY_BYTES });
    }
    let wish = Wish::parse(body)?;
    app.identity.serves(wish.tenant.as_str(), app.now_seconds()).await.map_err(
        |why| match why {
            // As for a live chat that there is none of.
            Unidentified::Unverified(_) => Refused::NotFound,
            Unidentified::Unavailable => Refused::Unavailable,
        },
    )?;
    let earlier = match wish.token.as_deref() {
        Some(token) => Some(wish.holder(app, token).await?),
        None => None,
    };
    let live_chat =
        app.store.live_chat(&wish.tenant, &wish.live_chat).await?.ok_or(Refused::NotFound)?;
    let page = request.headers().get(ORIGIN).and_then(|value| value.to_str().ok());
    if !origin::is_allowed(&live_chat.origins, page) {
        return Err(Refused::Forbidden { message: "This page may not carry the widget." });
    }
    let is_again = earlier.is_some();
    let client = wish.client(app, &live_chat, earlier)?;
    // After all else: what is refused anyway writes nothing.
    let address = request::source_ip(request);
    app.limiter.admit_token(&app.store, &wish.tenant, &live_chat.id, address).await?;
    if is_again && (wish.name.is_some() || wish.email.is_some()) {
        introduce(app, &wish.tenant, &live_chat, &client).await?;
    }
    let expires_at = Timestamp::from_millis(
        app.store.now().plus_millis(LIFE_MILLIS).as_seconds().saturating_mul(1000),
    );
    let seconds = i64::try_from(expires_at.as_seconds()).unwrap_or(i64::MAX);
    let signer = app.identity.client_signer(app.now_seconds()).await;
    let token = signer
        .ok_or(Refused::Unavailable)?
        .sign_client(wish.tenant.as_str(), client, seconds)
        .map_err(|unsigned| Refused::Internal(unsigned.to_string()))?;
    Ok(json!({
        "token": token,
        "expiresAt": expires_at.to_string(),
        "needsSocketTicket": app.needs_ticket,
    }))
}

/// Stores at once, so that the desk can show them, the name and contacts that the client of an open
/// session gave: the client may wait for an answer and write no more.
async fn introduce(
    app: &App,
    tenant: &TenantId,
    live_chat: &LiveChat,
    client: &Client,
) -> Result<(), Refused> {
    let Some(channel) = ChannelId::parse(&client.channel) else { return Ok(()) };
    let contacts = client.contacts.iter().map(|one| (one.kind.clone(), one.value.clone()));
    let writer = Writer {
        id: ClientId::of(tenant, &channel, &client.external_id),
        name: client.name.clone().unwrap_or_else(|| NAMELESS.to_owned()),
        is_named: client.name.is_some(),
        employee: None,
        channel,
        contacts: contacts.collect(),
    };
    Ok(app.store.introduce(tenant, &live_chat.id, &writer).await?)
}

impl Wish {
    fn parse(body: &[u8]) -> Result<Self, Refused> {
        let object = field::object(body)?;
        let id = field::text(&object, "liveChatId", "liveChatId", 1000)?;
        let given = |key, field| {
            let text = field::maybe_text(&object, key, field)?;
            Ok::<_, Refused>(text.map(str::trim).filter(|text| !text.is_empty()))
        };
        let name = given("name", "name")?.map(|name| text::name("name", name)).transpose()?;
        let email = given("email", "email")?.map(email).transpose()?;
        let token = given("token", "token")?.map(str::to_owned);
        let (tenant, live_chat) = graphql::id::parse_live_chat(id).ok_or(Refused::NotFound)?;
        Ok(Self { tenant, live_chat, name, email, token })
    }

    /// Returns the client of the old token, which may have expired.
    async fn holder(&self, app: &App, token: &str) -> Result<Client, Refused> {
        const REFUSED: Refused = Refused::Unauthenticated {
            challenge: "Bearer",
            message: "The old token is not of a client of this live chat.",
        };
        let held = app.identity.holder(token, app.now_seconds()).await;
        let claims = held.map_err(|why| match why {
            Unidentified::Unverified(_) => REFUSED,
            Unidentified::Unavailable => Refused::Unavailable,
        })?;
        match claims.subject {
            Subject::Client(client)
                if claims.tenant == self.tenant.as_str()
                    && client.live_chat == self.live_chat.as_str() =>
            {
                Ok(client)
            }
            _ => Err(REFUSED),
        }
    }

    /// Returns the client that the new token names. If their channel is gone, they get no token.
    fn client(
        &self,
        app: &App,
        live_chat: &LiveChat,
        earlier: Option<Client>,
    ) -> Result<Client, Refused> {
        let channel = match &earlier {
            Some(client) => ChannelId::parse(&client.channel).and_then(|id| live_chat.channel(&id)),
            None => live_chat.channel_of(ChannelKind::Web),
        };
        let channel =
            channel.filter(|channel| channel.kind == ChannelKind::Web).ok_or(Refused::NotFound)?;
        let mut client = earlier.unwrap_or_else(|| Client {
            live_chat: live_chat.id.to_string(),
            channel: channel.id.to_string(),
            external_id: domain::id::fresh(app.store.random()),
            name: None,
            contacts: Vec::new(),
        });
        if let Some(name) = &self.name {
            client.name = Some(name.clone());
        }
        if let Some(email) = &self.email {
            client.contacts.retain(|contact| contact.kind != EMAIL);
            client.contacts.push(Contact { kind: EMAIL.to_owned(), value: email.clone() });
        }
        Ok(client)
    }
}

/// Checks the form of an email address. Only a mail that arrives proves that the address exists.
fn email(text: &str) -> Result<String, Refused> {
    bounded(EMAIL, text, NAME_LENGTH)?;
    let has_both_sides = text
        .rsplit_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if !has_both_sides || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Refused::invalid(EMAIL, "It must be an address of electronic mail."));
    }
    Ok(text.to_owned())
}

/// Allows pages of any origin to read the answer. A page that is not in the live chat's own list
/// gets an answer without a token.
pub(super) fn share(mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    // A page's script sees only the headers that are named.
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("retry-after"));
    response
}

/// Answers a preflight request. It does not name the live chat, so pages of any origin are allowed.
pub(super) fn preflight() -> Response<Body> {
    let mut response = Response::new(Body::Empty);
    *response.status_mut() = http::StatusCode::NO_CONTENT;
    for (name, value) in [
        (ALLOW, "POST, OPTIONS"),
        (ACCESS_CONTROL_ALLOW_METHODS, "POST"),
        (ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"),
        (ACCESS_CONTROL_MAX_AGE, "7200"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use domain::name::NameTemplate;
    use store::live_chat::Channel;

    use super::*;
    use crate::testing;

    fn ids() -> (TenantId, LiveChatId) {
        (TenantId::parse("demo").unwrap(), LiveChatId::parse("support").unwrap())
    }

    fn live_chat(kind: ChannelKind) -> LiveChat {
        let channel =
            Channel { id: ChannelId::parse("web-1").unwrap(), kind, name: "Web".to_owned() };
        LiveChat {
            id: ids().1,
            name: "Support".to_owned(),
            template: NameTemplate::default(),
            origins: Vec::new(),
            channels: vec![channel],
        }
    }

    fn wish(extra: &Value) -> Result<Wish, Refused> {
        let (tenant, id) = ids();
        let mut body = json!({ "liveChatId": graphql::id::live_chat(&tenant, &id) });
        for (key, value) in extra.as_object().expect("an object") {
            body[key] = value.clone();
        }
        Wish::parse(body.to_string().as_bytes())
    }

    #[test]
    fn a_new_client_gets_an_identity_of_their_own() {
        let app = testing::app();
        let wish = wish(&json!({ "name": " Zoë ", "email": "z@example.com" })).expect("a wish");
        let web = live_chat(ChannelKind::Web);
        let (one, two) =
            (wish.client(&app, &web, None).unwrap(), wish.client(&app, &web, None).unwrap());
        assert_ne!(one.external_id, two.external_id);
        assert_eq!((one.live_chat.as_str(), one.channel.as_str()), ("support", "web-1"));
        assert_eq!(one.name.as_deref(), Some("Zoë"));
        assert_eq!(one.contacts[0].value, "z@example.com");
        let without_web = wish.client(&app, &live_chat(ChannelKind::Webhook), None);
        assert!(matches!(without_web, Err(Refused::NotFound)));
    }

    #[tokio::test]
    async fn an_old_token_is_the_same_client_even_when_it_has_expired() {
        let app = testing::app();
        let web = live_chat(ChannelKind::Web);
        let first = wish(&json!({ "name": "Zoë", "email": "a@b" })).unwrap();
        let client = first.client(&app, &web, None).unwrap();
        let signer = app.identity.signer().expect("a secret");
        let old = signer.sign_client("demo", client.clone(), 1).unwrap();

        let again = wish(&json!({ "token": old })).unwrap();
        let holder = again.holder(&app, &old).await.expect("the holder");
        assert_eq!(again.client(&app, &web, Some(holder.clone())).unwrap(), client);

        let renamed = wish(&json!({ "token": old, "name": "Zoé", "email": "c@d" })).unwrap();
        let client = renamed.client(&app, &web, Some(holder.clone())).unwrap();
        assert_eq!(client.external_id, holder.external_id);
        assert_eq!(client.name.as_deref(), Some("Zoé"));
        assert_eq!(
            client.contacts,
            [Contact { kind: "email".to_owned(), value: "c@d".to_owned() }]
        );
    }

    #[tokio::test]
    async fn an_old_token_of_somebody_else_is_refused() {
        let app = testing::app();
        let signer = app.identity.signer().expect("a secret");
        let client = |live_chat: &str| Client {
            live_chat: live_chat.to_owned(),
            channel: "web-1".to_owned(),
            external_id: "x".to_owned(),
            name: None,
            contacts: Vec::new(),
        };
        let ann = crate::identity::Employee {
            id: "ann".to_owned(),
            name: "Ann".to_owned(),
            is_administrator: false,
        };
        let wish = wish(&json!({})).unwrap();
        let right = signer.sign_client("demo", client("support"), 1).unwrap();
        assert!(wish.holder(&app, &right).await.is_ok());
        for wrong in [
            format!("{right}x"),
            "nonsense".to_owned(),
            signer.sign_client("demo", client("sales"), 1).unwrap(),
            signer.sign_client("other", client("support"), 1).unwrap(),
            signer.sign_employee("demo", ann, i64::MAX).unwrap(),
        ] {
            assert!(
                matches!(wish.holder(&app, &wrong).await, Err(Refused::Unauthenticated { .. })),
                "{wrong}"
            );
        }
    }

    #[test]
    fn a_wish_names_what_is_wrong_with_it() {
        for (extra, name) in [
            (json!({ "liveChatId": null }), "liveChatId"),
            (json!({ "liveChatId": 7 }), "liveChatId"),
            (json!({ "name": 7 }), "name"),
            (json!({ "name": "a\u{7}b" }), "name"),
            (json!({ "name": "x".repeat(201) }), "name"),
            (json!({ "email": "nobody" }), "email"),
            (json!({ "email": "a b@c" }), "email"),
            (json!({ "token": {} }), "token"),
        ] {
            let refused = wish(&extra);
            assert!(
                matches!(&refused, Err(Refused::Invalid { field: Some(field), .. }) if *field == name),
                "{extra}: {refused:?}"
            );
        }
        assert!(matches!(wish(&json!({ "liveChatId": "x" })), Err(Refused::NotFound)));
        let blank = wish(&json!({ "name": " ", "email": null, "token": "" })).unwrap();
        assert!(blank.name.is_none() && blank.email.is_none() && blank.token.is_none());
    }
}
