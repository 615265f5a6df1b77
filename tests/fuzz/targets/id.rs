//! Ids and cursors: what is understood is written back as it was.
#![no_main]

use graphql::id::GlobalId;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    if let Some((tenant, id)) = GlobalId::decode(&text) {
        let written = id.encode(&tenant);
        assert!(GlobalId::decode(&written) == Some((tenant, id)));
    }
    // The plain form as well, which chance alone would not hit.
    let plain = graphql::cursor(&text);
    if let Some((tenant, id)) = GlobalId::decode(&plain) {
        assert!(GlobalId::decode(&id.encode(&tenant)).is_some());
    }
    if let Ok(place) = graphql::place(&plain) {
        assert_eq!(place, text);
    }
    let _ = graphql::place(&text);
    let _ = domain::SessionId::parse(&text);
    let _ = domain::ConversationId::parse(&text);
    let _ = domain::ItemId::parse(&text);
});
