//! Global ids: opaque to clients, and inside a type and what names one of it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{LiveChatId, TenantId};

const LIVE_CHAT: &str = "LiveChat:";

/// The global id of a live chat. It names the tenant too: the widget asks for a token with nothing
/// else in its hands.
#[must_use]
pub fn live_chat(tenant: &TenantId, id: &LiveChatId) -> String {
    URL_SAFE_NO_PAD.encode(format!("{LIVE_CHAT}{tenant}/{id}"))
}

/// Reads what [`live_chat`] writes; `None` for anything else.
#[must_use]
pub fn parse_live_chat(text: &str) -> Option<(TenantId, LiveChatId)> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (tenant, id) = std::str::from_utf8(&bytes).ok()?.strip_prefix(LIVE_CHAT)?.split_once('/')?;
    Some((TenantId::parse(tenant)?, LiveChatId::parse(id)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_live_chat_reads_back_and_nothing_else_does() {
        let (tenant, id) = (TenantId::parse("demo").unwrap(), LiveChatId::parse("a/b").unwrap());
        assert_eq!(parse_live_chat(&live_chat(&tenant, &id)), Some((tenant, id)));
        for wrong in ["LiveChat:demo", "Session:demo/a", "LiveChat:demo/", "LiveChat:/a", ""] {
            assert_eq!(parse_live_chat(&URL_SAFE_NO_PAD.encode(wrong)), None, "{wrong}");
        }
        for wrong in ["", "demo/a", "%%%", "TGl2ZUNoYXQ6ZGVtby9h="] {
            assert_eq!(parse_live_chat(wrong), None, "{wrong}");
        }
    }
}
