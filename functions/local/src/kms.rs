//! KMS: encrypts and decrypts small texts under a key in a file, spoken to over AWS's protocol.

#[cfg(test)]
mod tests;

use crate::endpoint::{Call, reply};
use crate::{Fault, place};
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use axum::extract::{Request, State};
use axum::{Router, response::Response, routing::post};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::StatusCode;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io, sync::Arc};

/// The name of the service in the targets of calls.
pub(super) const SERVICE: &str = "TrentService";

const CONTENT_TYPE: &str = "application/x-amz-json-1.1";
/// The length of the key in bytes.
const KEY: usize = 32;
/// The longest plaintext in bytes.
const LONGEST: usize = 4096;
/// The first byte of a ciphertext: the format.
const FORMAT: u8 = 1;
const ALGORITHM: &str = "SYMMETRIC_DEFAULT";
const ARN: &str = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000000";

/// The one key, under whatever alias or ARN it is asked for. Clones share it.
#[derive(Clone)]
pub struct Keys(Arc<RandomizedNonceKey>);

impl Keys {
    /// Reads the key from its file, which is made when it is missing, for its owner alone.
    ///
    /// # Errors
    /// When the file cannot be read or written, or does not hold a key of 32 bytes: a new key would
    /// make everything unreadable that the old one has encrypted.
    pub fn open(file: &Path) -> Result<Self, Fault> {
        let key = match fs::read(file) {
            Ok(key) => {
                drop(place::open_private(file)?);
                key
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut key = vec![0; KEY];
                aws_lc_rs::rand::fill(&mut key)?;
                place::write_private(file, &key)?;
                key
            }
            Err(error) => return Err(error.into()),
        };
        if key.len() != KEY {
            return Err(format!("{} is no key: it has not {KEY} bytes", file.display()).into());
        }
        Ok(Self(Arc::new(RandomizedNonceKey::new(&AES_256_GCM, &key)?)))
    }

    fn encrypt(&self, request: Encrypt) -> Result<Value, Refusal> {
        check_key(Some(&request.key_id))?;
        check_algorithm(request.encryption_algorithm.as_deref())?;
        let mut data = decode(&request.plaintext)?;
        if data.is_empty() || data.len() > LONGEST {
            return Err(Refusal::Invalid(format!(
                "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: \
                 Member must have length between 1 and {LONGEST}"
            )));
        }
        let context = aad(&request.encryption_context)?;
        let nonce = self
            .0
            .seal_in_place_append_tag(context, &mut data)
            .map_err(|_unspecified| Refusal::Internal)?;
        let blob = [&[FORMAT], nonce.as_ref().as_slice(), &data].concat();
        Ok(json!({
            "CiphertextBlob": STANDARD.encode(blob),
            "KeyId": ARN,
            "EncryptionAlgorithm": ALGORITHM,
        }))
    }

    fn decrypt(&self, request: Decrypt) -> Result<Value, Refusal> {
        check_key(request.key_id.as_deref())?;
        check_algorithm(request.encryption_algorithm.as_deref())?;
        let blob = decode(&request.ciphertext_blob)?;
        let (format, rest) = blob.split_first().ok_or(Refusal::Ciphertext)?;
        let (nonce, data) = rest.split_first_chunk::<NONCE_LEN>().ok_or(Refusal::Ciphertext)?;
        if *format != FORMAT {
            return Err(Refusal::Ciphertext);
        }
        let mut data = data.to_vec();
        let context = aad(&request.encryption_context)?;
        let plaintext = self
            .0
            .open_in_place(Nonce::assume_unique_for_key(*nonce), context, &mut data)
            .map_err(|_unspecified| Refusal::Ciphertext)?;
        Ok(json!({
            "Plaintext": STANDARD.encode(plaintext),
            "KeyId": ARN,
            "EncryptionAlgorithm": ALGORITHM,
        }))
    }
}

