//! A brute force that looks at every name, and the search that finds the same.

use serde_json::json;
use tests::world::play;

use super::names;

/// Words that fold in one way or another.
pub(super) const WORDS: [&str; 32] = [
    "Straße",
    "STRASSE",
    "Ёлка",
    "ёж",
    "Ὀδυσσεύς",
    "οδός",
    "İstanbul",
    "ısı",
    "مرحبا",
    "مَرْحَبًا",
    "東京",
    "京都府",
    "서울",
    "한국어",
    "हिन्दी",
    "ﬁnance",
    "Ｆｕｌｌ",
    "crème",
    "Creme",
    "a",
    "ab",
    "aba",
    "Zoë",
    "№7",
    "Łukasz",
    "Đặng",
    "don’t",
    "in\u{AD}voice",
    "a–b",
    "علی",
    "كريم",
    "Søren",
];

/// Another way to fold, of what is in [`WORDS`].
fn plain(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    use unicode_normalization::char::is_combining_mark;
    let folded = caseless::default_case_fold_str(&text.nfkd().collect::<String>());
    let folded: String =
        folded.chars().filter(|c| !is_combining_mark(*c) && *c != '\u{AD}').collect();
    let pairs = ["ıi", "łl", "đd", "øo", "’'", "–-", "یي", "کك"];
    pairs.iter().fold(folded, |text, pair| {
        let (one, base) = pair.split_at(pair.chars().next().unwrap().len_utf8());
        text.replace(one, base)
    })
}

/// Returns the names that a brute force finds: it looks at every name.
pub(super) fn oracle(names: &[String], query: &str) -> Vec<String> {
    let query = plain(query);
    let bare = |word: &str| match word.trim_matches(['\'', '-']) {
        "" => word.to_owned(),
        bare => bare.to_owned(),
    };
    let has_all =
        |name: &&String| query.split_whitespace().all(|word| plain(name).contains(&bare(word)));
    names.iter().rev().filter(has_all).cloned().collect()
}

#[test]
fn over_all_pages_it_finds_what_a_brute_force_finds() {
    use rand::{RngExt, SeedableRng};
    play(async |world| {
        let mut rng = rand::rngs::StdRng::seed_from_u64(7);
        let sue = world.online("sue").await;
        let ann = world.online("ann").await;
        let (mut all, mut anns) = (Vec::new(), Vec::new());
        for number in 0..60 {
            let count = rng.random_range(1..4);
            let words: Vec<&str> =
                (0..count).map(|_| WORDS[rng.random_range(0..WORDS.len())]).collect();
            let name = words.join(" ");
            let body = json!({ "messageId": format!("m{number}"), "text": "Hi",
                "from": { "id": format!("c{number}"), "name": name } });
            assert_eq!(world.webhook(&body).await.0, 200);
            // Some are hers, some were, some wait.
            match number % 3 {
                0 => {
                    let id = ann.group("QUEUE").await.last().unwrap()["id"].clone();
                    ann.claim(id.as_str().unwrap()).await;
                    if number % 2 == 0 {
                        ann.close(id.as_str().unwrap(), None).await;
                    }
                    anns.push(name.clone());
                }
                1 => {
                    let id = sue.group("QUEUE").await.last().unwrap()["id"].clone();
                    sue.close(id.as_str().unwrap(), None).await;
                }
                _ => anns.push(name.clone()),
            }
            all.push(name);
        }
        world.settle(&[]).await;
        for _ in 0..60 {
            let word: Vec<char> = WORDS[rng.random_range(0..WORDS.len())].chars().collect();
            let from = rng.random_range(0..word.len());
            let piece: String =
                word[from..rng.random_range(from + 1..=word.len())].iter().collect();
            let query = match rng.random_bool(0.3) {
                true => format!("{piece} {}", WORDS[rng.random_range(0..WORDS.len())]),
                false => piece,
            };
            if plain(&query).is_empty() {
                continue;
            }
            let first = [1, 3, 100][rng.random_range(0..3)];
            assert_eq!(names(&sue, &query, first).await, oracle(&all, &query), "{query}");
            assert_eq!(names(&ann, &query, first).await, oracle(&anns, &query), "ann, {query}");
        }
    });
}
