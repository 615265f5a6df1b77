//! What an answer becomes for its messenger: its parts, and the call for each.

use domain::split::{code_points, split, utf16_units};
use domain::{Attached, ChannelKind, Message, Timestamp};
use store::Fault;
use store::live_chat::Route;

use crate::channel::{Call, Outcome, Outgoing, Sent, telegram, webhook, whatsapp};
use crate::messenger::{Answer, Target};
use crate::outside::Outside;
use crate::vault::Credentials;

/// The id of one part of an answer, as the messenger gets it and repeats it in receipts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct DeliveryId {
    /// The number of the answer.
    pub(crate) seq: u64,
    /// The number of times that its delivery was begun anew.
    pub(crate) restarts: u32,
    /// The part, from 1.
    pub(crate) part: usize,
    /// The number of parts.
    pub(crate) parts: usize,
}

impl DeliveryId {
    /// Writes it for an answer of a conversation.
    pub(crate) fn print(&self, conversation: &str) -> String {
        let Self { seq, restarts, part, parts } = self;
        format!("{conversation}.{seq}.{restarts}.{part}-{parts}")
    }

    /// Reads the conversation and the id; none for a text of another shape.
    pub(crate) fn parse(text: &str) -> Option<(domain::ConversationId, Self)> {
        let mut fields = text.split('.');
        let conversation = domain::ConversationId::parse(fields.next()?)?;
        let (seq, restarts) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        let (part, parts) = fields.next()?.split_once('-')?;
        let (part, parts) = (part.parse().ok()?, parts.parse().ok()?);
        let is_whole = fields.next().is_none() && (1..=parts).contains(&part);
        is_whole.then_some((conversation, Self { seq, restarts, part, parts }))
    }

    /// Returns true for the last part, whose state is that of the answer.
    pub(crate) const fn is_last(&self) -> bool {
        self.part == self.parts
    }
}

/// A part of an answer, as one call sends it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Piece<'a> {
    /// A text, not longer than the messenger takes.
    Text(&'a str),
    /// A file, where the messenger takes one at a time.
    File(&'a Attached),
}

/// Returns the parts of an answer for a kind of channels: its text, then its files. A webhook gets links to
/// the files beside the text.
pub(crate) fn parts(kind: ChannelKind, answer: &Message) -> Vec<Piece<'_>> {
    let text = answer.text.as_str();
    let texts = match kind {
        ChannelKind::Telegram => split(text, telegram::TEXT_LENGTH, utf16_units),
        ChannelKind::Whatsapp => split(text, whatsapp::TEXT_LENGTH, code_points),
        _ if text.is_empty() => vec![text],
        _ => split(text, webhook::TEXT_LENGTH, code_points),
    };
    let takes_links = !matches!(kind, ChannelKind::Telegram | ChannelKind::Whatsapp);
    let files = answer.attachments.iter().filter(|_| !takes_links).map(Piece::File);
    let texts = texts.into_iter().filter(|text| takes_links || !text.trim().is_empty());
    texts.map(Piece::Text).chain(files).collect()
}

/// Returns the call that gives a file to the messenger before the message that names it. None where the
/// message has it in it.
///
/// # Errors
/// A [`Fault`] of the vault.
pub(super) async fn upload(
    outside: &Outside,
    kind: ChannelKind,
    route: &Route,
    file: &Sent<'_>,
) -> Result<Option<Call>, Fault> {
    let far_end = &route.far_end;
    let (ChannelKind::Whatsapp, Some(sealed), Some(number)) =
        (kind, &far_end.sealed, &far_end.vendor_id)
    else {
        return Ok(None);
    };
    let credentials = outside.vault.open(&route.tenant, &route.channel, sealed).await?;
    let Credentials::WhatsApp { access_token, .. } = &credentials else { return Ok(None) };
    let (base, version) = (&outside.addresses.whatsapp, &outside.addresses.whatsapp_version);
    Ok(Some(whatsapp::upload(base, version, number, access_token, file)))
}

