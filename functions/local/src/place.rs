//! The files of the local run: keeps them from other users, and notices when a file was cut short.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use functions::environment::Machine;
use store::Environment as _;
use tempfile::TempDir;

use crate::Fault;

/// The name of the database in the folder of the data.
pub(super) const DATABASE: &str = "chatdesk.db";
/// The name of the tokens' secret there.
const KEY: &str = "token.key";
/// The name of the queue there.
pub(super) const QUEUE: &str = "queue.db";
/// The name of the key that encrypts credentials there.
pub(super) const KEYS: &str = "credentials.key";
/// The name of the folder of the bucket there.
pub(super) const FILES: &str = "files";
/// The name of what the stand-ins of messengers keep there.
pub(super) const MESSENGERS: &str = "messengers.json";

const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

/// The place of the data.
pub(crate) enum Place {
    /// A folder that is kept.
    Kept(PathBuf),
    /// A folder that is deleted when this is dropped.
    Temporary(TempDir),
}

impl Place {
    /// Prepares a folder; a temporary one without it.
    ///
    /// # Errors
    /// As [`prepare`] has them.
    pub(crate) fn of(folder: Option<PathBuf>) -> Result<Self, Fault> {
        let Some(folder) = folder else { return Ok(Self::Temporary(tempfile::tempdir()?)) };
        prepare(&folder)?;
        Ok(Self::Kept(folder))
    }

    /// Returns the folder.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Temporary(place) => place.path(),
        }
    }

    /// Returns the secret that signs the tokens of this run. It is kept beside the data, so that
    /// tokens outlive a restart as the data does.
    pub(crate) fn secret(&self) -> io::Result<Vec<u8>> {
        let path = self.path().join(KEY);
        match fs::read(&path) {
            Ok(secret) if secret.len() >= 32 => return Ok(secret),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let secret = [Machine.random().to_be_bytes(), Machine.random().to_be_bytes()].concat();
        write_private(&path, &secret)?;
        Ok(secret)
    }
}

/// Makes the folder of the data, accessible to its owner alone. A folder that is open to others is
/// closed to them if an earlier run made it. One with other content is refused: it is not ours to
/// close.
fn prepare(folder: &Path) -> Result<(), Fault> {
    if !folder.exists() {
        DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder)?;
        return Ok(());
    }
    if fs::metadata(folder)?.permissions().mode() & 0o077 != 0 {
        let is_ours = folder.join(DATABASE).exists() || fs::read_dir(folder)?.next().is_none();
        if !is_ours {
            let folder = folder.display();
            return Err(format!(
                "{folder} is open to others and has other things in it: choose a folder of its own, \
                 or close it with chmod 700"
            )
            .into());
        }
        fs::set_permissions(folder, Permissions::from_mode(FOLDER_MODE))?;
    }
    let beside = ["chatdesk.db-wal", "chatdesk.db-shm", "queue.db-wal", "queue.db-shm"];
    for name in [DATABASE, KEY, QUEUE, KEYS, MESSENGERS].into_iter().chain(beside) {
        close(&folder.join(name))?;
    }
    Ok(())
}

/// Makes a file, accessible to its owner alone, where it does not exist yet, and closes to others
/// one that does. The files that the database makes beside its own get the rights of the file.
pub(super) fn open_private(path: &Path) -> io::Result<File> {
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).mode(FILE_MODE).open(path)?;
    close(path)?;
    Ok(file)
}

/// Writes a file for its owner alone, whole or not at all.
pub(super) fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let mut file = open_private(&beside)?;
    file.set_len(0)?;
    io::Write::write_all(&mut file, content)?;
    fs::rename(beside, path)
}

fn close(path: &Path) -> io::Result<()> {
    match fs::set_permissions(path, Permissions::from_mode(FILE_MODE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The number of stream records that existed for certain, kept beside the database. The database's
/// log may be cut off, and then it opens as if the records had never existed.
#[derive(Clone, Debug)]
pub(super) struct Mark(PathBuf);

impl Mark {
    /// Returns the mark of a database file.
    pub(super) fn of(database: &Path) -> Self {
        let mut name = database.as_os_str().to_owned();
        name.push(".mark");
        Self(PathBuf::from(name))
    }

    /// Stores the number of records.
    pub(super) fn note(&self, records: i64) {
        if let Err(error) = write_private(&self.0, records.to_string().as_bytes()) {
            tracing::warn!(%error, "how far the data goes is not noted");
        }
    }

    /// Returns the number of these records that are missing now.
    pub(super) fn missing(&self, records: i64) -> i64 {
        let noted = fs::read_to_string(&self.0).ok().and_then(|text| text.trim().parse().ok());
        noted.map_or(0, |noted: i64| noted.saturating_sub(records).max(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn the_data_is_its_owners_alone() {
        let place = tempfile::tempdir().unwrap();
        let new = place.path().join("a/b");
        prepare(&new).unwrap();
        assert_eq!(mode(&new), 0o700);
        let old = place.path().join("old");
        fs::create_dir(&old).unwrap();
        fs::set_permissions(&old, Permissions::from_mode(0o755)).unwrap();
        for name in [DATABASE, KEY, "chatdesk.db-wal"] {
            fs::write(old.join(name), "x").unwrap();
            fs::set_permissions(old.join(name), Permissions::from_mode(0o644)).unwrap();
        }
        prepare(&old).unwrap();
        assert_eq!(mode(&old), 0o700);
        for name in [DATABASE, KEY, "chatdesk.db-wal"] {
            assert_eq!(mode(&old.join(name)), 0o600, "{name}");
        }
        let others = place.path().join("others");
        fs::create_dir(&others).unwrap();
        fs::set_permissions(&others, Permissions::from_mode(0o755)).unwrap();
        fs::write(others.join("letter"), "x").unwrap();
        assert!(prepare(&others).unwrap_err().to_string().contains("chmod 700"));
        assert_eq!(mode(&others), 0o755);
    }
}
