//! Messages and notes of employees.

use domain::access::Act;
use domain::attachment::Uploader;
use domain::live_chat::WayOut;
use domain::reply::{self, Note, Quote, Reply, Seen};
use domain::{Channel, Outcome, Person, SessionId};

use super::{Acted, Snapshot, Wanted};
use crate::attachment::Attaching;
use crate::receipt::{self, Claimcheck, content_hash};
use crate::table::key::Sender;
use crate::{Failure, Store};

/// An operator's message, within the bounds of its arguments.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    /// The text.
    pub text: &'a str,
    /// The files that it attaches.
    pub attaching: &'a Attaching,
    /// The id that the sender gave it.
    pub client_message_id: &'a str,
    /// The entry it quotes.
    pub reply_to: Option<u64>,
    /// The entry up to which the operator had read; all that stood there, if it is not stated.
    pub read_up_to: Option<u64>,
}

impl Store {
    /// Writes a message of an operator to the client. It claims a queued session.
    ///
    /// # Errors
    /// The refusals of [`reply::reply`]; a [`Fault`](crate::Fault) of the state.
    pub async fn reply(
        &self,
        person: &Person,
        id: &SessionId,
        answer: &Answer<'_>,
    ) -> Result<Acted, Failure> {
        let files = &answer.attaching.ids;
        let hash = content_hash("reply", Some(id), answer.text, answer.reply_to, files);
        let wanted = Wanted {
            check: Some(check(person, id, answer.client_message_id, hash)),
            entries: answer.reply_to.into_iter().chain(answer.read_up_to).collect(),
            assignee: None,
            channel: true,
            attachments: files.clone(),
        };
        let by = Uploader::Employee(person.id.clone());
        let mut seen: Option<Seen> = None;
        self.act(person, id, wanted, |read, now| {
            let seen = *seen.get_or_insert_with(|| seen_by(read, answer.read_up_to));
            let quote = match answer.reply_to {
                None => Quote::Nothing,
                Some(seq) => read.entry(seq).map_or(Quote::Missing, Quote::Entry),
            };
            let reply = Reply {
                text: answer.text,
                attachments: answer.attaching.of(read.attachments.clone(), &by, now),
                client_message_id: answer.client_message_id,
                quote,
                seen,
                read_up_to: answer.read_up_to,
                way_out: read.channel.as_ref().map_or(WayOut::Nowhere, Channel::way_out),
            };
            let change = reply::reply(read.turn(now), &reply)?;
            Ok(Outcome::Changed(Box::new(change)))
        })
        .await
    }

    /// Checks that a person may attach files to the dialog of a session now: that they may answer or
    /// write a note there.
    ///
    /// # Errors
    /// The refusals of an answer; a [`Fault`](crate::Fault) of the state.
    pub async fn admit_upload(&self, person: &Person, id: &SessionId) -> Result<(), Failure> {
        let read = self.read(person, id, &Wanted::default()).await?;
        let turn = read.turn(self.now());
        let refused = turn.admit(Act::Reply).err();
        match refused.filter(|_| turn.admit(Act::Note).is_err()) {
            Some(refusal) => Err(refusal.into()),
            None => Ok(()),
        }
    }

    /// Writes a note.
    ///
    /// # Errors
    /// The refusals of [`reply::note`]; a [`Fault`](crate::Fault) of the state.
    pub async fn note(
        &self,
        person: &Person,
        id: &SessionId,
        text: &str,
        attaching: &Attaching,
        client_message_id: &str,
    ) -> Result<Acted, Failure> {
        let hash = content_hash("note", Some(id), text, None, &attaching.ids);
        let wanted = Wanted {
            check: Some(check(person, id, client_message_id, hash)),
            attachments: attaching.ids.clone(),
            ..Wanted::default()
        };
        let by = Uploader::Employee(person.id.clone());
        self.act(person, id, wanted, |read, now| {
            let attachments = attaching.of(read.attachments.clone(), &by, now);
            let note = Note { text, attachments, client_message_id };
            let change = reply::note(read.turn(now), &note)?;
            Ok(Outcome::Changed(Box::new(change)))
        })
        .await
    }
}

fn check(person: &Person, id: &SessionId, message: &str, hash: String) -> Claimcheck {
    let sender = person.id.as_str();
    let key = receipt::key_for(&person.tenant, &id.conversation, Sender::Employee, sender, message);
    Claimcheck { key, hash }
}

fn seen_by(read: &Snapshot, read_up_to: Option<u64>) -> Seen {
    let Some(seq) = read_up_to else {
        return Seen { incoming: read.session.incoming, seq: read.session.seq };
    };
    let incoming = read
        .entry(seq)
        .filter(|entry| entry.ordinal == read.session.id.ordinal)
        .map_or(0, |entry| entry.incoming);
    Seen { incoming, seq: seq.min(read.session.seq) }
}
