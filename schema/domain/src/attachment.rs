//! Attachments: the files of messages and notes. What may be uploaded and attached, under which name and
//! type it is shown, and how long a link to it stays the same.
//!
//! Nothing a sender claims decides how a file is shown: its type is the one found in its bytes, and a page
//! opens only the few types that run nothing.

mod content_type;
mod file_name;

use std::collections::BTreeSet;

use crate::{AttachmentId, ClientId, ConversationId, EmployeeId, Refusal, Timestamp};

pub use content_type::ContentType;
pub use file_name::FileName;

/// The most bytes of a file.
pub const MOST_BYTES: u64 = 25 * 1024 * 1024;
/// The most files of a message.
pub const MOST_OF_MESSAGE: usize = 10;
/// The time within which an upload has to be attached, in milliseconds.
pub const UNATTACHED_MILLIS: u64 = 24 * 60 * 60 * 1000;
/// The time within which the bytes of an upload have to be sent, in milliseconds.
pub const UPLOADING_MILLIS: u64 = 60 * 60 * 1000;
/// The most pixels of a picture of which a thumbnail is made.
pub const MOST_PIXELS: u64 = 50_000_000;
/// The longest side of a thumbnail, in pixels.
pub const THUMBNAIL: u32 = 320;
/// The time after which a link is signed anew, in milliseconds. Each is valid for twice as long, so that
/// it is good for at least this time whenever somebody gets it.
pub const LINK_MILLIS: u64 = 60 * 60 * 1000;

/// The argument that names what is attached.
const FIELD: &str = "attachmentIds";

/// A file, as the entry that it is attached to names it. The rest may change, and stands beside the entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attached {
    /// Its id in the conversation.
    pub id: AttachmentId,
    /// Its name.
    pub name: FileName,
    /// The type that its sender claims.
    pub claimed: ContentType,
}

/// A file of a conversation: an upload that was asked for, or one that is attached to an entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attachment {
    /// The conversation that it belongs to.
    pub conversation: ConversationId,
    /// Its id there.
    pub id: AttachmentId,
    /// Its name.
    pub name: FileName,
    /// The type that its sender claims.
    pub claimed: ContentType,
    /// The number of its bytes, as far as it is known: until it was checked, as its sender claims.
    pub size: u64,
    /// The one who asked for the upload.
    pub by: Uploader,
    /// The moment from which it cannot be attached any more; none once it is.
    pub expires_at: Option<Timestamp>,
    /// The number of the entry that it is attached to.
    pub seq: Option<u64>,
    /// The state of its check.
    pub state: State,
    /// The id under which a messenger has it; none for an upload.
    pub external_id: Option<String>,
}

/// The one who asked for an upload, and who alone may attach it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Uploader {
    /// The client of the conversation.
    Client(ClientId),
    /// An employee at the desk.
    Employee(EmployeeId),
}

/// The states of the check of a file. It leaves the first state once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum State {
    /// It is being fetched or checked.
    Pending,
    /// It was checked, and may be shown.
    Ready(Found),
    /// It was found harmful or too large, or is not to be had.
    Refused,
}

/// The facts that the check of a file found in its bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Its type.
    pub content_type: ContentType,
    /// The number of its bytes.
    pub size: u64,
    /// Width and height of a picture, in pixels, as it is shown.
    pub pixels: Option<(u32, u32)>,
    /// The type of its thumbnail; none if it has none.
    pub thumbnail: Option<ContentType>,
}

impl Attachment {
    /// Returns the file as an entry names it.
    #[must_use]
    pub fn attached(&self) -> Attached {
        let Self { id, name, claimed, .. } = self.clone();
        Attached { id, name, claimed }
    }

    /// Returns true if it still has to be found out whether its bytes were sent.
    #[must_use]
    pub fn is_awaited(&self) -> bool {
        self.state == State::Pending && self.seq.is_none()
    }
}

/// The files that a sender attaches, as they are stored, in the order in which the sender names them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Uploads {
    /// The files; none for an id that names none of the conversation.
    pub found: Vec<Option<Attachment>>,
    /// Those whose bytes were not sent.
    pub missing: BTreeSet<AttachmentId>,
}

impl Uploads {
    /// Returns the files as the new entry names them.
    ///
    /// # Errors
    /// [`Refusal::NoSuch`] for what this person did not ask for in this conversation, or longer ago than a
    /// day; [`Refusal::Invalid`] for too many, for the same one twice, for one that is attached already and
    /// for one whose bytes were not sent.
    pub fn attach(&self, by: &Uploader, now: Timestamp) -> Result<Vec<Attached>, Refusal> {
        if self.found.len() > MOST_OF_MESSAGE {
            let message = format!("There must be at most {MOST_OF_MESSAGE}.");
            return Err(Refusal::invalid(FIELD, message));
        }
        let mut attached: Vec<Attached> = Vec::with_capacity(self.found.len());
        for file in &self.found {
            let own = file.as_ref().filter(|file| file.by == *by);
            let file = own.ok_or(Refusal::NoSuch { field: FIELD })?;
            if file.seq.is_some() {
                return Err(Refusal::invalid(FIELD, "A file is attached to another message."));
            }
            if file.expires_at.is_none_or(|at| now >= at) {
                return Err(Refusal::NoSuch { field: FIELD });
            }
            if self.missing.contains(&file.id) {
                return Err(Refusal::invalid(FIELD, "A file was not uploaded."));
            }
            if attached.iter().any(|one| one.id == file.id) {
                return Err(Refusal::invalid(FIELD, "A file is named twice."));
            }
            attached.push(file.attached());
        }
        Ok(attached)
    }
}

