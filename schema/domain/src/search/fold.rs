//! Folding of one character: gives what it is searched as.
//!
//! Text is folded character by character: NFKD, full case folding, combining marks dropped. The result
//! is the same as folding the text whole, and a match can be shown in the text as it was written.

use caseless::Caseless as _;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// The character that replaces every apostrophe and quotation mark.
const QUOTE: char = '\'';
/// The character that replaces every dash.
const DASH: char = '-';

/// Folds one character. Folding a text character by character gives the same result as folding it
/// whole: a decomposition reorders only marks, and marks are dropped.
pub(super) fn fold(c: char, mut to: impl FnMut(char)) {
    if c.is_ascii() {
        plain(c.to_ascii_lowercase()).into_iter().for_each(to);
        return;
    }
    if is_whole_quote(c) {
        to(QUOTE);
        return;
    }
    decompose_compatible(c, |part| {
        let folded = std::iter::once(part).default_case_fold();
        let folded = folded.filter(|part| !is_combining_mark(*part)).filter_map(plain);
        folded.for_each(&mut to);
    });
}

/// Returns true when a character only encloses or ends a word: punctuation, and the angle brackets
/// around addresses, which Unicode classes as mathematical symbols.
pub(super) fn is_punctuation(c: char) -> bool {
    matches!(c, '<' | '>') || c.general_category_group() == GeneralCategoryGroup::Punctuation
}

/// Returns true for an apostrophe or quotation mark that decomposition would split: an accent that
/// stands alone, which decomposes to a space and a mark, or a prime of several strokes.
const fn is_whole_quote(c: char) -> bool {
    matches!(
        c,
        '´' | '΄'
            | '\u{1FBD}'
            | '\u{1FBF}'
            | '\u{1FFD}'
            | '\u{1FFE}'
            | '\u{2033}'
            | '\u{2034}'
            | '\u{2036}'
            | '\u{2037}'
            | '\u{2057}'
    )
}

/// Returns the character to search by, after its case and its forms are folded; none for an
/// invisible character.
fn plain(c: char) -> Option<char> {
    if is_invisible(c) {
        return None;
    }
    Some(match c {
        _ if is_quote(c) => QUOTE,
        _ if is_dash(c) => DASH,
        // Digits in their Arabic, Persian and Urdu forms.
        '\u{660}'..='\u{669}' => digit(c, '\u{660}'),
        '\u{6F0}'..='\u{6F9}' => digit(c, '\u{6F0}'),
        _ => base(c),
    })
}

/// Returns true for the characters that Unicode says to ignore where they cannot be shown
/// (`Default_Ignorable_Code_Point`, without the marks), for annotation characters, for tatweel,
/// which only makes a word longer, and for control characters that are not white space.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{640}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{3164}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
    ) || (c.is_control() && !c.is_whitespace())
}

/// Returns true for apostrophes, quotation marks, primes, and letters written as apostrophes.
const fn is_quote(c: char) -> bool {
    matches!(c,
        '\'' | '"' | '`' | '«' | '»'
        | '\u{2B9}'..='\u{2BF}' | '\u{2C8}' | '\u{2CA}' | '\u{2CB}' | '\u{2EE}'
        | '\u{2F4}'..='\u{2F6}' | '\u{55A}' | '\u{5F3}' | '\u{5F4}' | '\u{7F4}' | '\u{7F5}'
        | '\u{2018}'..='\u{201F}' | '\u{2032}'..='\u{2037}' | '\u{2039}' | '\u{203A}' | '\u{2057}'
        | '\u{275B}'..='\u{2760}' | '\u{276E}' | '\u{276F}' | '\u{2E42}'
        | '\u{300C}'..='\u{300F}' | '\u{301D}'..='\u{301F}' | '\u{A78B}' | '\u{A78C}'
        | '\u{1F676}'..='\u{1F678}'
    )
}

/// Returns true for hyphens, dashes and minus signs.
const fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2D7}' | '\u{58A}' | '\u{5BE}' | '\u{1400}' | '\u{1806}' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2043}'
                | '\u{2053}'
                | '\u{2212}'
                | '\u{2796}'
                | '\u{2E17}'
                | '\u{2E1A}'
                | '\u{2E3A}'
                | '\u{2E3B}'
                | '\u{2E40}'
                | '\u{2E5D}'
                | '\u{301C}'
                | '\u{3030}'
                | '\u{30A0}'
                | '\u{10D6E}'
                | '\u{10EAD}'
    )
}

fn digit(c: char, zero: char) -> char {
    char::from_digit(u32::from(c) - u32::from(zero), 10).unwrap_or(c)
}

/// Returns the base of a letter with a stroke or without its dot, and the Arabic form of a Persian
/// or Urdu letter.
const fn base(c: char) -> char {
    match c {
        'ⱥ' => 'a',
        'ƀ' | 'ᵬ' => 'b',
        'ȼ' | 'ꞓ' => 'c',
        'đ' | 'ð' | 'ᵭ' | 'ꟈ' => 'd',
        'ɇ' | 'ꬳ' => 'e',
        'ᵮ' | 'ꞙ' => 'f',
        'ǥ' | 'ꞡ' => 'g',
        'ħ' => 'h',
        'ı' | 'ɨ' | 'ᵻ' => 'i',
        'ȷ' | 'ɉ' | 'ɟ' => 'j',
        'ꝁ' | 'ꝃ' | 'ꝅ' | 'ꞣ' => 'k',
        'ł' | 'ƚ' | 'ɫ' | 'ⱡ' | 'ꝉ' => 'l',
        'ᵯ' => 'm',
        'ᵰ' | 'ꞥ' => 'n',
        'ø' | 'ɵ' | 'ꝋ' => 'o',
        'ᵱ' | 'ᵽ' | 'ꝑ' => 'p',
        'ꝗ' | 'ꝙ' => 'q',
        'ɍ' | 'ᵲ' | 'ꞧ' => 'r',
        'ᵴ' | 'ẜ' | 'ẝ' | 'ꞩ' | 'ꟊ' => 's',
        'ŧ' | 'ⱦ' | 'ᵵ' => 't',
        'ʉ' | 'ꞹ' | 'ᵾ' => 'u',
        'ꝟ' => 'v',
        'ɏ' => 'y',
        'ƶ' | 'ᵶ' => 'z',
        'ϼ' => 'ρ',
        'ғ' => 'г',
        'ҝ' | 'ҟ' => 'к',
        'ө' => 'о',
        'ұ' => 'ү',
        'ӿ' => 'х',
        'ҹ' => 'ч',
        // Alef maksura, the yeh of Persian, and the great yeh of Urdu.
        '\u{649}' | '\u{6CC}' | '\u{6D2}' => '\u{64A}',
        // The kaf of Persian and Urdu, and the one with a long stroke.
        '\u{6A9}' | '\u{6AA}' => '\u{643}',
        // The heh of Urdu, also with two eyes, and that of Kurdish and of ۀ.
        '\u{6BE}' | '\u{6C1}' | '\u{6D5}' => '\u{647}',
        '\u{6C3}' => '\u{629}',
        // The alef that joins to the word before.
        '\u{671}' => '\u{627}',
        _ => c,
    }
}
