use async_graphql::parser::parse_query;

use super::*;

fn measured(query: &str) -> Result<Extent, ServerError> {
    measure(&parse_query(query).expect("GraphQL"))
}

fn is_too_much(query: &str) -> bool {
    measured(query).is_err_and(|error| error.extensions.is_some())
}

fn fragments(count: usize, spread: impl Fn(usize) -> String) -> String {
    (0..count).map(|n| format!("fragment F{n} on Q {{ {} }} ", spread(n))).collect()
}

fn many(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect()
}

#[test]
fn aliases_are_counted_wherever_they_are_used() {
    let aliases = |count| many(count, |n| format!("a{n}: b "));
    assert!(measured(&format!("{{ {} }}", aliases(100))).is_ok());
    assert!(is_too_much(&format!("{{ {} }}", aliases(101))));
    let twice = format!("{{ ...F x {{ ...F }} }} fragment F on Q {{ {} }}", aliases(51));
    assert!(is_too_much(&twice));
    // Each operation has its own: only one of them is executed.
    let apart = format!("query A {{ {0} }} query B {{ {0} }}", aliases(60));
    assert!(measured(&apart).is_ok());
}

#[test]
fn the_same_field_many_times_counts_as_aliases_do() {
    assert!(measured(&format!("{{ {} }}", "a { b } ".repeat(100))).is_ok());
    assert!(is_too_much(&format!("{{ {} }}", "a { b } ".repeat(101))));
    assert!(measured(&format!("{{ a {{ {} }} }}", "b(c: 1) ".repeat(200))).is_ok());
    assert!(is_too_much(&format!("{{ a {{ {} }} }}", "b(c: 1) ".repeat(201))));
}

#[test]
fn fragments_that_double_are_refused_at_once() {
    let doubling = fragments(25, |n| format!("...F{0} ...F{0}", n + 1));
    assert!(is_too_much(&format!("{{ ...F0 }} {doubling} fragment F25 on Q {{ b }}")));
    // Not even used: the library looks at them all the same.
    assert!(is_too_much(&format!("{{ b }} {doubling} fragment F25 on Q {{ b }}")));
}

#[test]
fn levels_are_counted_through_fragments_in_whatever_order_they_are_met() {
    let chain = fragments(20, |n| format!("b {{ ...F{} }}", n + 1));
    let end = "fragment F20 on Q { b }";
    assert!(is_too_much(&format!("{{ ...F0 }} {chain} {end}")));
    let chain = fragments(10, |n| format!("b {{ ...F{} }}", n + 1));
    let end = "fragment F10 on Q { b }";
    let again = "b { b { b { b { b { b { b { b { b { ...F0 } } } } } } } } }";
    assert!(is_too_much(&format!("{{ ...F0 {again} }} {chain} {end}")));
    assert!(measured(&format!("{{ ...F0 }} {chain} {end}")).is_ok());
}

#[test]
fn a_fragment_that_spreads_itself_is_refused_however_often_it_does() {
    for round in [
        "{ ...A } fragment A on Q { ...A ...A }",
        "{ ...A } fragment A on Q { ...B } fragment B on Q { c { ...A ...A } }",
        "{ c } fragment A on Q { ...A ...A }",
    ] {
        let error = measured(round).expect_err("a circle");
        assert!(error.message.contains("spreads itself"), "{}", error.message);
    }
    assert!(measured("{ ...Nowhere }").is_ok());
}

#[test]
fn what_stands_in_many_places_is_counted_in_each() {
    let wide = format!("fragment F on Q {{ {} }}", "b ".repeat(100));
    assert!(is_too_much(&format!("{{ {} }} {wide}", "c { ...F } ".repeat(99).repeat(3))));
    // Comparing is quadratic in what stands side by side: fields of many sets in one.
    let nested = "... { ".repeat(25) + &"b ".repeat(9_000) + &"} ".repeat(25);
    assert!(is_too_much(&format!("{{ a {{ {nested} }} }}")));
}

#[test]
fn operations_variables_arguments_and_directives_are_bounded() {
    assert!(measured(&many(50, |n| format!("query Q{n} {{ b }} "))).is_ok());
    assert!(is_too_much(&many(51, |n| format!("query Q{n} {{ b }} "))));
    assert!(is_too_much(&format!("query ({}) {{ b }}", many(101, |n| format!("$a{n}: Int ")))));
    assert!(is_too_much(&format!("{{ b({}) }}", many(51, |n| format!("a{n}: 1 ")))));
    assert!(is_too_much(&format!("{{ b {} }}", "@a ".repeat(11))));
    assert!(is_too_much(&format!("{{ ... {} {{ b }} }}", "@a ".repeat(11))));
    assert!(is_too_much(&format!("{{ b(c: [{}]) }}", "1 ".repeat(20_000))));
}
