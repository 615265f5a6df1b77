//! Search by typing: messages of an open dialog, sessions by their names, items.

mod dialog;
mod item;
mod name;
mod reindex;
mod writing;

use serde_json::{Value, json};
use tests::world::{Person, code, play, texts};

const SEARCH: &str = "query($id: ID!, $q: String!, $n: Int!, $a: String) { viewer {
    session(id: $id) { searchMessages(query: $q, first: $n, after: $a) {
        nameParts { text isMatch }
        edges { cursor node { seq kind text } textParts { text isMatch } }
        nodes { seq } pageInfo { hasNextPage endCursor } } } } }";

async fn page(who: &Person, id: &str, query: &str, first: i32, after: Value) -> Value {
    let variables = json!({ "id": id, "q": query, "n": first, "a": after });
    let data = who.get_with(SEARCH, variables).await;
    data["viewer"]["session"]["searchMessages"].clone()
}

/// The texts of all hits, over all pages, newest first.
async fn found(who: &Person, id: &str, query: &str, first: i32) -> Vec<String> {
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = page(who, id, query, first, after).await;
        for edge in page["edges"].as_array().unwrap() {
            let parts = edge["textParts"].as_array().unwrap();
            assert_eq!(texts(parts, "text").concat(), edge["node"]["text"], "short texts whole");
            found.push(edge["node"]["text"].as_str().unwrap().to_owned());
        }
        if page["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        assert!(page["pageInfo"]["endCursor"].is_string(), "{page}");
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// The pieces of a list of parts, with those that match in brackets.
fn marked(parts: &Value) -> String {
    let parts = parts.as_array().unwrap().iter();
    parts
        .map(|part| match (part["text"].as_str().unwrap(), part["isMatch"] == true) {
            (text, true) => format!("[{text}]"),
            (text, false) => text.to_owned(),
        })
        .collect()
}

#[test]
fn case_accents_and_order_do_not_count_and_a_word_matches_from_any_part() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoë Straße").await);
        let said = [
            "Ich suche die GROSSE Straße",
            "Привет, где мой ЗАКАЗ?",
            "Καλημέρα Ὀδυσσεύς",
            "注文番号は東京です",
            "crème brûlée",
        ];
        for text in said {
            zoe.post(text).await;
        }
        let id = ann.waiting().await;
        for (query, text) in [
            ("strasse gross", said[0]),
            ("каз прив", said[1]),
            ("οδυσσευσ", said[2]),
            ("東京", said[3]),
            ("BRULEE creme", said[4]),
        ] {
            assert_eq!(found(&ann, &id, query, 10).await, [text], "{query}");
        }
        for query in ["", " \t", "strasse brulee", "xyz"] {
            assert!(found(&ann, &id, query, 10).await.is_empty(), "{query}");
        }
        let hits = page(&ann, &id, "strasse", 10, Value::Null).await;
        let parts = marked(&hits["edges"][0]["textParts"]);
        assert_eq!(parts, "Ich suche die GROSSE [Straße]");
        assert_eq!(marked(&hits["nameParts"]), "Zoë [Straße]");
        let hits = page(&ann, &id, "brulee", 10, Value::Null).await;
        assert_eq!(marked(&hits["nameParts"]), "Zoë Straße", "the name does not match");
    });
}

#[test]
fn messages_and_notes_are_found_newest_first_and_events_are_not() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        zoe.post("The session is broken").await;
        let id = ann.waiting().await;
        assert_eq!(code(&ann.claim(&id).await), "");
        ann.note(&id, "Which session?").await;
        ann.reply(&id, "Your SESSION works again").await;
        // The events say: took the session.
        assert!(ann.dialog(&id).await[1]["text"].as_str().unwrap().contains("session"));
        let all = ["Your SESSION works again", "Which session?", "The session is broken"];
        for first in [1, 2, 10] {
            assert_eq!(found(&ann, &id, "session", first).await, all);
        }
        let hits = page(&ann, &id, "session", 1, Value::Null).await;
        let document = "query($id: ID!, $c: String) { viewer { session(id: $id) {
            messages(last: 10, before: $c) { nodes { text } } } } }";
        let cursor = &hits["edges"][0]["cursor"];
        let before = ann.get_with(document, json!({ "id": id, "c": cursor })).await;
        let before = before["viewer"]["session"]["messages"]["nodes"].as_array().unwrap();
        assert_eq!(before.len(), 3, "a hit's cursor is its place in the dialog");
    });
}

