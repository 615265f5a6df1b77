//! The cost of a search: it reads as much of a hundred sessions as of a hundred thousand.

use super::bench::Bench;
use super::crowd::{Crowd, RARE, VIEWERS, put_items};
use super::run;
use domain::search::Query;
use domain::{Item, ItemId};
use rand::{RngExt, SeedableRng};
use store::list::Window;
use tests::environment::START;
use tests::meter::Usage;
use tests::scheduler::paused;

/// The most read units of one request.
const UNITS: f64 = 40.0;
/// The most requests to the database: the lists that it begins with, and its rounds of reading on and
/// looking at hits.
const TRIPS: u64 = 60;

fn alone(work: impl AsyncFn()) {
    paused(async { work().await }).unwrap();
}

fn within_bounds(what: &str, used: &Usage) {
    assert!(used.read_units <= UNITS && used.round_trips <= TRIPS, "{what}: {used}");
}

/// Returns the names that a viewer finds over all pages, and the most that one request used.
async fn all(crowd: &Crowd, viewer: &str, query: &str, first: usize) -> (Vec<String>, Usage) {
    let desk = crowd.desk(viewer).await;
    let (mut names, mut most, mut after) = (Vec::new(), Usage::default(), None::<String>);
    loop {
        let window = Window { first, after: after.as_deref() };
        let (more, next, used) = crowd.page(&desk, query, window).await;
        within_bounds(&format!("{viewer}, {query}"), &used);
        assert!(more.len() <= first);
        most.read_units = most.read_units.max(used.read_units);
        most.round_trips = most.round_trips.max(used.round_trips);
        names.extend(more);
        let Some(next) = next else { return (names, most) };
        assert!(after.is_none_or(|after| next < after), "{viewer}, {query}: it gets on");
        after = Some(next);
    }
}

/// The pieces that the queries over these names ask for.
const GRAMS: [&str; 13] =
    ["an", "nn", "na", "be", "el", "ll", "zy", "yx", "ann", "nna", "bel", "ell", "zyx"];

/// Two names that each half of all have, and one that has a piece of both.
fn common(number: usize) -> String {
    let name = match (number, number % 4) {
        (RARE, _) => "Bell Anna Zyx",
        (_, 0 | 1) => "Anna Kroll",
        _ => "Bella Kroll",
    };
    name.to_owned()
}

#[test]
fn names_cost_as_much_among_a_hundred_sessions_as_among_a_hundred_thousand() {
    alone(async || {
        for many in [100, 100_000] {
            let crowd = Crowd::new(many, common, |number| format!("chat-{number}")).await;
            crowd.index(|gram| GRAMS.contains(&gram)).await;
            for viewer in VIEWERS {
                let desk = crowd.desk(viewer).await;
                // With a rare piece: on the first page of the first request, wherever it stands.
                for query in ["zyx", "anna zyx", "zyx anna bell"] {
                    let first = Window { first: 20, after: None };
                    let (names, _, used) = crowd.page(&desk, query, first).await;
                    within_bounds(&format!("{viewer}, {query}, of {many}"), &used);
                    assert_eq!(names, ["Bell Anna Zyx"], "{viewer}, {query}, of {many}");
                }
                // Without one: whole, a bounded part at a time.
                let (names, most) = all(&crowd, viewer, "anna bell", 20).await;
                assert_eq!(names, crowd.must_find(viewer, "anna bell"), "{viewer}, of {many}");
                let first = Window { first: 100, after: None };
                let (found, _, used) = crowd.page(&desk, "anna", first).await;
                within_bounds(&format!("{viewer}, one that half have, of {many}"), &used);
                let must = crowd.must_find(viewer, "anna");
                assert_eq!(found, must[..found.len()], "{viewer}, of {many}");
                assert!(found.len() >= must.len().min(15), "{viewer}, of {many}: {}", found.len());
                println!("{viewer}, of {many}: at most {most}; {} by {used}", found.len());
            }
        }
    });
}

#[test]
fn names_and_ids_as_long_as_they_may_be_cost_no_more() {
    // Of the longer the rows have no name.
    for length in [180, 200] {
        alone(async || {
            let name = |number: usize| match number {
                RARE => (0..200).map(|n| char::from(b'a' + (n * n / 7 % 26) as u8)).collect(),
                _ => format!("Anna {number:05} {}", "x".repeat(length - 11)),
            };
            let crowd = Crowd::new(600, name, |number| format!("{number:0>128}")).await;
            crowd.index(|_| true).await;
            let (long, many) = (format!("anna {} 00", "x".repeat(length - 11)), name(RARE));
            for viewer in VIEWERS {
                for query in ["anna", &*long, "anna 00008", "anna 0 1 2 3 5", "7", &*many] {
                    let (names, _) = all(&crowd, viewer, query, 100).await;
                    let is_right = names == crowd.must_find(viewer, query);
                    assert!(is_right, "{viewer}, {query}, of {length}: {}", names.len());
                }
            }
        });
    }
}

const WORDS: [&str; 8] = ["karolina", "carolin", "linus", "nilsson", "olson", "anna", "ka", "l"];

