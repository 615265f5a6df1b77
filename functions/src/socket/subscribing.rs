//! Subscribing: validates an operation whole, registers it, and pushes the current values to it.
//!
//! Subscribing to a session that an employee may not see is the error FORBIDDEN, the same as for a
//! session that does not exist.

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, Variables};
use domain::Caller;
use graphql::Probed;
use graphql::feed::{DeskEvents, Event, Feed};
use serde_json::Value;
use store::Fault;

use super::registering::{is_taken, register};
use super::replay::{Side, replay};
use super::reply::{Origin, answer_once, refuse, refuse_connection};
use super::starting::Starting;
use crate::app::App;
use crate::protocol::{Refusal, Subscribe};
use crate::{fanout, observe};

/// Starts an operation.
pub(super) async fn subscribe(
    app: &App,
    from: &Origin<'_>,
    caller: Caller,
    subscribe: Subscribe,
) -> Result<(), Fault> {
    let id = subscribe.id.clone();
    let mut request = Request::new(&subscribe.query)
        .variables(Variables::from_json(Value::Object(subscribe.variables.clone())));
    if let Some(name) = &subscribe.operation_name {
        request = request.operation_name(name);
    }
    let operation = match app.graphql.read(request, &caller) {
        Ok(operation) => operation,
        Err(error) => return refuse(app, from, &id, vec![error]).await,
    };
    if operation.kind() != OperationType::Subscription && is_taken(app, from, &id).await? {
        return refuse_connection(app, &from.connection.id, &Refusal::subscriber_exists(&id)).await;
    }
    let name = operation.name().map(str::to_owned);
    let observe = |response| {
        observe::operation(name.as_deref(), caller.tenant(), from.request_id, response);
    };
    let subscribed = match app.graphql.probe(operation, caller.clone(), from.request_id).await {
        Probed::Refused(errors) => {
            observe::faulty(&errors);
            return refuse(app, from, &id, errors).await;
        }
        Probed::Answer(executed) => {
            observe(&executed.response);
            fanout::at_once::push(app, caller.tenant(), &executed).await;
            return answer_once(app, from, &id, executed.response).await;
        }
        Probed::Subscribed(subscribed) => subscribed,
    };
    observe(&Response::default());
    let Some(starting) = Starting::new(app, from, caller, &subscribe, &subscribed) else {
        return Ok(());
    };
    if !register(app, from, &starting.subscription, &starting.serialised).await? {
        return Ok(());
    }
    match (subscribed.feed, subscribed.after_seq, subscribed.conversation) {
        (Feed::Desk, ..) => starting.push(Event::Desk(DeskEvents::first())).await,
        (Feed::Counters, ..) => starting.push(Event::Counters).await,
        (Feed::Sessions, ..) => starting.push(Event::Ready).await,
        (Feed::Messages(session) | Feed::Dialog(session), Some(after), _) => {
            replay(&starting, Side::Desk(session), after).await
        }
        (Feed::ConversationMessages, Some(after), Some(conversation)) => {
            replay(&starting, Side::Client(conversation), after).await
        }
        (Feed::Messages(session) | Feed::Dialog(session) | Feed::Typing(session), ..) => {
            // Out of sight between validation and registration: the fan-out heard nothing of it.
            if !starting.may_read(&session).await? {
                starting.complete().await?;
            }
            Ok(())
        }
        (
            Feed::Alerts | Feed::Presence | Feed::ConversationMessages | Feed::ConversationTyping,
            ..,
        ) => Ok(()),
    }
}
