//! Files, as pages send and read them.

use serde_json::{Value, json};
use store::key;
use tests::world::{Person, World, code};

/// The fields of a file.
pub(crate) const FILE: &str = "id name contentType size width height state url thumbnailUrl";

/// Asks for an upload as a page does: for a session, or as a client.
pub(crate) async fn ask(who: &Person, session: Option<&str>, file: &Asked<'_>) -> Value {
    let document = "mutation($s: ID, $n: String!, $t: String!, $b: Int!) {
        createUpload(sessionId: $s, name: $n, contentType: $t, size: $b) {
            upload { id url expiresAt fields { name value } } userErrors { code field } } }";
    let Asked { name, kind, size } = file;
    who.act(document, json!({ "s": session, "n": name, "t": kind, "b": size })).await
}

/// What is said of a file that is to be uploaded.
pub(crate) struct Asked<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) size: usize,
}

/// Sends bytes with the form of an upload. Returns the status.
pub(crate) async fn send(world: &World, upload: &Value, bytes: &[u8]) -> u16 {
    let mut body = Vec::new();
    for field in upload["fields"].as_array().expect("fields") {
        let (name, value) = (field["name"].as_str().unwrap(), field["value"].as_str().unwrap());
        let part =
            format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head = "--edge\r\ncontent-disposition: form-data; name=\"file\"; filename=\"f\"\r\n\
                content-type: application/octet-stream\r\n\r\n";
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    let url = upload["url"].as_str().expect("an address");
    let posted = world
        .http()
        .post(url)
        .header("content-type", "multipart/form-data; boundary=edge")
        .body(body)
        .send()
        .await;
    posted.expect("an answer").status().as_u16()
}

/// Uploads a file. Returns its id.
pub(crate) async fn upload(
    world: &World,
    who: &Person,
    session: Option<&str>,
    (name, kind, bytes): (&str, &str, &[u8]),
) -> String {
    let asked = ask(who, session, &Asked { name, kind, size: bytes.len() }).await;
    assert_eq!(code(&asked), "", "{asked}");
    assert_eq!(send(world, &asked["upload"], bytes).await, 201);
    asked["upload"]["id"].as_str().expect("an id").to_owned()
}

/// Posts a message with files as a client.
pub(crate) async fn post(who: &Person, text: &str, key: &str, files: &[String]) -> Value {
    let document = format!(
        "mutation($t: String!, $k: String!, $f: [ID!]) {{
            postMessage(text: $t, clientMessageId: $k, attachmentIds: $f) {{
                message {{ id seq text attachments {{ {FILE} }} }}
                userErrors {{ code field }} }} }}"
    );
    who.act(&document, json!({ "t": text, "k": key, "f": files })).await
}

/// Answers with files.
pub(crate) async fn answer(
    who: &Person,
    session: &str,
    (text, key): (&str, &str),
    files: &[String],
) -> Value {
    let document = format!(
        "mutation($s: ID!, $t: String!, $k: String!, $f: [ID!]) {{
            sendMessage(sessionId: $s, text: $t, clientMessageId: $k, attachmentIds: $f) {{
                message {{ id seq text attachments {{ {FILE} }} }}
                userErrors {{ code field }} }} }}"
    );
    let variables = json!({ "s": session, "t": text, "k": key, "f": files });
    who.act(&document, variables).await
}

/// Returns the messages of a dialog with their files, without events.
pub(crate) async fn dialog(who: &Person, session: &str) -> Vec<Value> {
    let document = format!(
        "query($s: ID!) {{ viewer {{ session(id: $s) {{ preview {{ text }} messages(last: 100) {{
            nodes {{ id kind text attachments {{ {FILE} }} }} }} }} }} }}"
    );
    let read = who.get_with(&document, json!({ "s": session })).await;
    let nodes = read["viewer"]["session"]["messages"]["nodes"].as_array().expect("messages");
    nodes.iter().filter(|one| one["kind"] != "EVENT").cloned().collect()
}

/// Returns a client's messages with their files.
pub(crate) async fn conversation(who: &Person) -> Vec<Value> {
    let document = format!(
        "{{ conversation {{ messages(last: 100) {{ nodes {{ id text attachments {{ {FILE} }} }} }} }} }}"
    );
    let read = who.get(&document).await;
    read["conversation"]["messages"]["nodes"].as_array().expect("messages").clone()
}

/// What a link answers with.
pub(crate) struct Fetched {
    pub(crate) status: u16,
    pub(crate) kind: String,
    pub(crate) disposition: String,
    pub(crate) bytes: Vec<u8>,
}

/// Reads what a link leads to, as a browser does: without a token.
pub(crate) async fn fetch(world: &World, link: &Value) -> Fetched {
    let answer = world.http().get(link.as_str().expect("a link")).send().await.expect("an answer");
    let header = |name: &str| {
        let value = answer.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let (status, kind) = (answer.status().as_u16(), header("content-type"));
    let disposition = header("content-disposition");
    let bytes = answer.bytes().await.expect("bytes").to_vec();
    Fetched { status, kind, disposition, bytes }
}

/// Deletes the rows of all files, as the database does when their time is over.
pub(crate) async fn expire(world: &World) {
    let db = world.running.dynamo();
    let rows = db.scan().table_name("core").consistent_read(true).send().await.expect("rows");
    for row in rows.items() {
        if row["sk"].as_s().is_ok_and(|sk| sk.starts_with(key::ATTACHMENTS)) {
            let delete = db.delete_item().table_name("core");
            let delete = delete.key("pk", row["pk"].clone()).key("sk", row["sk"].clone());
            delete.send().await.expect("deleted");
        }
    }
}

/// A picture of 24 by 12 pixels, as PNG: a header, one line of stored zeros, and an end.
pub(crate) fn picture() -> Vec<u8> {
    let (width, height) = (24_u32, 12_u32);
    let line = [0_u8; 1 + 24];
    let pixels = line.repeat(12);
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend_from_slice(&[8, 0, 0, 0, 0]);
    let length = u16::try_from(pixels.len()).unwrap();
    let mut data = vec![0x78, 0x01, 0x01];
    data.extend_from_slice(&length.to_le_bytes());
    data.extend_from_slice(&(!length).to_le_bytes());
    data.extend_from_slice(&pixels);
    // Adler's sum of so many zeros.
    let sum = (u32::from(length) % 65_521) << 16 | 1;
    data.extend_from_slice(&sum.to_be_bytes());
    let chunks = [(b"IHDR", header), (b"IDAT", data), (b"IEND", Vec::new())];
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, content) in chunks {
        let length = u32::try_from(content.len()).unwrap();
        bytes.extend_from_slice(&length.to_be_bytes());
        let named = [name.as_slice(), &content].concat();
        bytes.extend_from_slice(&named);
        bytes.extend_from_slice(&checksum(&named).to_be_bytes());
    }
    bytes
}

fn checksum(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 };
        }
    }
    !sum
}

/// A PNG that says of itself that it is 50,000 by 50,000 pixels.
pub(crate) fn bomb() -> Vec<u8> {
    let mut bytes = picture();
    bytes[16..20].copy_from_slice(&50_000_u32.to_be_bytes());
    bytes[20..24].copy_from_slice(&50_000_u32.to_be_bytes());
    let sum = checksum(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}
