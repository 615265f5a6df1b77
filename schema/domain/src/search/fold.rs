//! Folding of one character: gives what it is searched as.
//!
//! Text is folded character by character: NFKD, full case folding, combining marks dropped. The result
//! is the same as folding the text whole, and a match can be shown in the text as it was written.

use caseless::Caseless as _;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};

/// What every apostrophe and quotation mark is searched as.
const QUOTE: char = '\'';
/// What every dash is searched as.
const DASH: char = '-';

/// Folds one character. Folding text character by character comes to the same as folding it
/// whole: what a decomposition reorders are marks, and those are dropped.
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

/// Whether a character only encloses or ends a word: punctuation, and the brackets that addresses
/// stand in, which Unicode counts among the signs of mathematics.
pub(super) fn is_punctuation(c: char) -> bool {
    matches!(c, '<' | '>') || c.general_category_group() == GeneralCategoryGroup::Punctuation
}

/// An apostrophe or quotation mark that would come apart: an accent that stands alone, whose
/// decomposition has a space in it, and a prime of several strokes.
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

/// What a character is searched as after its case and its forms are folded; none for what is not
/// seen.
fn plain(c: char) -> Option<char> {
    if is_invisible(c) {
        return None;
    }
    Some(match c {
        _ if is_quote(c) => QUOTE,
        _ if is_dash(c) => DASH,
        // Digits as they are written in Arabic, Persian and Urdu.
        '\u{660}'..='\u{669}' => digit(c, '\u{660}'),
        '\u{6F0}'..='\u{6F9}' => digit(c, '\u{6F0}'),
        _ => base(c),
    })
}

/// What Unicode says is to be ignored where it cannot be shown (`Default_Ignorable_Code_Point`,
/// without the marks), the signs of annotations, tatweel, which only makes a word longer, and
/// control characters that are no white space.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{640}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{3164}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
    ) || (c.is_control() && !c.is_whitespace())
}

/// Apostrophes, quotation marks, primes, and the letters that are written as apostrophes.
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

/// Hyphens, dashes and minus signs.
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

/// The letter that one with a stroke, or one without its dot, is written instead of; of an Arabic
/// letter the form in which Arabic is written.
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
        // The heh of Urdu, with two eyes too, and the one of Kurdish and of ۀ.
        '\u{6BE}' | '\u{6C1}' | '\u{6D5}' => '\u{647}',
        '\u{6C3}' => '\u{629}',
        // The alef that is joined to the word before.
        '\u{671}' => '\u{627}',
        _ => c,
    }
}
