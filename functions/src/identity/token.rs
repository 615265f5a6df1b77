//! Tokens as requests carry them.

/// The longest token that is looked at, in bytes.
pub const TOKEN_BYTES: usize = 8 * 1024;

/// Returns the token of an `Authorization: Bearer TOKEN`, or of the same in `connection_init`.
/// Returns `None` for another scheme, for no token, or for more than one word after the scheme. The
/// scheme may be in any case.
#[must_use]
pub fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim_matches(' ').split_once(' ')?;
    let token = token.trim_start_matches(' ');
    let is_one_word =
        !token.is_empty() && token.chars().all(|character| character.is_ascii_graphic());
    (scheme.eq_ignore_ascii_case("Bearer") && is_one_word).then_some(token)
}
