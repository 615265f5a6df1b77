use caseless::Caseless as _;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::*;

fn folded(text: &str) -> String {
    Folded::of(text).as_str().to_owned()
}

fn query(text: &str) -> Query {
    Query::parse(text).unwrap()
}

/// Formats the parts as text, with matches in brackets.
fn shown(parts: &[Part]) -> String {
    let show = |part: &Part| {
        if part.is_match { format!("[{}]", part.text) } else { part.text.clone() }
    };
    parts.iter().map(show).collect()
}

fn marked(words: &str, text: &str) -> String {
    shown(&query(words).parts(text))
}

#[test]
fn case_accents_and_forms_of_a_character_do_not_count() {
    for (one, other) in [
        ("Ёлка", "елка"),
        ("ЙОД", "иод"),
        ("Ὀδυσσεύς", "οδυσσευσ"),
        ("ΆΣΟΣ", "ασος"),
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("ﬁle", "FILE"),
        ("Ａｎｎ", "ann"),
        ("Zoë", "zoe"),
        ("Zoe\u{308}", "ZOË"),
        ("Nguyễn", "nguyen"),
        ("مُحَمَّد", "محمد"),
        ("ｶﾞｲﾄﾞ", "カイト"),
        ("ガイド", "ｶｲﾄ"),
        ("각", "\u{1100}\u{1161}\u{11A8}"),
        ("हिन्दी", "हनद"),
        ("①②", "12"),
        ("ᾳ", "αι"),
    ] {
        assert_eq!(folded(one), folded(other), "{one} {other}");
    }
    assert_eq!(folded("王小明"), "王小明");
}

#[test]
fn letters_with_strokes_and_without_dots_are_their_base() {
    for (one, other) in [
        ("Łukasz", "LUKASZ"),
        ("Søren", "soren"),
        ("Ǿ", "o"),
        ("Đặng", "Dang"),
        ("Ðặng", "dang"),
        ("Ħal Għargħur", "hal gharghur"),
        ("Ŧ ŧ", "t T"),
        ("Yılmaz", "yilmaz"),
        ("YILMAZ", "yılmaz"),
        ("Iğdır", "IGDIR"),
        ("İstanbul", "ıstanbul"),
        ("ȷ", "j"),
        ("𝚤", "i"),
        ("Ɨ Ʉ Ɵ Ⱥ Ⱦ Ƶ Ɍ Ɏ Ɉ Ɇ Ƀ Ȼ Ǥ Ƚ", "i u o a t z r y j e b c g l"),
        ("Ғалым", "галым"),
    ] {
        assert_eq!(folded(one), folded(other), "{one} {other}");
    }
    assert_ne!(folded("æ"), folded("ae"), "letters of their own stay that");
}

#[test]
fn quotes_are_one_and_dashes_are_one() {
    for quote in "'’‘ʼ`´ʹʻ＇′‛ꞌ\"“”„‟«»‹›＂「」『』〝〞″ʽ՚׳״\u{1FBD}".chars()
    {
        assert_eq!(folded(&format!("Don{quote}t")), "don't", "{quote:?}");
    }
    for dash in "-‐\u{2011}‒–—―−﹣－⁻˗־﹘〜➖".chars() {
        assert_eq!(folded(&format!("A{dash}7")), "a-7", "{dash:?}");
    }
}

#[test]
fn what_is_not_seen_is_dropped() {
    let unseen = "\u{AD}\u{200B}\u{200C}\u{200D}\u{200E}\u{200F}\u{202A}\u{202E}\u{2060}\u{2066}\u{2069}\
        \u{FEFF}\u{FE0F}\u{34F}\u{61C}\u{180E}\u{E0001}\u{E0067}\u{E0100}\u{1160}\u{3164}\u{FFA0}\u{0}\u{1F}\u{7F}\u{640}";
    for c in unseen.chars() {
        assert_eq!(folded(&format!("in{c}voice")), "invoice", "{c:?}");
        assert!(query(&format!("{c} {c}")).is_blank(), "{c:?}");
    }
    assert_eq!(folded("👩\u{200D}👩"), folded("👩👩"));
    assert_eq!(folded("❤\u{FE0F}"), folded("❤"));
    assert_ne!(folded("👩👩"), folded("👩"));
}

#[test]
fn arabic_persian_and_urdu_forms_of_a_letter_are_one() {
    for (one, other) in [
        ("علی", "علي"),
        ("على", "علي"),
        ("کریم", "كريم"),
        ("می\u{200C}خواهم", "ميخواهم"),
        ("ﮐﺮﯾﻢ", "كريم"),
        ("مہران", "مهران"),
        ("مـحـمـد", "محمد"),
        ("۱۲۳", "١٢٣"),
        ("۱۲۳", "123"),
    ] {
        assert_eq!(folded(one), folded(other), "{one} {other}");
    }
    assert_ne!(folded("گ"), folded("ك"), "gaf is another letter");
}

