//! Names as people write them, in many scripts, and the queries that find them.

use domain::search::{Folded, Query};
use serde_json::Value;
use tests::world::{code, play, texts};

use super::{found, marked, names, page};

/// Names with the matches in brackets, each with its query.
const FOUND: [(&str, &str); 71] = [
    // Case, in every script that has one, and letters that are several.
    ("[Zoe] [Miller]", "ZOE miller"),
    ("Große [Straße]", "strasse"),
    ("[STRASSE]", "straße"),
    ("[weiß]", "WEISS"),
    ("[GROẞ]", "gross"),
    ("[Fuß]ball", "fus"),
    ("Fu[ßball]", "sball"),
    ("[istanbul]", "İSTANBUL"),
    ("[DİYARBAKIR]", "diyarbakir"),
    ("[IRMAK]", "ırmak"),
    ("[𐐀𐐁𐐂]", "𐐨𐐩𐐪"),
    ("[ᏣᎳᎩ]", "ꮳꮃꭹ"),
    ("[ᲗᲑᲘᲚᲘᲡᲘ]", "თბილისი"),
    ("[Երևան]", "երեւան"),
    ("[ﬁnance]", "finance"),
    ("[office]", "oﬃce"),
    ("[\u{212A}elvin] [Waſſer]", "kelvin wasser"),
    ("[Ελλάς]", "ΕΛΛΑΣ"),
    // Marks.
    ("[Crème] [Brûlée]", "creme brulee"),
    ("[Creme]", "CRÈME"),
    ("[e\u{301}tude]", "étude"),
    ("[Étude]", "e\u{301}tude"),
    ("[Nguyễn] [Thế]", "nguyen the"),
    ("[\u{212B}ngström]", "angstrom"),
    ("[Αθήνα]", "αθηνα"),
    ("[Сергей]", "сергеи"),
    ("[Алёна]", "АЛЕНА"),
    ("[Київ]", "КИІВ"),
    ("[Łódź]", "LODZ"),
    ("[Đặng]", "đang"),
    ("[שָׁלוֹם]", "שלום"),
    ("[مُحَمَّد]", "محمد"),
    ("[أحمد] علي", "احمد"),
    ("[ガラス]", "カラス"),
    // Forms of a letter, and of a digit.
    ("[ＡＢＣ１２３]", "abc123"),
    ("[x²] [①②]", "x2 12"),
    ("[𝐇𝐞𝐥𝐥𝐨]", "hello"),
    ("[\u{F900}]", "\u{8C48}"),
    ("[ﾊﾟｿｺﾝ]", "パソコン"),
    ("[ﻣﺤﻤﺪ]", "محمد"),
    ("[علی] [کریم]", "علي كريم"),
    ("[مـحـمـد]", "محمد"),
    ("[서울]", "\u{1109}\u{1165}\u{110B}\u{116E}\u{11AF}"),
    // From any part, in any order.
    ("我在[北京]工作", "北京"),
    ("我在北[京]工作", "京"),
    ("대한[민국] 서울", "민국"),
    ("[한]국어", "하"),
    ("[김]철수 [고객]", "고객 김"),
    ("ال[قاهر]ة", "قاهر"),
    ("[हिन्दी] भाषा", "हिन्दी"),
    ("กรุง[เทพ]มหานคร", "เทพ"),
    ("Order 4[7112]3", "7112"),
    ("[one] [two] [three]", "three one two"),
    ("[Hannah]", "ann hannah"),
    ("Han[nah]", "nah"),
    ("[Q]uebec", "q"),
    // Signs, and invisible characters.
    ("Party [🎉] tonight", "🎉"),
    ("love [❤\u{FE0F}] you", "❤"),
    ("Ann[a-M]aria", "a-m"),
    ("an[n@example.c]om", "N@EXAMPLE.C"),
    ("I [don't] know", "don‘t"),
    ("Order [7–12]", "7-12"),
    ("[Anna\u{2011}Maria]", "anna−maria"),
    ("[می\u{200C}خواهم]", "میخواهم"),
    ("[INV-2024/003]", "\"inv-2024/003\","),
    ("[Anna] [Maria]", "(anna) [maria]"),
    ("Wait [...] here", "..."),
    ("[C++] and C", "c++"),
    ("snak[e_c]ase", "e_c"),
    ("[Anna] [Maria]", "\tmaria\r\nanna\n"),
    ("[Anna] [Maria]", "maria\u{3000}anna\u{A0}"),
];

