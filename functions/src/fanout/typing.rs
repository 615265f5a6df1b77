//! Pushes of typing, from the function that executed the request.
//!
//! Typing is not stored, so no stream record carries it. A push that fails makes nothing else fail,
//! because the page sends again soon that somebody types.

use domain::{Caller, TenantId, typing};
use futures::future::join_all;
use graphql::Typist;
use graphql::feed::Event;
use store::Fault;
use store::connection::Topic;

use crate::app::App;
use crate::fanout::delivery::Delivery;
use crate::fanout::dialog::{followers, permitted, queue};
use crate::fanout::subscriber::Subscriber;

/// Pushes typing signals to the subscribers to the dialogs concerned.
pub(super) async fn push(app: &App, tenant: &TenantId, typists: &[Typist]) {
    let pushed = typists.iter().map(|typist| push_one(app, tenant, typist));
    for fault in join_all(pushed).await.into_iter().filter_map(Result::err) {
        tracing::warn!(%fault, "a typing signal was not pushed");
    }
}

async fn push_one(app: &App, tenant: &TenantId, typist: &Typist) -> Result<(), Fault> {
    let delivery = Delivery::new(app, tenant.clone());
    let conversation = typist.session.id.conversation.clone();
    let desk = Topic::Dialog(tenant.clone(), conversation.clone());
    let mut following = followers(app, &desk, &delivery).await?;
    following.retain(is_of_typing);
    following =
        permitted(app, (&typist.session.id, &typist.session.live_chat), following, &delivery)
            .await?;
    if typing::is_for_client(&typist.session, &typist.by) {
        let client = Topic::Client(tenant.clone(), conversation);
        let clients = followers(app, &client, &delivery).await?;
        following.extend(clients.into_iter().filter(is_of_typing));
    }
    following.retain(|follower| match &follower.operation.caller {
        Caller::Employee { person, .. } => typing::is_for(&person.id, &typist.by),
        Caller::Client { .. } | Caller::Nobody => true,
    });
    queue(following, &[Event::Typing(typist.clone())], &delivery).await?;
    delivery.post().await
}

fn is_of_typing(follower: &Subscriber) -> bool {
    follower.operation.document.feed.has_typing()
}
