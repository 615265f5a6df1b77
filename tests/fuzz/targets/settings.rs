//! The settings of the issuers, as the secret has them.
#![no_main]

use functions::identity::Settings;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let _ = Settings::parse(&text);
    // One provider of any kind beside a good one.
    let good = r#"{"issuer":"https://id.example","algorithm":"RS256","audiences":["desk"],"tenant":{"fixed":"demo"}}"#;
    let _ = Settings::parse(&format!(r#"{{"providers":[{good},{text}],"widgetKeys":[]}}"#));
});
