//! The file with the vendors' state: one JSON object with a member for each vendor.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Fault;

/// The file holds secrets of apps.
const MODE: u32 = 0o600;

/// The file, or nothing where the state is in memory only.
pub(super) struct File {
    path: Option<PathBuf>,
    /// The JSON of each vendor.
    sections: Mutex<BTreeMap<String, String>>,
}

impl File {
    /// Reads the file, if there is one.
    ///
    /// # Errors
    /// It cannot be read, or is no JSON object.
    pub(super) fn open(path: Option<PathBuf>) -> Result<Arc<Self>, Fault> {
        let text = path.as_deref().map(fs::read).transpose().or_else(|error| {
            if error.kind() == io::ErrorKind::NotFound { Ok(None) } else { Err(error) }
        })?;
        let sections: BTreeMap<String, Value> =
            text.map(|text| serde_json::from_slice(&text)).transpose()?.unwrap_or_default();
        let sections = sections.into_iter().map(|(name, value)| (name, value.to_string()));
        Ok(Arc::new(Self { path, sections: Mutex::new(sections.collect()) }))
    }

    /// Returns the state of a vendor; the initial one if there is none.
    ///
    /// # Errors
    /// It has another form.
    pub(super) fn read<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T, Fault> {
        let sections = self.sections.lock().unwrap_or_else(PoisonError::into_inner);
        let section = sections.get(name).map(|text| serde_json::from_str(text));
        Ok(section.transpose()?.unwrap_or_default())
    }

    /// Stores the state of a vendor. A state that cannot be stored is in the log, and still in
    /// memory.
    pub(super) fn write(&self, name: &str, state: &impl Serialize) {
        let Some(path) = &self.path else { return };
        let written = serde_json::to_string(state).map_err(io::Error::other).and_then(|text| {
            let mut sections = self.sections.lock().unwrap_or_else(PoisonError::into_inner);
            sections.insert(name.to_owned(), text);
            let members = sections.iter().map(|(name, text)| format!("\"{name}\":{text}"));
            let members: Vec<String> = members.collect();
            replace(path, format!("{{{}}}", members.join(",")).as_bytes())
        });
        if let Err(error) = written {
            tracing::warn!(%error, "the state of a vendor's stand-in is not stored");
        }
    }
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let mut file =
        OpenOptions::new().create(true).truncate(true).write(true).mode(MODE).open(&beside)?;
    file.write_all(content)?;
    fs::rename(beside, path)
}
