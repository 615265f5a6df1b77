//! The files that people and accounts sent to each other: each is named by the digest of its bytes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::answer::Refused;
use crate::Fault;

/// The most files that are kept; the oldest are forgotten.
const MOST_FILES: usize = 200;
/// The most bytes of a file that a person sends.
pub(super) const MOST_BYTES: usize = 50 * 1024 * 1024;
/// The types that a browser may show in place.
const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];
/// What the page of a file may do: nothing.
const POLICY: &str = "default-src 'none'; sandbox";

/// The files, in a folder that is theirs alone.
pub(super) struct Media {
    folder: PathBuf,
    /// Removes the folder at the end, where nothing is kept.
    _temporary: Option<TempDir>,
}

impl Media {
    /// Opens the files of a folder, or of none that stays.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub(super) fn open(folder: Option<PathBuf>) -> Result<Self, Fault> {
        let Some(folder) = folder else {
            let temporary = tempfile::tempdir()?;
            let folder = temporary.path().to_owned();
            return Ok(Self { folder, _temporary: Some(temporary) });
        };
        fs::create_dir_all(&folder)?;
        Ok(Self { folder, _temporary: None })
    }

    /// Keeps a file, and returns its id.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn keep(&self, bytes: &[u8]) -> io::Result<String> {
        let id = id_of(bytes);
        let (path, beside) = (self.folder.join(&id), self.folder.join(format!("{id}.new")));
        fs::write(&beside, bytes)?;
        fs::rename(beside, path)?;
        self.forget_oldest()?;
        Ok(id)
    }

    fn forget_oldest(&self) -> io::Result<()> {
        let dated = |entry: fs::DirEntry| Ok((entry.metadata()?.modified()?, entry.path()));
        let files = fs::read_dir(&self.folder)?.map(|entry| entry.and_then(dated));
        let mut files = files.collect::<io::Result<Vec<_>>>()?;
        files.sort();
        let surplus = files.len().saturating_sub(MOST_FILES);
        files.iter().take(surplus).try_for_each(|(_, path)| fs::remove_file(path))
    }

    /// Reads a file; none if there is none with this id.
    pub(super) fn read(&self, id: &str) -> Option<Vec<u8>> {
        is_id(id).then(|| fs::read(self.folder.join(id)).ok()).flatten()
    }

    /// Returns the number of a file's bytes; none if there is none with this id.
    pub(super) fn size(&self, id: &str) -> Option<u64> {
        let meta = is_id(id).then(|| fs::metadata(self.folder.join(id)).ok()).flatten();
        meta.map(|meta| meta.len())
    }
}

/// Returns the folder of the files beside the file with the state.
pub(super) fn beside(file: &Path) -> PathBuf {
    file.with_extension("files")
}

fn id_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn is_id(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Answers with bytes, as a vendor's API does.
pub(super) fn download(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/octet-stream")], Body::from(bytes)).into_response()
}

/// Answers with a file for a page: a picture in place, everything else to be saved.
pub(super) fn show(bytes: Vec<u8>, kind: &str) -> Response {
    let picture = PICTURES.into_iter().find(|picture| *picture == kind);
    let disposition = if picture.is_some() { "inline" } else { "attachment" };
    let headers: [(HeaderName, &str); 4] = [
        (header::CONTENT_TYPE, picture.unwrap_or("application/octet-stream")),
        (header::CONTENT_DISPOSITION, disposition),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    (headers, Body::from(bytes)).into_response()
}

/// Keeps a file that a person is about to send. The body is the file, and says that it is nothing more: a
/// page of another site cannot send such a body without being asked first.
///
/// # Errors
/// It is empty, or says something else.
pub(super) fn take(media: &Media, kind: Option<&str>, bytes: &Bytes) -> Result<String, Refused> {
    if kind != Some("application/octet-stream") {
        return Err(Refused::invalid("The body has to be application/octet-stream."));
    }
    if bytes.is_empty() {
        return Err(Refused::invalid("A file has at least one byte."));
    }
    media.keep(bytes).map_err(|error| Refused::conflict(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_kept_once_and_read_by_its_id_alone() {
        let media = Media::open(None).expect("a folder");
        let id = media.keep(b"hello").expect("kept");
        assert_eq!(media.keep(b"hello").expect("kept"), id);
        assert_eq!(media.read(&id), Some(b"hello".to_vec()));
        assert_eq!(media.size(&id), Some(5));
        for other in ["", "..", "../state.json", &"0".repeat(64)] {
            assert_eq!(media.read(other), None, "{other}");
        }
    }

    #[test]
    fn only_so_many_files_are_kept() {
        let media = Media::open(None).expect("a folder");
        for number in 0..MOST_FILES + 5 {
            media.keep(number.to_string().as_bytes()).expect("kept");
        }
        assert_eq!(fs::read_dir(&media.folder).expect("the folder").count(), MOST_FILES);
    }
}