/// Names that a query does not find.
const MISSED: [(&str, &str); 11] = [
    ("我在北京工作", "京北"),
    ("東京", "东京"),
    ("さくら", "サクラ"),
    ("Anna Maria", "anna-maria"),
    ("Anna Maria", "anna,maria"),
    ("Anna\u{3000}Maria", "annamaria"),
    ("one two three", "one four"),
    ("abcd bcde", "abcde"),
    ("abcdxbcde", "abcde"),
    ("Ann", "anna"),
    ("Ann", "!"),
];

/// Returns a name of the table without its brackets.
fn plain(shown: &str) -> String {
    shown.replace(['[', ']'], "")
}

#[test]
fn a_name_is_found_however_it_and_the_query_are_written() {
    for (shown, query) in FOUND {
        let (name, words) = (plain(shown), Query::parse(query).unwrap());
        assert!(words.matches(&Folded::of(&name)), "{query} in {name}");
        let parts = words.parts(&name).into_iter();
        let parts = parts.map(|part| match part.is_match {
            true => format!("[{}]", part.text),
            false => part.text,
        });
        assert_eq!(parts.collect::<String>(), shown, "{query}");
    }
    for (name, query) in MISSED {
        assert!(!Query::parse(query).unwrap().matches(&Folded::of(name)), "{query} in {name}");
    }
    for blank in
        ["", " ", "\u{3000}", "\t\r\n", "\u{A0} \u{2003}\u{2028}", "\u{AD}\u{200B} \u{FEFF}"]
    {
        let query = Query::parse(blank).unwrap();
        assert!(query.is_blank(), "{blank:?}");
        assert!(query.parts("Anna").iter().all(|part| !part.is_match), "{blank:?}");
    }
}

#[test]
fn so_it_is_in_names_and_messages_and_items_and_templates() {
    play(async |world| {
        let (ann, sue, ada) =
            (world.online("ann").await, world.online("sue").await, world.employee("ada").await);
        let (app, support) = (world.app("Orders").await, world.live_chat("Support").await);
        let rows = [
            ("[Fuß]ball", "fus", true),
            ("대한[민국] 서울", "민국", true),
            ("[𐐀𐐁𐐂]", "𐐨𐐩𐐪", true),
            ("Order [7–12]", "\"7-12\",", true),
            ("Anna Maria", "anna-maria", false),
            ("さくら", "サクラ", false),
        ];
        for (shown, query, is_found) in rows {
            let name = plain(shown);
            world.client(&name).await.post(&name).await;
            let id = ann.waiting().await;
            assert_eq!(code(&ann.claim(&id).await), "");
            assert_eq!(code(&ann.create_and_bind(&id, &app, &name, None).await), "");
            assert_eq!(code(&ada.create_template(&support, &name, "Hello", None).await), "");
            world.settle(&[]).await;
            let wanted = if is_found { vec![name.clone()] } else { Vec::new() };
            assert_eq!(names(&sue, query, 10).await, wanted, "{query} in names");
            assert_eq!(found(&ann, &id, query, 10).await, wanted, "{query} in messages");
            let title = page(&ann, &id, query, 1, Value::Null).await["nameParts"].clone();
            assert_eq!(marked(&title), shown, "{query} in the name of the dialog");
            let items = ann.items(&app, Some(query)).await;
            assert_eq!(texts(&items, "title"), wanted, "{query} in items");
            let templates = ann.templates(&id, Some(query)).await;
            assert_eq!(texts(&templates, "title"), wanted, "{query} in templates");
        }
        let id = ann.group("MY").await[0]["id"].as_str().unwrap().to_owned();
        assert_eq!(ann.items(&app, Some("\u{3000}")).await.len(), rows.len());
        assert_eq!(ann.templates(&id, Some("\u{3000}")).await.len(), rows.len());
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
