//! Subscribing: validates an operation whole, registers it, and pushes the current values to it.
//!
//! Subscribing to a session that an employee may not see is the error FORBIDDEN, the same as for a
//! session that does not exist.

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, Variables};
use domain::Caller;
use graphql::Probed;
use graphql::feed::{Event, Topic};
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
    let told = |response| {
        observe::operation(name.as_deref(), caller.tenant(), from.request_id, response);
    };
    let subscribed = match app.graphql.probe(operation, caller.clone(), from.request_id).await {
        Probed::Refused(errors) => {
            observe::faulty(&errors);
            return refuse(app, from, &id, errors).await;
        }
        Probed::Answer(executed) => {
            told(&executed.response);
            fanout::typing::tell(app, caller.tenant(), &executed.typists).await;
            return answer_once(app, from, &id, executed.response).await;
        }
        Probed::Subscribed(subscribed) => subscribed,
    };
    told(&Response::default());
    let Some(starting) = Starting::new(app, from, caller, &subscribe, &subscribed) else {
        return Ok(());
    };
    if !register(app, from, &starting.listener).await? {
        return Ok(());
    }
    match subscribed.topic {
        Topic::Counters => starting.push(Event::Counters).await,
        Topic::Sessions(_) => starting.push(Event::Ready).await,
        Topic::Messages(session, Some(after)) | Topic::Dialog(session, Some(after)) => {
            replay(&starting, Side::Desk(session), after).await
        }
        Topic::ConversationMessages(conversation, Some(after)) => {
            replay(&starting, Side::Client(conversation), after).await
        }
        Topic::Messages(session, None) | Topic::Dialog(session, None) | Topic::Typing(session) => {
            // Out of sight between validation and registration: the fan-out heard nothing of it.
            if !starting.may_read(&session).await? {
                starting.complete().await?;
            }
            Ok(())
        }
        Topic::Alerts
        | Topic::Presence(_)
        | Topic::ConversationMessages(_, None)
        | Topic::ConversationTyping(_) => Ok(()),
    }
}
