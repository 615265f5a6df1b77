//! Callers: makes the caller of a request from the claims of a verified token.

use domain::Caller;
use domain::Person;
use domain::{ChannelId, ClientId, EmployeeId, LiveChatId, TenantId};

use crate::identity::{Claims, Subject, Unverified};

pub use domain::actor::NAMELESS;

/// Returns the caller that the verified claims describe.
///
/// # Errors
/// [`Unverified::Malformed`] for claims whose ids cannot be ids here.
pub fn caller(claims: Claims) -> Result<Caller, Unverified> {
    named(claims).ok_or(Unverified::Malformed)
}

fn named(claims: Claims) -> Option<Caller> {
    let tenant = TenantId::parse(&claims.tenant)?;
    Some(match claims.subject {
        Subject::Employee(employee) => Caller::Employee {
            person: Person { tenant, id: EmployeeId::parse(&employee.id)?, name: employee.name },
            is_administrator: employee.is_administrator,
        },
        Subject::Client(client) => {
            let channel = ChannelId::parse(&client.channel)?;
            let id = ClientId::of(&tenant, &channel, &client.external_id);
            Caller::Client {
                live_chat: LiveChatId::parse(&client.live_chat)?,
                client: id,
                channel,
                tenant,
                name: client.name.unwrap_or_else(|| NAMELESS.to_owned()),
                contacts: client.contacts.into_iter().map(|c| (c.kind, c.value)).collect(),
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::{Client, Contact, Employee};

    fn claims(subject: Subject) -> Claims {
        Claims { tenant: "demo".to_owned(), subject, expires_at_seconds: 0 }
    }

    fn employee(id: &str) -> Subject {
        Subject::Employee(Employee {
            id: id.to_owned(),
            name: "Ann".to_owned(),
            is_administrator: true,
        })
    }

    #[test]
    fn an_employee_is_who_the_token_names() {
        let Ok(Caller::Employee { person, is_administrator }) = caller(claims(employee("ann")))
        else {
            panic!("an employee")
        };
        assert_eq!((person.tenant.as_str(), person.id.as_str()), ("demo", "ann"));
        assert_eq!(person.name, "Ann");
        assert!(is_administrator);
    }

    #[test]
    fn an_id_that_would_break_a_key_is_refused() {
        for id in ["a#b", "a b", &"ы".repeat(100)] {
            assert_eq!(caller(claims(employee(id))), Err(Unverified::Malformed), "{id}");
        }
    }

    #[test]
    fn a_client_is_known_by_channel_and_external_id_and_has_a_name() {
        let client = |name: Option<&str>| {
            caller(claims(Subject::Client(Client {
                live_chat: "support".to_owned(),
                channel: "web".to_owned(),
                external_id: "x 1".to_owned(),
                name: name.map(str::to_owned),
                contacts: vec![Contact { kind: "email".to_owned(), value: "z@x.y".to_owned() }],
            })))
        };
        let Ok(Caller::Client { client: id, name, contacts, .. }) = client(None) else {
            panic!("a client")
        };
        let (tenant, channel) =
            (TenantId::parse("demo").unwrap(), ChannelId::parse("web").unwrap());
        assert_eq!(id, ClientId::of(&tenant, &channel, "x 1"));
        assert_eq!(name, NAMELESS);
        assert_eq!(contacts, [("email".to_owned(), "z@x.y".to_owned())]);
        assert!(matches!(client(Some("Zoë")), Ok(Caller::Client { name, .. }) if name == "Zoë"));
    }
}