#[test]
fn words_are_parted_by_white_space_only_and_by_all_of_it() {
    assert_eq!(folded(" a\u{a0}b\t c\u{3000}d "), "a b c d");
    assert_eq!(folded("a-b_c.d"), "a-b_c.d");
}

/// Quotes that the decomposition of a whole text would split.
const COME_APART: [char; 11] =
    ['´', '΄', '\u{1FBD}', '\u{1FBF}', '\u{1FFD}', '\u{1FFE}', '″', '‴', '‶', '‷', '⁗'];

#[test]
fn folding_each_character_is_folding_the_whole_text_and_folding_twice_is_folding_once() {
    let scalars = (0x80..=0x2_FFFF).chain(0xE_0000..=0xE_0FFF).filter_map(char::from_u32);
    for c in scalars {
        let text = format!("{c}\u{345}\u{301}{c}\u{327}");
        let whole: String =
            text.nfkd().default_case_fold().filter(|c| !is_combining_mark(*c)).collect();
        // The expected text: the other rules, applied to each decomposed character by itself.
        let whole: String = whole
            .chars()
            .map(|c| if c == ' ' { c.into() } else { folded(&c.to_string()) })
            .collect();
        let whole = whole.split_whitespace().collect::<Vec<_>>().join(" ");
        if !COME_APART.contains(&c) {
            assert_eq!(folded(&text), whole, "{text:?}");
        }
        let once = folded(&text);
        assert!(Folded::is_current(&once), "{text:?} {once:?}");
    }
    assert!(!Folded::is_current("łu") && !Folded::is_current("don’t"));
}

#[test]
fn a_querys_word_loses_the_punctuation_around_it() {
    let name = Folded::of("Invoice INV-2024/003, Anna (Maria) O’Brien: C++ #1 ... ok");
    for words in [
        "\"INV-2024/003\"",
        "«inv–2024/003»",
        "003,",
        "„Anna”",
        "maria",
        "[maria]",
        "(anna maria)",
        "o'brien:",
        "C++",
        "\"c++\".",
        "#1",
        "1",
        "...",
        "…",
        "，anna。",
        "<anna>",
        "¿anna?",
    ] {
        assert!(query(words).matches(&name), "{words}");
    }
    for words in ["anna,maria", "anna-maria", "c+-+", "!", "inv 2025"] {
        assert!(!query(words).matches(&name), "{words}");
    }
    for punctuation in ["-", "...", "\"", "'’", "#", "/"] {
        assert!(!query(punctuation).is_blank(), "{punctuation}");
        assert!(!query(punctuation).matches(&Folded::of("Anna")), "{punctuation}");
        assert!(query(punctuation).matches(&Folded::of(&format!("Anna{punctuation}"))));
    }
    assert_eq!(
        query("\"INV-2024/003\",").grams(Longest::Three, 100),
        query("inv-2024/003").grams(Longest::Three, 100)
    );
}

#[test]
fn every_word_has_to_occur_in_any_order_and_from_any_part() {
    let name = Folded::of("Анна Петрова, Straße 7");
    for words in ["анн", "тров", "петр АНН", "SSE 7 рова", "а", "Петрова,"]
    {
        assert!(query(words).matches(&name), "{words}");
    }
    for words in ["аннап", "петр иван", "8", "аннаб"] {
        assert!(!query(words).matches(&name), "{words}");
    }
}

#[test]
fn a_query_is_blank_or_too_long() {
    for blank in ["", " ", "\u{a0}\t", "\u{301}", "\u{AD}", "\u{200B} \u{FEFF}\u{202E}"] {
        assert!(query(blank).is_blank(), "{blank:?}");
    }
    assert!(Query::parse(&"я".repeat(QUERY_LENGTH)).is_some());
    assert!(Query::parse(&"я".repeat(QUERY_LENGTH + 1)).is_none());
}

#[test]
fn what_a_query_finds_has_all_its_grams() {
    let name = "Анна, Ан Ó王 (straße) Ły\u{AD}d-‘xy’ «z»";
    let all: Vec<char> = name.chars().collect();
    for longest in [Longest::Two, Longest::Three] {
        let grams = Folded::of(name).grams(longest);
        for length in 1..=all.len() {
            for piece in all.windows(length) {
                let words: String = piece.iter().collect();
                for gram in query(&words).grams(longest, 100) {
                    assert!(grams.contains(&gram), "{gram} of {words}");
                }
            }
        }
        assert!(grams.iter().all(|gram| is_gram(gram, longest)), "{grams:?}");
        let has: Vec<_> = ["", "а", "ан", "王", "анн"].map(|gram| grams.contains(gram)).into();
        assert_eq!(has, [true, false, true, true, longest == Longest::Three]);
        assert!(!grams.iter().any(|gram| gram.contains(' ')));
    }
    assert!(Folded::of(" ").grams(Longest::Three).is_empty());
}

