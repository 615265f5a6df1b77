//! The guard of lists: a push never reads one.

use async_graphql::{Context, Error, Guard};

use crate::error::Code;

/// The fields with pages of the objects that a subscription leads to. The probe of a subscription
/// reaches no fields and so no guards: it refuses the fields by these names.
pub(crate) const PAGED: [&str; 6] =
    ["items", "messages", "searchMessages", "searchSessions", "sessions", "templates"];

/// The mark of a request that cannot select lists, among the data of its context.
pub(crate) struct NoLists;

/// The guard of the fields with pages. It refuses them where [`NoLists`] marks the request.
pub(crate) struct QueryOnly;

impl Guard for QueryOnly {
    async fn check(&self, context: &Context<'_>) -> Result<(), Error> {
        context.data_opt::<NoLists>().map_or(Ok(()), |NoLists| Err(no_lists()))
    }
}

/// Returns the error of a subscription that selects a list.
pub(crate) fn no_lists() -> Error {
    Code::BadUserInput.error("A subscription cannot ask for lists: query them.")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use async_graphql::parser::parse_schema;
    use async_graphql::parser::types::{FieldDefinition, TypeKind, TypeSystemDefinition};
    use async_graphql::{EmptyMutation, EmptySubscription, Object, Request, Schema};
    use domain::actor::Writer;
    use domain::arrival::{Incoming, Place, arrive};
    use domain::name::NameTemplate;
    use domain::{AppId, ChannelId, ClientId, ConversationId, ItemId, LiveChatId, Timestamp};
    use domain::{Channel, ChannelKind};

    use super::*;
    use crate::object::administration::Administration;
    use crate::object::app::{App, Item};
    use crate::object::client::Client;
    use crate::object::conversation::Conversation;
    use crate::object::live_chat::LiveChat;
    use crate::object::session::Session;
    use crate::service::schema;
    use crate::viewer::Viewer;

    /// Returns every field that pages, with its type, from the schema.
    fn paged() -> Vec<(String, FieldDefinition)> {
        let document = parse_schema(schema().finish().sdl()).unwrap();
        let mut paged = Vec::new();
        for definition in document.definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let TypeKind::Object(object) = definition.node.kind else { continue };
            let fields = object.fields.into_iter().map(|field| field.node);
            let fields = fields.filter(|field| field.ty.to_string().contains("Connection"));
            paged.extend(fields.map(|field| (definition.node.name.node.to_string(), field)));
        }
        paged
    }

    #[test]
    fn the_probe_knows_every_field_that_pages() {
        // No subscription leads to the administration.
        let paged = paged().into_iter().filter(|(object, _)| object != "Administration");
        let names: BTreeSet<_> = paged.map(|(_, field)| field.name.node.to_string()).collect();
        assert_eq!(names.into_iter().collect::<Vec<_>>(), PAGED);
    }

    #[tokio::test]
    async fn every_field_that_pages_has_the_guard() {
        let schema = Schema::new(Objects, EmptyMutation, EmptySubscription);
        for (object, field) in paged() {
            let (first, rest) = object.split_at(1);
            let object = first.to_lowercase() + rest;
            let document = format!(
                "{{ {object} {{ {}{} {{ __typename }} }} }}",
                field.name.node,
                arguments(&field)
            );
            let response = schema.execute(Request::new(&document).data(NoLists)).await;
            let errors: Vec<_> = response.errors.iter().map(|error| &error.message).collect();
            assert_eq!(errors, [&no_lists().message], "{document}");
        }
    }

    /// Returns the arguments that a field requires, with some value.
    fn arguments(field: &FieldDefinition) -> String {
        let values = field.arguments.iter().filter_map(|argument| {
            let value = match argument.node.ty.to_string().as_str() {
                "Int!" => "1",
                "String!" => "\"a\"",
                "SessionGroup!" => "MY",
                optional if !optional.ends_with('!') => return None,
                other => panic!("no value of type {other}"),
            };
            Some(format!("{}: {value}", argument.node.name.node))
        });
        let values: Vec<_> = values.collect();
        if values.is_empty() { String::new() } else { format!("({})", values.join(", ")) }
    }

    fn place() -> domain::LiveChat {
        let id = ChannelId::parse("web").unwrap();
        domain::LiveChat {
            id: LiveChatId::parse("support").unwrap(),
            name: "Support".to_owned(),
            template: NameTemplate::parse("{client}").unwrap(),
            origins: Vec::new(),
            channels: vec![Channel::new(id, ChannelKind::Web, "Web")],
        }
    }

    fn writer() -> Writer {
        Writer {
            id: ClientId::parse("client").unwrap(),
            name: "Carl".to_owned(),
            is_named: true,
            employee: None,
            channel: ChannelId::parse("web").unwrap(),
            contacts: Vec::new(),
            address: None,
        }
    }

    fn session() -> domain::Session {
        let domain::LiveChat { id, name, template, .. } = place();
        let place = Place {
            live_chat: &id,
            live_chat_name: &name,
            channel_name: "Web",
            template: &template,
        };
        let conversation = ConversationId::parse("abc").unwrap();
        let incoming = Incoming {
            text: "Hello".to_owned(),
            attachments: Vec::new(),
            sent_at: None,
            client_message_id: "1".to_owned(),
            reply_to: None,
        };
        let now = Timestamp::from_millis(0);
        arrive(None, &conversation, &writer(), &incoming, &place, now).unwrap().session
    }

    /// A root with every object that has fields with pages.
    struct Objects;

    #[Object]
    impl Objects {
        async fn viewer(&self) -> Viewer {
            Viewer
        }

        async fn administration(&self) -> Administration {
            Administration
        }

        async fn live_chat(&self) -> LiveChat {
            LiveChat(place().id)
        }

        async fn app(&self) -> App {
            App(AppId::parse("orders").unwrap())
        }

        async fn item(&self) -> Item {
            Item(ItemId::parse("orders.7").unwrap())
        }

        async fn session(&self) -> Session {
            Session::new(session())
        }

        async fn client(&self) -> Client {
            Client::of(&session())
        }

        async fn conversation(&self) -> Conversation {
            let (place, writer) = (place(), writer());
            let channel = place.channels.first().unwrap().clone();
            Conversation { place, channel, writer, id: session().id.conversation }
        }
    }
}