#[test]
fn of_all_pieces_of_a_query_the_rarest_is_found_in_sixty_live_chats() {
    alone(async || {
        let mut rng = rand::rngs::StdRng::seed_from_u64(11);
        let mut word = move || WORDS[rng.random_range(0..WORDS.len())];
        let mut names: Vec<String> = (0..240).map(|_| format!("{} {}", word(), word())).collect();
        names[RARE] = "karolina nilssoq".to_owned();
        let crowd = Crowd::new(240, |number| names[number].clone(), |n| format!("chat-{n}")).await;
        crowd.index(|_| true).await;
        let mut rng = rand::rngs::StdRng::seed_from_u64(12);
        for viewer in VIEWERS {
            let desk = crowd.desk(viewer).await;
            let first = Window { first: 20, after: None };
            let (found, _, used) = crowd.page(&desk, "karolina nilssoq", first).await;
            within_bounds(viewer, &used);
            assert_eq!(found, ["karolina nilssoq"], "{viewer}");
            for _ in 0..25 {
                let (one, other) = (word(), word());
                let piece = &one[rng.random_range(0..one.len())..];
                let query = match rng.random_bool(0.4) {
                    true => format!("{piece} {other}"),
                    false => piece.to_owned(),
                };
                let first = [3, 100][rng.random_range(0..2)];
                let (found, _) = all(&crowd, viewer, &query, first).await;
                assert_eq!(found, crowd.must_find(viewer, &query), "{viewer}, {query}");
            }
        }
    });
}

/// An app with so many items, and the rows of some grams of their titles.
async fn with_items(many: usize, grams: &[&str]) -> (Bench, domain::AppId) {
    let bench = Bench::new().await;
    let app = bench.app().await;
    let item = |number: usize| {
        let at = START.plus_millis(1000 * number as u64);
        Item { id: ItemId::new(app.clone(), at, number as u128), title: common(number) }
    };
    put_items(&bench, &app, &(0..many).map(item).collect::<Vec<_>>(), grams).await;
    // No item is so new that it is looked at itself.
    bench.environment.pass(1000 * many as u64 + 120_000);
    (bench, app)
}

#[test]
fn titles_cost_as_much_among_a_hundred_items_as_among_a_hundred_thousand() {
    alone(async || {
        for many in [100, 100_000] {
            let (bench, app) = with_items(many, &GRAMS).await;
            for query in ["zyx", "anna zyx", "zyx anna bell", "anna bell"] {
                let parsed = Query::parse(query).unwrap();
                let (mut titles, mut after, mut requests) = (Vec::new(), None::<String>, 0);
                loop {
                    let window = Window { first: 20, after: after.as_deref() };
                    let mut found = None;
                    let asked = bench.used(async {
                        let asked =
                            bench.store.of(&bench.tenant).search_items(&app, &parsed, window);
                        found = Some(asked.await);
                    });
                    within_bounds(&format!("{query}, of {many}"), &asked.await);
                    let page = found.unwrap().unwrap();
                    titles.extend(page.items.into_iter().map(|(_, item)| item.title));
                    requests += 1;
                    if !page.has_next {
                        break;
                    }
                    if query.contains("zyx") {
                        assert_eq!(titles, ["Bell Anna Zyx"], "{query}: on the first page");
                    }
                    after = page.end;
                }
                assert_eq!(titles, ["Bell Anna Zyx"], "{query}, of {many}, {requests} requests");
            }
        }
    });
}

#[test]
fn an_item_is_found_before_the_worker_has_seen_it_and_by_its_rows_later() {
    run(async |bench| {
        let (id, app) = (bench.held("carl").await, bench.app().await);
        let query = Query::parse("rder 7").unwrap();
        let found = async || {
            let window = Window { first: 10, after: None };
            let found = bench.store.of(&bench.tenant).search_items(&app, &query, window).await;
            found.unwrap().items.into_iter().map(|(_, item)| item.title).collect::<Vec<_>>()
        };
        let ann = bench.person("ann");
        let made = bench.store.create_and_bind(&ann, &id, &app, "Order 7", None).await.unwrap();
        assert_eq!(found().await, ["Order 7"]);
        bench.environment.pass(120_000);
        assert!(found().await.is_empty(), "nobody has made its rows");
        bench.store.of(&bench.tenant).index_item(&made.item).await.unwrap();
        assert_eq!(found().await, ["Order 7"]);
    });
}

#[test]
fn the_rows_of_a_name() {
    run(async |bench| {
        // Four letters are three pieces of two and two of three; with the list of all names, six in two scopes,
        // and in the queue four.
        let id = bench.queued("carl").await;
        let queued = bench.session(&id).await;
        costs!(bench, bench.store.of(&bench.tenant).index(None, &queued), 16, 0, 2);
        bench.store.claim(&bench.person("ann"), &id).await.unwrap();
        let held = bench.session(&id).await;
        // Out of the queue, and among hers.
        costs!(bench, bench.store.of(&bench.tenant).index(Some(&queued), &held), 8, 0, 2);
        // A session that did not change costs nothing to index.
        costs!(bench, bench.store.of(&bench.tenant).index(Some(&held), &held), 0, 0, 0);
        bench.store.rename(&bench.person("ann"), &id, "carla").await.unwrap();
        let renamed = bench.session(&id).await;
        // The rows show the whole name: each is written anew, and two pieces are new, one of them in the list without those of three.
        costs!(bench, bench.store.of(&bench.tenant).index(Some(&held), &renamed), 21, 0, 2);
        bench.store.close(&bench.person("ann"), &id, None).await.unwrap();
        let closed = bench.session(&id).await;
        costs!(bench, bench.store.of(&bench.tenant).index(Some(&renamed), &closed), 0, 0, 0);
        let item = Item {
            id: ItemId::new(bench.app().await, bench.store.now(), 7),
            title: "carl".to_owned(),
        };
        costs!(bench, bench.store.of(&bench.tenant).index_item(&item), 6, 0, 1);
    });
}