#[test]
fn an_earlier_session_finds_nothing_of_a_later_one() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        zoe.post("first order").await;
        let first = ann.waiting().await;
        ann.claim(&first).await;
        ann.close(&first, None).await;
        zoe.post("second order").await;
        let second = ann.waiting().await;
        assert_eq!(found(&ann, &second, "order", 10).await, ["second order", "first order"]);
        assert_eq!(found(&ann, &first, "order", 10).await, ["first order"]);
    });
}

#[test]
fn a_long_text_is_cut_around_the_first_match() {
    play(async |world| {
        let (ann, zoe) = (world.online("ann").await, world.client("Zoe").await);
        let text = format!("{} needle {}", "hay ".repeat(900), "hay ".repeat(900));
        zoe.post(&text).await;
        let id = ann.waiting().await;
        let hits = page(&ann, &id, "needle", 10, Value::Null).await;
        let parts = hits["edges"][0]["textParts"].clone();
        assert!(marked(&parts).contains("[needle]"), "{parts}");
        assert!(marked(&parts).chars().count() < 300, "{parts}");
    });
}

#[test]
fn a_query_has_at_most_200_characters_and_sessions_out_of_sight_are_not_searched() {
    play(async |world| {
        let (ann, eve, zoe) =
            (world.online("ann").await, world.employee("eve").await, world.client("Zoe").await);
        zoe.post("Hello").await;
        let id = ann.waiting().await;
        let ask = |query: String| json!({ "id": id, "q": query, "n": 10 });
        let long = ann.send_document(SEARCH, ask("я".repeat(201))).await;
        assert_eq!(long.code(), "BAD_USER_INPUT");
        assert_eq!(ann.send_document(SEARCH, ask("я".repeat(200))).await.code(), "");
        let none = eve.send_document(SEARCH, ask("Hello".to_owned())).await;
        assert_eq!(none.data()["viewer"]["session"], Value::Null);
        assert_eq!(zoe.send_document(SEARCH, ask("Hello".to_owned())).await.code(), "FORBIDDEN");
    });
}

#[test]
fn what_people_do_not_tell_apart_is_found_in_names_messages_and_items() {
    play(async |world| {
        let (ann, sue) = (world.online("ann").await, world.online("sue").await);
        let app = world.app("Orders").await;
        for (name, query, shown) in [
            ("Łukasz Søren", "lukasz SOREN", "[Łukasz] [Søren]"),
            ("Đặng Yılmaz", "dang YILMAZ", "[Đặng] [Yılmaz]"),
            ("don’t O`Brien", "don't \"o‘brien\"", "[don’t] [O`Brien]"),
            ("INV–2024/003", "\"inv-2024/003\",", "[INV–2024/003]"),
            ("in\u{AD}voice\u{200B}s", "\u{FEFF}invoices", "[in\u{AD}voice\u{200B}s]"),
            ("علی کریم", "علي كريم", "[علی] [کریم]"),
        ] {
            let zoe = world.client(name).await;
            zoe.post(name).await;
            let queue = ann.group("QUEUE").await;
            let id = queue.last().unwrap()["id"].as_str().unwrap().to_owned();
            assert_eq!(found(&ann, &id, query, 10).await, [name], "{query} in messages");
            let hits = page(&ann, &id, query, 10, Value::Null).await;
            assert_eq!(marked(&hits["edges"][0]["textParts"]), shown);
            assert_eq!(marked(&hits["nameParts"]), shown);
            assert_eq!(code(&ann.claim(&id).await), "");
            let made = ann.create_and_bind(&id, &app, name, None).await;
            assert_eq!(code(&made), "", "{made}");
            world.settle(&[]).await;
            assert_eq!(names(&sue, query, 10).await, [name], "{query} in names");
            let items = texts(&ann.items(&app, Some(query)).await, "title");
            assert_eq!(items, [name], "{query} in titles");
            assert_eq!(code(&ann.close(&id, None).await), "");
        }
        for invisible in ["\u{AD}", "\u{200B} \u{202E}", "\u{FEFF}"] {
            assert!(names(&sue, invisible, 10).await.is_empty(), "a blank query finds nothing");
            let items = ann.items(&app, Some(invisible)).await;
            assert_eq!(items.len(), 6, "but all items");
        }
    });
}

