//! The request of the widget: the live chat, what the visitor says about themselves, and the token they
//! had before.

use domain::text::{NAME_LENGTH, bounded};
use domain::{Channel, ChannelId, ChannelKind, LiveChat, LiveChatId, TenantId, text};
use serde::Deserialize;

use crate::app::App;
use crate::identity::{Client, Contact, Subject, Unidentified};
use crate::json::Refused;
use crate::json::body::{self, Text};

const EMAIL: &str = "email";

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Body {
    live_chat_id: Text,
    name: Text,
    email: Text,
    token: Text,
}

/// The request of the widget.
#[derive(Debug)]
pub(super) struct Wish {
    pub(super) tenant: TenantId,
    pub(super) live_chat: LiveChatId,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) token: Option<String>,
}

impl Wish {
    /// Reads a body.
    pub(super) fn parse(body: &[u8]) -> Result<Self, Refused> {
        let body: Body = body::object(body)?;
        let id = body.live_chat_id.required("liveChatId", 1000)?;
        let name = given(body.name, "name")?.map(|name| text::name("name", &name)).transpose()?;
        let email = given(body.email, EMAIL)?.map(email).transpose()?;
        let token = given(body.token, "token")?;
        let (tenant, live_chat) = graphql::id::parse_live_chat(&id).ok_or(Refused::NotFound)?;
        Ok(Self { tenant, live_chat, name, email, token })
    }

    /// Returns the client of the old token, which may have expired.
    pub(super) async fn holder(&self, app: &App, token: &str) -> Result<Client, Refused> {
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

    /// Returns the client that the new token names. If their channel is gone or disabled,
    /// they get no token.
    pub(super) fn client(
        &self,
        app: &App,
        live_chat: &LiveChat,
        earlier: Option<Client>,
    ) -> Result<Client, Refused> {
        let channel = match &earlier {
            Some(client) => ChannelId::parse(&client.channel).and_then(|id| live_chat.channel(&id)),
            None => live_chat.channel_of(ChannelKind::Web),
        };
        let is_open = |channel: &&Channel| channel.is_enabled && channel.kind == ChannelKind::Web;
        let channel = channel.filter(is_open).ok_or(Refused::NotFound)?;
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

/// Returns a text without the space around it, unless nothing is left.
fn given(text: Text, field: &'static str) -> Result<Option<String>, Refused> {
    let text = text.maybe(field)?.map(|text| text.trim().to_owned());
    Ok(text.filter(|text| !text.is_empty()))
}

/// Checks the form of an email address. Only a mail that arrives proves that the address exists.
fn email(text: String) -> Result<String, Refused> {
    bounded(EMAIL, &text, NAME_LENGTH)?;
    let has_both_sides = text
        .rsplit_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    if !has_both_sides || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Refused::invalid(EMAIL, "It must be an address of electronic mail."));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use domain::Channel;
    use domain::name::NameTemplate;
    use serde_json::{Value, json};

    use super::*;
    use crate::testing;

    fn ids() -> (TenantId, LiveChatId) {
        (TenantId::parse("demo").unwrap(), LiveChatId::parse("support").unwrap())
    }

    fn live_chat(kind: ChannelKind) -> LiveChat {
        let channel = Channel::new(ChannelId::parse("web-1").unwrap(), kind, "Web");
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
