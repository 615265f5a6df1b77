use unicode_normalization::UnicodeNormalization as _;

use super::*;

fn folded(text: &str) -> String {
    Folded::of(text).as_str().to_owned()
}

fn query(text: &str) -> Query {
    Query::parse(text).unwrap()
}

/// The parts as text, matches in brackets.
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
    assert_ne!(folded("ı"), folded("i"), "a dotless i is a letter of its own");
    assert_eq!(folded("王小明"), "王小明");
}

#[test]
fn words_are_parted_by_white_space_only_and_by_all_of_it() {
    assert_eq!(folded(" a\u{a0}b\t c\u{3000}d "), "a b c d");
    assert_eq!(folded("a-b_c.d"), "a-b_c.d");
    assert_eq!(folded("a\u{200B}b"), "a\u{200B}b");
}

#[test]
fn folding_each_character_is_folding_the_whole_text() {
    let scalars = (0x80..=0x2_FFFF).filter_map(char::from_u32);
    let texts = scalars.map(|c| format!("{c}\u{345}\u{301}{c}\u{327}"));
    for text in texts {
        let whole: String =
            text.nfkd().default_case_fold().filter(|c| !is_combining_mark(*c)).collect();
        let whole = whole.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(folded(&text), whole, "{text:?}");
    }
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
    for blank in ["", " ", "\u{a0}\t", "\u{301}"] {
        assert!(query(blank).is_blank(), "{blank:?}");
    }
    assert!(Query::parse(&"я".repeat(QUERY_LENGTH)).is_some());
    assert!(Query::parse(&"я".repeat(QUERY_LENGTH + 1)).is_none());
}

#[test]
fn what_a_query_finds_has_all_its_grams() {
    let name = "Анна Ан Ó王 straße";
    let grams = Folded::of(name).grams();
    let all: Vec<char> = name.chars().collect();
    for length in 1..=all.len() {
        for piece in all.windows(length) {
            let words: String = piece.iter().collect();
            for gram in query(&words).grams(100) {
                assert!(grams.contains(&gram), "{gram} of {words}");
            }
        }
    }
    assert!(grams.contains("ан") && grams.contains("王") && grams.contains("ass"));
    assert!(!grams.iter().any(|gram| gram.contains(' ') || gram.chars().count() > GRAM));
}

#[test]
fn few_grams_are_of_different_words_and_lie_apart() {
    assert_eq!(query("abcdef xyz").grams(3), ["abc", "xyz", "def"]);
    assert_eq!(query("ab").grams(8), ["ab"]);
    assert_eq!(query("aaaaaa aaaa").grams(8), ["aaa"]);
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
