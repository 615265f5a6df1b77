//! The channel of a messenger, and the answers that leave by it.

use std::collections::BTreeSet;

use domain::actor::Writer;
use domain::arrival::Incoming;
use domain::delivery::{DeliveryError, ErrorCode, Progress};
use domain::live_chat::{Problem, ProblemCode};
use domain::{ChannelId, ChannelKind, ClientId, SessionId};
use store::arrival::{Arrival, Files};
use store::channel::NewChannel;
use store::delivery::End;
use store::live_chat::FarEnd;
use store::rate::{Counted, Rate};

use super::Story;

impl Story {
    /// Two answers by a messenger: the first failed and is begun anew, and of the second a part has left.
    async fn answers(&self, bot: &ChannelId) -> [(String, &'static str); 2] {
        let (store, tenant) = (self.store.of(&self.tenant), &self.tenant);
        let live_chat = store.live_chat(&self.live_chat.id).await.unwrap().unwrap();
        let writer = Writer {
            id: ClientId::of(tenant, bot, "42"),
            channel: bot.clone(),
            address: Some("42".to_owned()),
            ..self.writer("gina", None, &[])
        };
        let incoming = Incoming {
            text: "Hello".to_owned(),
            attachments: Vec::new(),
            sent_at: None,
            client_message_id: "42:1".to_owned(),
            reply_to: None,
        };
        let arrival = Arrival {
            tenant,
            live_chat: &live_chat,
            channel: live_chat.channel(bot).unwrap(),
            writer: &writer,
            incoming,
            quote: None,
            files: Files::default(),
            is_known_by_id: true,
        };
        let message = self.store.arrive(&arrival).await.unwrap().message;
        let id = SessionId { conversation: message.conversation, ordinal: message.ordinal };
        let ann = self.person("ann");
        self.store.claim(&ann, &id).await.unwrap();
        self.reply(&id, "Good day", None).await;
        self.reply(&id, "A long answer", None).await;
        let of = &id.conversation;
        store.note_due(of, &BTreeSet::from([3, 4])).await.unwrap();
        let mut due = store.due(of).await.unwrap().unwrap();
        let first = store.next_outgoing(&mut due).await.unwrap().unwrap();
        let error = DeliveryError {
            code: ErrorCode::RecipientUnreachable,
            message: "Forbidden: bot was blocked by the user".to_owned(),
        };
        let ids = vec!["42:2".to_owned()];
        let (progress, pace) = (Progress::Failed(error), self.store.now());
        let end = End { progress, external_ids: ids, pace };
        store.end_delivery(&first.answer, None, &end).await.unwrap();
        store.settle(&mut due, 3, Some(pace)).await.unwrap();
        store.note_part(&mut due, 4, "42:3".to_owned(), pace).await.unwrap();
        let until = pace.plus_millis(1000);
        store.postpone(&mut due, until, 1).await.unwrap();
        store.pause_channel(bot, 0, until).await.unwrap();
        let rate = Rate { window_millis: 200, most: 5 };
        assert!(store.count(Counted::Calls(bot), rate, 1).await.unwrap());
        [(id.conversation.to_string(), "<dialog>"), (writer.id.to_string(), "<gina>")]
    }

    /// A channel of a messenger that does not know its new secret yet, and has a problem.
    pub(super) async fn messenger(&mut self) {
        let (store, tenant, chat) = (&self.store, &self.tenant, &self.live_chat.id);
        let far_end = FarEnd {
            reply_url: Some("https://shop.example/answers".to_owned()),
            vendor_id: Some("7".to_owned()),
            sealed: Some("sealed".to_owned()),
        };
        let bot = store.new_channel(ChannelKind::Telegram, "Bot").unwrap();
        let bot = NewChannel { address: Some("@bot".to_owned()), far_end, ..bot };
        store.of(tenant).create_channel(chat, &bot, None).await.unwrap();
        let newer = store.rotate_secret(&bot.id, ChannelKind::Telegram).await.unwrap();
        let again = store.rotate_secret(&bot.id, ChannelKind::Telegram).await.unwrap();
        assert_eq!(newer, again, "until the messenger knows it");
        let problem = |message: &str| Problem {
            code: ProblemCode::Unauthorized,
            message: message.to_owned(),
            since: domain::Timestamp::from_millis(1),
        };
        for message in ["No such bot", "Said again"] {
            let problem = problem(message);
            store.of(tenant).set_problem(chat, &bot.id, Some(&problem)).await.unwrap();
        }
        let NewChannel { id, secret, .. } = bot;
        let derived = self.answers(&id).await;
        self.named.extend(derived);
        self.named.extend([
            (id.to_string(), "<bot>"),
            (secret, "<token>"),
            (newer, "<newer token>"),
        ]);
    }
}