/// Serves the key: `POST /` with the targets `TrentService.Encrypt` and `TrentService.Decrypt`.
pub fn routes(keys: Keys) -> Router {
    Router::new().route("/", post(handle)).with_state(keys)
}

async fn handle(State(keys): State<Keys>, request: Request) -> Response {
    Call::read(request).await.map_or_else(|response| response, |call| answer(&keys, &call))
}

/// Answers one call.
pub(super) fn answer(keys: &Keys, call: &Call) -> Response {
    let done = match (call.service.as_str(), call.operation.as_str()) {
        (SERVICE, "Encrypt") => parse(&call.body).and_then(|request| keys.encrypt(request)),
        (SERVICE, "Decrypt") => parse(&call.body).and_then(|request| keys.decrypt(request)),
        _ => Err(Refusal::NoOperation),
    };
    done.map_or_else(
        |refusal| refusal.response(),
        |body| reply(StatusCode::OK, CONTENT_TYPE, &body),
    )
}

/// What a ciphertext is bound to. Sorted, because a client may list it in any order.
type Context = BTreeMap<String, String>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Encrypt {
    key_id: String,
    plaintext: String,
    #[serde(default)]
    encryption_context: Context,
    encryption_algorithm: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
struct Decrypt {
    key_id: Option<String>,
    ciphertext_blob: String,
    #[serde(default)]
    encryption_context: Context,
    encryption_algorithm: Option<String>,
}

/// The reason why an operation was not done.
enum Refusal {
    /// The ciphertext was changed, or has another key or context.
    Ciphertext,
    /// No key has this name.
    NoKey(String),
    /// A parameter has a value that it must not have.
    Invalid(String),
    /// The request is no JSON of the right shape, or has a parameter that is not emulated.
    Malformed(String),
    /// The operation does not exist or is not emulated.
    NoOperation,
    /// The emulator failed.
    Internal,
}

impl Refusal {
    fn response(self) -> Response {
        let mut status = StatusCode::BAD_REQUEST;
        let (kind, message) = match self {
            // KMS does not say what was wrong either.
            Self::Ciphertext => ("InvalidCiphertextException", None),
            Self::NoKey(name) => {
                ("NotFoundException", Some(format!("Key '{name}' does not exist")))
            }
            Self::Invalid(message) => ("ValidationException", Some(message)),
            Self::Malformed(message) => ("SerializationException", Some(message)),
            Self::NoOperation => ("UnknownOperationException", None),
            Self::Internal => {
                status = StatusCode::INTERNAL_SERVER_ERROR;
                ("KMSInternalException", None)
            }
        };
        let mut body = json!({ "__type": kind });
        if let (Some(body), Some(message)) = (body.as_object_mut(), message) {
            body.insert("message".to_owned(), message.into());
        }
        reply(status, CONTENT_TYPE, &body)
    }
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::Malformed(error.to_string()))
}

fn decode(base64: &str) -> Result<Vec<u8>, Refusal> {
    STANDARD.decode(base64).map_err(|error| Refusal::Malformed(error.to_string()))
}

fn check_key(name: Option<&str>) -> Result<(), Refusal> {
    match name {
        Some(name) if !name.starts_with("alias/") && !name.starts_with("arn:aws:kms:") => {
            Err(Refusal::NoKey(name.to_owned()))
        }
        _ => Ok(()),
    }
}

fn check_algorithm(name: Option<&str>) -> Result<(), Refusal> {
    match name {
        None | Some(ALGORITHM) => Ok(()),
        Some(name) => Err(Refusal::Invalid(format!("{name} is not for this key"))),
    }
}

/// Returns what is authenticated beside the plaintext. JSON, so that no two contexts are the same
/// text.
fn aad(context: &Context) -> Result<Aad<Vec<u8>>, Refusal> {
    serde_json::to_vec(context).map(Aad::from).map_err(|_impossible| Refusal::Internal)
}