/// Returns the call that sends a part, and the kind of its target. None if the channel has no other
/// end for it.
///
/// # Errors
/// A [`Fault`] of the vault.
pub(super) async fn call(
    outside: &Outside,
    kind: ChannelKind,
    route: &Route,
    outgoing: &Outgoing<'_>,
    now: Timestamp,
) -> Result<Option<(Call, Target)>, Fault> {
    let far_end = &route.far_end;
    if kind == ChannelKind::Webhook {
        let secrets: Vec<&str> = route.secrets.iter().map(String::as_str).collect();
        return Ok(far_end.reply_url.as_deref().map(|url| {
            let call = webhook::deliver(url, &secrets, outgoing, now.as_seconds());
            (call, Target::Public)
        }));
    }
    let Some(sealed) = &far_end.sealed else { return Ok(None) };
    let credentials = outside.vault.open(&route.tenant, &route.channel, sealed).await?;
    let addresses = &outside.addresses;
    let call = match (kind, &credentials, &far_end.vendor_id) {
        (ChannelKind::Telegram, Credentials::Telegram { bot_token }, _) => {
            telegram::deliver(&addresses.telegram, bot_token, outgoing)
        }
        (ChannelKind::Whatsapp, Credentials::WhatsApp { access_token, .. }, Some(number)) => {
            let (base, version) = (&addresses.whatsapp, &addresses.whatsapp_version);
            whatsapp::deliver(base, version, number, access_token, outgoing)
        }
        _ => return Ok(None),
    };
    Ok(Some((call, Target::Vendor)))
}

/// Returns the meaning of an answer.
pub(super) fn outcome(
    kind: ChannelKind,
    answer: &Answer,
    delivery_id: &str,
    now: Timestamp,
) -> Outcome {
    match kind {
        ChannelKind::Telegram => telegram::outcome(answer.status, &answer.body),
        ChannelKind::Whatsapp => whatsapp::outcome(answer.status, &answer.body),
        _ => match webhook::outcome(answer.status, answer.retry_after.as_deref(), now) {
            // The other system knows the message by the id that it came with, and quotes it so.
            Outcome::Sent { .. } => Outcome::Sent { external_id: Some(delivery_id.to_owned()) },
            other => other,
        },
    }
}

/// Returns the messenger's own id of a client's message.
pub(super) fn id_of_client_message(message: &Message) -> Option<String> {
    message.client_message_id.clone().filter(|_| message.kind == domain::Kind::Client)
}

#[cfg(test)]
mod tests {
    use domain::attachment::{ContentType, FileName};

    use super::*;

    #[test]
    fn a_delivery_id_reads_back_and_another_text_is_none() {
        let id = DeliveryId { seq: 12, restarts: 1, part: 2, parts: 3 };
        let printed = id.print("abc");
        assert_eq!(printed, "abc.12.1.2-3");
        let conversation = domain::ConversationId::parse("abc").unwrap();
        assert_eq!(DeliveryId::parse(&printed), Some((conversation, id.clone())));
        assert!(!id.is_last() && DeliveryId { part: 3, ..id }.is_last());
        for wrong in ["", "abc", "abc.12.1", "abc.12.1.2", "abc.x.1.1-1", "abc.1.1.1-1.1"] {
            assert_eq!(DeliveryId::parse(wrong), None, "{wrong}");
        }
        assert_eq!(
            (DeliveryId::parse("abc.1.0.0-1"), DeliveryId::parse("abc.1.0.2-1")),
            (None, None)
        );
    }

    fn answer(text: &str, files: usize) -> Message {
        let file = |place: usize| Attached {
            id: domain::AttachmentId::parse(&place.to_string()).unwrap(),
            name: FileName::parse("a.png").unwrap(),
            claimed: ContentType::parse("image/png").unwrap(),
        };
        Message {
            conversation: domain::ConversationId::parse("c").unwrap(),
            seq: 1,
            client_seq: 1,
            incoming: 0,
            ordinal: 1,
            kind: domain::Kind::Operator,
            author: domain::Author::System,
            channel: None,
            text: text.to_owned(),
            attachments: (0..files).map(file).collect(),
            sent_at: Timestamp::default(),
            client_message_id: None,
            reply_to: None,
            event: None,
            leaves_after: Some(0),
        }
    }

    #[test]
    fn a_text_is_split_only_where_its_messenger_needs_it() {
        let long = answer(&"word ".repeat(1_500), 0);
        assert_eq!(parts(ChannelKind::Telegram, &long).len(), 2);
        assert_eq!(parts(ChannelKind::Whatsapp, &long).len(), 2);
        assert_eq!(parts(ChannelKind::Webhook, &long).len(), 1);
    }

    #[test]
    fn each_file_is_a_part_where_the_messenger_takes_no_links() {
        let is_text = |piece: &Piece<'_>| matches!(piece, Piece::Text(_));
        for (kind, text, parts_of) in [
            (ChannelKind::Telegram, "Look", vec![true, false, false]),
            (ChannelKind::Whatsapp, "", vec![false, false]),
            (ChannelKind::Webhook, "Look", vec![true]),
            (ChannelKind::Webhook, "", vec![true]),
        ] {
            let answer = answer(text, 2);
            let parts: Vec<_> = parts(kind, &answer).iter().map(is_text).collect();
            assert_eq!(parts, parts_of, "{kind:?} {text:?}");
        }
    }
}