/// Returns what stands for a file where there is no room to show it.
#[must_use]
pub fn label(file: &Attached) -> &str {
    if file.claimed.is_picture() { "Photo" } else { file.name.as_str() }
}

/// Returns the size of the thumbnail of a picture, in pixels: within [`THUMBNAIL`], in the same proportions,
/// and never larger. Returns `None` for a picture that has no pixels, or more than [`MOST_PIXELS`].
#[must_use]
pub fn thumbnail(width: u32, height: u32) -> Option<(u32, u32)> {
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > MOST_PIXELS {
        return None;
    }
    let longest = width.max(height);
    let side = |side: u32| {
        let scaled = u64::from(side) * u64::from(THUMBNAIL) / u64::from(longest);
        u32::try_from(scaled).unwrap_or(THUMBNAIL).max(1)
    };
    Some(if longest <= THUMBNAIL { (width, height) } else { (side(width), side(height)) })
}

/// Returns the moment at which the links of now are signed. It is the same for all of a window, so that
/// caches keep what they have.
#[must_use]
pub const fn link_signed_at(now: Timestamp) -> Timestamp {
    let millis = now.as_millis();
    Timestamp::from_millis(millis - millis % LINK_MILLIS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbnail_keeps_the_proportions_and_a_bomb_has_none() {
        for (size, expected) in [
            ((640, 320), Some((320, 160))),
            ((320, 640), Some((160, 320))),
            ((3, 2), Some((3, 2))),
            ((320, 320), Some((320, 320))),
            ((10_000, 5_000), Some((320, 160))),
            // A line keeps a pixel.
            ((10_000, 1), Some((320, 1))),
            ((0, 5), None),
            ((10_000, 5_001), None),
            ((u32::MAX, u32::MAX), None),
        ] {
            assert_eq!(thumbnail(size.0, size.1), expected, "{size:?}");
        }
    }

    #[test]
    fn a_link_stays_the_same_within_its_window() {
        let at = |millis: u64| link_signed_at(Timestamp::from_millis(1_700_000_000_000 + millis));
        let first = at(0);
        let end = first.as_millis() + LINK_MILLIS - 1_700_000_000_000;
        assert_eq!((at(1), at(end - 1)), (first, first));
        assert_eq!(at(end).as_millis(), first.as_millis() + LINK_MILLIS);
    }

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    fn client() -> Uploader {
        Uploader::Client(ClientId::parse("zoe").expect("an id"))
    }

    fn file(id: &str) -> Attachment {
        Attachment {
            conversation: ConversationId::parse("c").expect("an id"),
            id: AttachmentId::parse(id).expect("an id"),
            name: FileName::parse("a.png").expect("a name"),
            claimed: ContentType::parse("image/png").expect("a type"),
            size: 7,
            by: client(),
            expires_at: Some(NOW.plus_millis(1)),
            seq: None,
            state: State::Pending,
            external_id: None,
        }
    }

    fn attach(files: &[Option<Attachment>]) -> Result<usize, Refusal> {
        let uploads = Uploads { found: files.to_vec(), missing: BTreeSet::new() };
        uploads.attach(&client(), NOW).map(|attached| attached.len())
    }

    #[test]
    fn a_file_is_attached_once_by_who_asked_for_it_within_a_day() {
        let one = Some(file("1"));
        assert_eq!(attach(&[one.clone(), Some(file("2"))]), Ok(2));
        let none = Err(Refusal::NoSuch { field: FIELD });
        assert_eq!(attach(&[one.clone(), None]), none);
        let ann = Uploader::Employee(EmployeeId::parse("zoe").expect("an id"));
        assert_eq!(attach(&[Some(Attachment { by: ann, ..file("1") })]), none);
        assert_eq!(attach(&[Some(Attachment { expires_at: Some(NOW), ..file("1") })]), none);
        let is_invalid = |found| matches!(found, Err(Refusal::Invalid { .. }));
        assert!(is_invalid(attach(&[one.clone(), one.clone()])));
        assert!(is_invalid(attach(&vec![one; 11])));
        let attached = Attachment { seq: Some(7), expires_at: None, ..file("1") };
        assert!(is_invalid(attach(&[Some(attached)])));
        let missing = BTreeSet::from([file("1").id]);
        let uploads = Uploads { found: vec![Some(file("1"))], missing };
        assert!(is_invalid(uploads.attach(&client(), NOW).map(|attached| attached.len())));
    }

    #[test]
    fn a_picture_is_called_one_and_anything_else_by_its_name() {
        let picture = file("1").attached();
        assert_eq!(label(&picture), "Photo");
        let claimed = ContentType::parse("application/pdf").expect("a type");
        assert_eq!(label(&Attached { claimed, ..picture }), "a.png");
    }
}
