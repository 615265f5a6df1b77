use super::*;
use crate::endpoint;
use crate::queue::Queue;
use aws_sdk_kms::Client;
use aws_sdk_kms::config::{BehaviorVersion, Credentials, Region, retry::RetryConfig};
use aws_sdk_kms::error::ProvideErrorMetadata as _;
use aws_sdk_kms::primitives::Blob;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt as _;
use tempfile::TempDir;
use tokio::net::TcpListener;

async fn serve(router: Router, path: &str) -> (SocketAddr, Client) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, router).await });
    let config = aws_sdk_kms::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .endpoint_url(format!("http://{address}{path}"))
        .retry_config(RetryConfig::disabled())
        .build();
    (address, Client::from_conf(config))
}

async fn start(folder: &TempDir) -> Client {
    serve(routes(Keys::open(&folder.path().join("kms.key")).unwrap()), "").await.1
}

async fn encrypt(client: &Client, text: &[u8], context: &[(&str, &str)]) -> Blob {
    let mut encrypt = client.encrypt().key_id("alias/chatdesk").plaintext(Blob::new(text));
    for (name, value) in context {
        encrypt = encrypt.encryption_context(*name, *value);
    }
    encrypt.send().await.unwrap().ciphertext_blob.unwrap()
}

/// Returns the plaintext, or the code of the error.
async fn decrypt(
    client: &Client,
    blob: &Blob,
    context: &[(&str, &str)],
) -> Result<Vec<u8>, String> {
    let mut decrypt = client.decrypt().ciphertext_blob(blob.clone());
    for (name, value) in context {
        decrypt = decrypt.encryption_context(*name, *value);
    }
    match decrypt.send().await {
        Ok(answer) => Ok(answer.plaintext.unwrap().into_inner()),
        Err(error) => Err(error.code().unwrap().to_owned()),
    }
}

#[tokio::test]
async fn what_was_encrypted_is_decrypted_in_its_context_alone() {
    let folder = tempfile::tempdir().unwrap();
    let client = start(&folder).await;
    let context = [("tenant", "t1"), ("channel", "c1")];
    let blob = encrypt(&client, b"secret", &context).await;
    assert!(!blob.as_ref().windows(6).any(|part| part == b"secret"));
    assert_ne!(blob, encrypt(&client, b"secret", &context).await);
    let turned = [("channel", "c1"), ("tenant", "t1")];
    assert_eq!(decrypt(&client, &blob, &turned).await, Ok(b"secret".to_vec()));
    let wrong = Err("InvalidCiphertextException".to_owned());
    for other in [&[("tenant", "t1")][..], &[("tenant", "t2"), ("channel", "c1")], &[]] {
        assert_eq!(decrypt(&client, &blob, other).await, wrong);
    }
}

#[tokio::test]
async fn a_changed_ciphertext_is_refused_at_every_byte() {
    let folder = tempfile::tempdir().unwrap();
    let client = start(&folder).await;
    let blob = encrypt(&client, b"secret", &[]).await.into_inner();
    let wrong = Err("InvalidCiphertextException".to_owned());
    for place in 0..blob.len() {
        let mut changed = blob.clone();
        changed[place] ^= 1;
        assert_eq!(decrypt(&client, &Blob::new(changed), &[]).await, wrong, "{place}");
    }
    for length in [1, 12, 13, blob.len() - 1] {
        assert_eq!(decrypt(&client, &Blob::new(&blob[..length]), &[]).await, wrong);
    }
}

#[tokio::test]
async fn a_plaintext_has_at_most_4096_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let client = start(&folder).await;
    let longest = vec![7; 4096];
    let blob = encrypt(&client, &longest, &[]).await;
    assert_eq!(decrypt(&client, &blob, &[]).await, Ok(longest));
    for length in [0, 4097] {
        let encrypt = client.encrypt().key_id(ARN).plaintext(Blob::new(vec![7; length]));
        let error = encrypt.send().await.unwrap_err();
        assert_eq!(error.code(), Some("ValidationException"));
    }
    let encrypt = client.encrypt().key_id("other").plaintext(Blob::new("text"));
    assert!(encrypt.send().await.unwrap_err().into_service_error().is_not_found_exception());
    let error = client.list_keys().send().await.unwrap_err();
    assert_eq!(error.code(), Some("UnknownOperationException"));
}

#[tokio::test]
async fn the_key_is_kept_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let blob = encrypt(&start(&folder).await, b"secret", &[]).await;
    let file = folder.path().join("kms.key");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let again = start(&folder).await;
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(decrypt(&again, &blob, &[]).await, Ok(b"secret".to_vec()));
    let other = start(&tempfile::tempdir().unwrap()).await;
    assert!(decrypt(&other, &blob, &[]).await.is_err(), "another key");
}

#[tokio::test]
async fn a_damaged_key_file_is_an_error_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("kms.key");
    fs::write(&file, "short").unwrap();
    assert!(Keys::open(&file).is_err());
    assert_eq!(fs::read(&file).unwrap(), b"short");
}

#[tokio::test]
async fn one_address_serves_the_queue_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let queue = Queue::open(&folder.path().join("queue.db"), Arc::new(|| 0)).unwrap();
    let keys = Keys::open(&folder.path().join("kms.key")).unwrap();
    let (address, client) = serve(endpoint::routes(queue, keys), "/aws").await;
    let blob = encrypt(&client, b"secret", &[]).await;
    assert_eq!(decrypt(&client, &blob, &[]).await, Ok(b"secret".to_vec()));
    let config = aws_sdk_sqs::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .endpoint_url(format!("http://{address}/aws"))
        .build();
    let queue = aws_sdk_sqs::Client::from_conf(config);
    let url = queue.get_queue_url().queue_name("outbound.fifo").send().await.unwrap();
    assert!(url.queue_url().unwrap().starts_with(&format!("http://{address}/")));
}