const SESSIONS: &str = "query($q: String!, $n: Int!, $a: String) { viewer {
    searchSessions(query: $q, first: $n, after: $a) {
        edges { cursor node { id name state } nameParts { text isMatch } }
        nodes { id } pageInfo { hasNextPage endCursor } } } }";

/// The names of all sessions that somebody finds, over all pages, last opened first.
async fn names(who: &Person, query: &str, first: i32) -> Vec<String> {
    let (mut found, mut after) = (Vec::new(), Value::Null);
    for _ in 0..200 {
        let page = who.get_with(SESSIONS, json!({ "q": query, "n": first, "a": after })).await;
        let page = page["viewer"]["searchSessions"].clone();
        for edge in page["edges"].as_array().unwrap() {
            let parts = edge["nameParts"].as_array().unwrap();
            assert_eq!(texts(parts, "text").concat(), edge["node"]["name"]);
            assert!(parts.iter().any(|part| part["isMatch"] == true), "{edge}");
            found.push(edge["node"]["name"].as_str().unwrap().to_owned());
        }
        if page["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        assert!(page["pageInfo"]["endCursor"].is_string(), "{page}");
        after = page["pageInfo"]["endCursor"].clone();
    }
    panic!("{query} has no last page")
}

#[test]
fn sessions_are_found_by_who_sees_them_whatever_becomes_of_them() {
    play(async |world| {
        let (ann, bob) = (world.online("ann").await, world.online("bob").await);
        let (sue, eve) = (world.online("sue").await, world.employee("eve").await);
        let other = world.employee("other/ann").await;
        let zoe = world.client("Zoë Müller").await;
        zoe.post("Hello").await;
        let id = ann.waiting().await;
        world.settle(&[]).await;
        let zoes = ["Zoë Müller".to_owned()];
        for who in [&ann, &bob, &sue] {
            assert_eq!(names(who, "mull ZOE", 10).await, zoes, "{}", who.name);
        }
        for who in [&eve, &other] {
            assert!(names(who, "zoe", 10).await.is_empty(), "{}", who.name);
        }
        ann.claim(&id).await;
        world.settle(&[]).await;
        for (who, sees) in [(&ann, true), (&bob, false), (&sue, true)] {
            assert_eq!(!names(who, "zoe", 10).await.is_empty(), sees, "held, {}", who.name);
        }
        let bobs = bob.id().await;
        sue.assign(&id, &bobs).await;
        world.settle(&[]).await;
        for (who, sees) in [(&ann, false), (&bob, true), (&sue, true)] {
            assert_eq!(!names(who, "zoe", 10).await.is_empty(), sees, "assigned, {}", who.name);
        }
        bob.close(&id, None).await;
        world.settle(&[]).await;
        for (who, sees) in [(&ann, false), (&bob, true), (&sue, true)] {
            assert_eq!(!names(who, "zoe", 10).await.is_empty(), sees, "closed, {}", who.name);
        }
        for query in ["", " \t"] {
            assert!(names(&sue, query, 10).await.is_empty());
        }
        let long = sue.send_document(SESSIONS, json!({ "q": "x".repeat(201), "n": 1 })).await;
        assert_eq!(long.code(), "BAD_USER_INPUT");
        let client = zoe.send_document(SESSIONS, json!({ "q": "zoe", "n": 1 })).await;
        assert_eq!(client.code(), "FORBIDDEN");
    });
}

#[test]
fn a_rename_leaves_no_stale_hit() {
    play(async |world| {
        let ann = world.online("ann").await;
        world.client("Zoe").await.post("Hello").await;
        let id = ann.waiting().await;
        ann.claim(&id).await;
        world.settle(&[]).await;
        let document = "mutation($id: ID!, $n: String!) { renameSession(sessionId: $id, name: $n) {
            userErrors { code } } }";
        for (name, old) in [("Заказ 7", "zoe"), ("注文 八", "заказ"), ("Zoe", "注文")]
        {
            assert_eq!(code(&ann.act(document, json!({ "id": id, "n": name })).await), "");
            // At once: what is found is checked on the session as it is.
            assert!(names(&ann, old, 10).await.is_empty(), "{old}");
            world.settle(&[]).await;
            assert_eq!(names(&ann, name, 10).await, [name]);
            assert!(names(&ann, old, 10).await.is_empty(), "{old}");
        }
    });
}

/// Words that fold in one way or another.
const WORDS: [&str; 32] = [
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
fn oracle(names: &[String], query: &str) -> Vec<String> {
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
