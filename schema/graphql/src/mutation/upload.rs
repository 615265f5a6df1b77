//! Uploads: createUpload.

use async_graphql::{Context, Description, ID, Object, Result, SimpleObject};
use domain::attachment::{self, ContentType, FileName, State, UPLOADING_MILLIS, Uploader};
use domain::id::fresh;
use domain::{AttachmentId, Caller, ClientId, ConversationId, Refusal, TenantId, Timestamp};
use store::rate::{Counted, Rate};

use crate::answer::{Stop, answer, payload};
use crate::files::Form;
use crate::id::GlobalId;
use crate::object::conversation::Conversation;
use crate::request::{Request, missing, request};
use crate::scalar::DateTime;

/// The window of the quotas, in milliseconds.
const DAY_MILLIS: u64 = 24 * 60 * 60 * 1000;

payload!(
    /// The result of `createUpload`.
    CreateUploadPayload {
        /// The upload, or null if the mutation was refused.
        upload: Upload,
    }
);

/// An upload: where to send the bytes of a file. Post them to `url` as `multipart/form-data`: first the
/// fields, in their order, then a field `file` with the bytes. Then attach the file to a message.
#[derive(Clone, Description)]
pub struct Upload {
    id: AttachmentId,
    of: ConversationId,
    form: Form,
    expires_at: Timestamp,
}

/// A field of the form of an upload.
#[derive(SimpleObject, Clone, Debug)]
pub struct UploadField {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
}

#[Object(use_type_description)]
impl Upload {
    /// The global id, by which a message attaches the file within a day. The attachment has the same.
    async fn id(&self, context: &Context<'_>) -> Result<ID> {
        request(context)?.id(&GlobalId::Attachment(self.of.clone(), self.id.clone()))
    }

    /// The address that takes the bytes.
    async fn url(&self) -> &str {
        &self.form.url
    }

    /// The fields of the form before `file`.
    #[graphql(complexity = "10 * child_complexity")]
    async fn fields(&self) -> Vec<UploadField> {
        let fields = self.form.fields.iter().cloned();
        fields.map(|(name, value)| UploadField { name, value }).collect()
    }

    /// The time after which the address takes the bytes no longer.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.expires_at)
    }
}

/// The mutation that asks for uploads.
#[derive(Default)]
pub struct UploadMutation;

#[Object]
impl UploadMutation {
    /// Asks for the upload of a file. The bytes go from the page to `Upload.url`, and never through this
    /// API. Attach the file within a day, once, in the dialog that you asked for it in.
    ///
    /// Refusals:
    /// - `FORBIDDEN`, `OPERATOR_OFFLINE`, `SESSION_CLOSED`, `ALREADY_CLAIMED`: as for `sendMessage`, if you
    ///   may not write a note there either.
    /// - `LIMIT`: you or your company have uploaded too many bytes today.
    async fn create_upload(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The global id of the session, for employees at the desk.")]
        session_id: Option<ID>,
        #[graphql(
            desc = "The global id of the live chat, for an internal client. The token of any \
                    other client names the live chat."
        )]
        live_chat_id: Option<ID>,
        #[graphql(
            desc = "The name of the file, at most 255 bytes of UTF-8. Of a path the last part is \
                    taken; control characters are left out."
        )]
        name: String,
        #[graphql(desc = "The media type, such as `image/png`. It is compared with the bytes.")]
        content_type: String,
        #[graphql(desc = "The exact number of bytes, 1 to 26214400 (25 MB).")] size: i32,
    ) -> Result<CreateUploadPayload> {
        answer(async {
            let request = request(context)?;
            let tenant = request.tenant()?;
            let wrong = |field, message: &str| Refusal::invalid(field, message);
            let name = FileName::parse(&name);
            let name = name.ok_or_else(|| wrong("name", "It is no name of a file."))?;
            let claimed = ContentType::parse(&content_type);
            let claimed = claimed
                .ok_or_else(|| wrong("contentType", "It is no media type: image/png is one."))?;
            let size =
                u64::try_from(size).ok().filter(|size| (1..=attachment::MOST_BYTES).contains(size));
            let size = size.ok_or_else(|| wrong("size", "It must be 1 to 26214400 bytes."))?;
            let (conversation, by) =
                destination(request, session_id.as_ref(), live_chat_id.as_ref()).await?;
            count_bytes(request, &by, size).await?;
            let now = request.store.now();
            let id = AttachmentId::parse(&fresh(request.store.random())).ok_or_else(missing)?;
            let file = domain::Attachment {
                conversation,
                id,
                name,
                claimed,
                size,
                by,
                expires_at: Some(now.plus_millis(attachment::UNATTACHED_MILLIS)),
                seq: None,
                state: State::Pending,
                external_id: None,
            };
            let upload = store_upload(request, tenant, file, now).await?;
            Ok(CreateUploadPayload { upload: Some(upload), ..Default::default() })
        })
        .await
    }
}

async fn store_upload(
    request: &Request,
    tenant: &TenantId,
    file: domain::Attachment,
    now: Timestamp,
) -> Result<Upload, Stop> {
    let expires_at = now.plus_millis(UPLOADING_MILLIS);
    let form = request.files.form(tenant, &file, now, expires_at)?;
    request.tenant_store()?.ask_for_upload(&file).await?;
    Ok(Upload { id: file.id, of: file.conversation, form, expires_at })
}

/// Returns the conversation that an upload is for, and who asks for it.
async fn destination(
    request: &Request,
    session: Option<&ID>,
    live_chat: Option<&ID>,
) -> Result<(ConversationId, Uploader), Stop> {
    if let Some(session) = session {
        let person = request.person()?;
        let id = match request.named(session) {
            Some(GlobalId::Session(id)) => id,
            _ => return Err(Refusal::NotFound.into()),
        };
        request.store.admit_upload(person, &id).await?;
        return Ok((id.conversation, Uploader::Employee(person.id.clone())));
    }
    let conversation = Conversation::of(request, live_chat).await?.ok_or(Refusal::NotFound)?;
    if !conversation.channel.is_enabled {
        return Err(Refusal::NotFound.into());
    }
    Ok((conversation.id, Uploader::Client(conversation.writer.id)))
}

/// Counts the bytes of an upload for its client and for the tenant.
async fn count_bytes(request: &Request, by: &Uploader, size: u64) -> Result<(), Stop> {
    let (store, quotas) = (request.tenant_store()?, request.files.quotas());
    let day = |most| Rate { window_millis: DAY_MILLIS, most };
    if let Some(client) = visitor(&request.caller, by)
        && !store.count(Counted::BytesOfClient(client), day(quotas.client), size).await?
    {
        return Err(Refusal::limit("You have uploaded too many bytes today.").into());
    }
    if !store.count(Counted::BytesOfTenant, day(quotas.tenant), size).await? {
        return Err(Refusal::limit("Your company has uploaded too many bytes today.").into());
    }
    Ok(())
}

/// Returns the visitor whose bytes are counted: employees are known by name.
const fn visitor<'a>(caller: &Caller, by: &'a Uploader) -> Option<&'a ClientId> {
    match (caller, by) {
        (Caller::Client { .. }, Uploader::Client(id)) => Some(id),
        _ => None,
    }
}
