//! Mutations: a file for each noun, with the payloads and the resolvers of its mutations.

mod app;
mod argument;
mod assignment;
mod binding;
mod channel;
mod conversation;
mod live_chat;
mod member;
mod message;
mod presence;
mod read_mark;
mod result;
mod session;
mod template;
mod typing;
mod upload;

use async_graphql::MergedObject;

/// The changes that you can make. Mutations for clients and for administrators say so. All others
/// are for employees: their error for a client's token is `FORBIDDEN`.
///
/// A refused mutation is no error of the request: the reason stands in `userErrors` of its result.
/// Every mutation may be refused with `INVALID` for a wrong argument and with `NOT_FOUND` for an
/// object that does not exist or that you may not see; the descriptions name the other reasons.
/// `FORBIDDEN` is also the refusal of any change to an earlier session that you may read only
/// because you see a later one.
///
/// The lengths of texts are counted in Unicode code points.
#[derive(MergedObject, Default)]
pub struct Mutation(
    presence::PresenceMutation,
    assignment::AssignmentMutation,
    message::MessageMutation,
    read_mark::ReadMarkMutation,
    session::SessionMutation,
    conversation::ConversationMutation,
    live_chat::LiveChatMutation,
    member::MemberMutation,
    channel::ChannelMutation,
    typing::TypingMutation,
    binding::BindingMutation,
    app::AppMutation,
    template::TemplateMutation,
    upload::UploadMutation,
);