#[test]
fn a_gram_of_other_rules_is_none() {
    let is_gram = |text| [Longest::Two, Longest::Three].map(|longest| is_gram(text, longest));
    for text in ["", "ab", "王", "王小"] {
        assert_eq!(is_gram(text), [true, true], "{text}");
    }
    assert_eq!(is_gram("abc"), [false, true]);
    for text in ["a", "7", "я", "ł", "łu", "abcd"] {
        assert_eq!(is_gram(text), [false, false], "{text}");
    }
}

#[test]
fn few_grams_are_of_different_words_and_lie_apart() {
    let grams = |text, most| query(text).grams(Longest::Three, most);
    assert_eq!(grams("abcdef xyz", 3), ["abc", "xyz", "def"]);
    assert_eq!(grams("ab", 8), ["ab"]);
    assert_eq!(grams("aaaaaa aaaa", 8), ["aaa"]);
    assert_eq!(query("abcdef xyz").grams(Longest::Two, 3), ["ab", "xy", "cd"]);
    // A single letter has no list of its own, an ideograph has.
    assert_eq!((grams("a", 8), grams("a bc", 8)), (vec![String::new()], vec!["bc".to_owned()]));
    assert_eq!(grams("王", 8), ["王"]);
}

#[test]
fn all_occurrences_are_marked_in_whole_characters() {
    assert_eq!(marked("an", "Anna Hanna"), "[An]na H[an]na");
    assert_eq!(marked("ana", "banana"), "b[anana]");
    assert_eq!(marked("s", "Straße"), "[S]tra[ß]e");
    assert_eq!(marked("anna pet", "Петрова Anna Peterson"), "Петрова [Anna] [Pet]erson");
    assert_eq!(marked("zoe", "Zoe\u{308}!"), "[Zoe\u{308}]!");
    assert_eq!(marked("i", "İi\u{307}x"), "[İi\u{307}]x");
    assert_eq!(marked("fi", "oﬃce"), "o[ﬃ]ce");
    assert_eq!(marked("가", "각하"), "[각]하");
    assert_eq!(marked("महत", "महात्मा"), "[महात्]मा");
    assert_eq!(marked("lukasz", "dla Łukasza"), "dla [Łukasz]a");
    assert_eq!(marked("don't", "I don’t"), "I [don’t]");
    assert_eq!(marked("invoice", "in\u{AD}voice\u{200B}s"), "[in\u{AD}voice\u{200B}]s");
    assert_eq!(marked("\"003\",", "№ INV-003"), "№ INV-[003]");
    assert_eq!(marked("علي", "علی"), "[علی]");
    assert_eq!(marked("an", "\u{202E}Anna"), "\u{202E}[An]na");
}

#[test]
fn nothing_is_marked_where_a_word_is_missing() {
    assert_eq!(marked("anna bob", "Anna"), "Anna");
    assert_eq!(marked("", "Anna"), "Anna");
    assert_eq!(marked("x", ""), "");
}

#[test]
fn a_long_text_is_cut_around_its_first_match() {
    let text = format!("{} needle {} needle", "я".repeat(500), "ж".repeat(500));
    let parts = query("needle").excerpt(&text);
    assert!(parts.iter().any(|part| part.is_match && part.text == "needle"));
    let cut: String = parts.iter().map(|part| part.text.as_str()).collect();
    assert!(cut.starts_with("…я") && cut.ends_with("ж…"), "{cut}");
    assert_eq!(cut.chars().count(), SHOWN_AND_CUTS);
    assert_eq!(shown(&query("b").excerpt("abc")), "a[b]c");
}

const SHOWN_AND_CUTS: usize = 242;

#[test]
fn a_cut_shows_a_match_wherever_it_stands_and_splits_no_character() {
    for lead in 0..600 {
        let text = format!("{}нож{}", "e\u{301}".repeat(lead), "e\u{301}".repeat(600 - lead));
        let parts = query("нож").excerpt(&text);
        let cut: String = parts.iter().map(|part| part.text.as_str()).collect();
        assert!(parts.iter().any(|part| part.is_match && part.text == "нож"), "{lead}");
        assert!(text.contains(cut.trim_matches('…')), "{lead}");
        assert!(!cut.contains("…\u{301}") && !cut.contains("e…"), "{lead}: {cut}");
    }
}
