//! Documents that mean harm, made from bytes: the same bytes give the same document, so that a fuzzer
//! can search among them and a test can repeat what was found.

use std::fmt::Write;

/// A source of choices: bytes, and zeros when there are no more.
#[derive(Debug)]
pub struct Choices<'a>(&'a [u8]);

impl<'a> Choices<'a> {
    /// Choices from these bytes.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Returns a number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first) % end.max(1)
    }

    fn of<'b>(&mut self, words: &[&'b str]) -> &'b str {
        words.get(self.below(words.len())).copied().unwrap_or_default()
    }
}

/// Builds a document from the parts that have stopped services before: fragments that double,
/// aliases, arguments, directives, variables, introspection, many operations, and much of each.
#[must_use]
pub fn document(choices: &mut Choices<'_>) -> String {
    let mut text = String::new();
    let operations = 1 + choices.below(4) * choices.below(20);
    for at in 0..operations {
        let kind = choices.of(&["query", "query", "query", "mutation", "subscription"]);
        let _ = write!(text, "{kind} Q{at}");
        if choices.below(3) == 0 {
            variables(choices, &mut text);
        }
        directives(choices, &mut text);
        selections(choices, &mut text, 4);
    }
    let fragments = choices.below(30);
    for at in 0..fragments {
        let on = choices.of(&["Query", "Viewer", "Session", "__Type", "__Schema", "None"]);
        let _ = write!(text, " fragment F{at} on {on}");
        directives(choices, &mut text);
        if choices.below(2) == 0 {
            let next = (at + 1) % fragments.max(1);
            let spreads = format!("...F{next} ").repeat(1 + choices.below(4));
            let _ = write!(text, " {{ {spreads} __typename }}");
        } else {
            selections(choices, &mut text, 3);
        }
    }
    text
}

fn selections(choices: &mut Choices<'_>, text: &mut String, levels: usize) {
    text.push_str(" {");
    for _ in 0..=choices.below(6) {
        match choices.below(8) {
            0 => {
                let _ = write!(text, " ...F{}", choices.below(30));
                directives(choices, text);
            }
            1 if levels > 0 => {
                text.push_str(" ...");
                text.push_str(choices.of(&["", " on Viewer", " on Query", " on __Type"]));
                directives(choices, text);
                selections(choices, text, levels - 1);
            }
            2 => wide(choices, text),
            3 if levels > 0 => tower(choices, text),
            _ => field(choices, text, levels),
        }
    }
    text.push_str(" __typename }");
}

const FIELDS: [&str; 16] = [
    "viewer",
    "counters",
    "liveChats",
    "sessions",
    "nodes",
    "edges",
    "node",
    "client",
    "messages",
    "operators",
    "employee",
    "id",
    "name",
    "searchSessions",
    "administration",
    "nothing",
];

fn field(choices: &mut Choices<'_>, text: &mut String, levels: usize) {
    if choices.below(4) == 0 {
        let _ = write!(text, " a{}:", choices.below(200));
    }
    text.push(' ');
    text.push_str(choices.of(&FIELDS));
    if choices.below(3) == 0 {
        arguments(choices, text);
    }
    directives(choices, text);
    if levels > 0 && choices.below(3) > 0 {
        selections(choices, text, levels - 1);
    }
}

/// Writes the same part very often.
fn wide(choices: &mut Choices<'_>, text: &mut String) {
    let one = choices.of(&[
        " id",
        " viewer { id }",
        " a: node(id: \"x\") { id }",
        " sessions(first: 100) { nodes { id } }",
        " ... { id name }",
        " ...F0",
        " __schema { types { name } }",
        " __type(name: \"Session\") { fields { name } }",
        " x @include(if: true)",
    ]);
    let count = 1 + choices.below(250) * choices.below(16);
    if choices.below(2) == 0 {
        text.push_str(&one.repeat(count));
    } else {
        for at in 0..count {
            let _ = write!(text, " w{at}:{one}");
        }
    }
}

/// Writes a part nested in another, many times.
fn tower(choices: &mut Choices<'_>, text: &mut String) {
    let (open, middle) = match choices.below(6) {
        0 => ("{ types { fields { type ", "{ name }"),
        1 => ("{ possibleTypes { interfaces ", "{ name }"),
        2 => ("{ ofType ", "{ name }"),
        3 => ("{ ... ", "{ id }"),
        4 => ("{ sessions(first: 100) { nodes ", "{ id }"),
        _ => ("{ args { type ", "{ name }"),
    };
    text.push_str(choices.of(&[" __schema ", " __type(name: \"Node\") ", " viewer ", " x "]));
    let levels = choices.below(40);
    text.push_str(&open.repeat(levels));
    text.push_str(middle);
    let braces = open.matches('{').count() * levels;
    text.push_str(&"}".repeat(braces));
}

fn arguments(choices: &mut Choices<'_>, text: &mut String) {
    text.push('(');
    for at in 0..=choices.below(8) * choices.below(12) {
        let name = match choices.below(4) {
            0 => format!("x{at}"),
            _ => choices.of(&["id", "ids", "first", "after", "query", "filter", "if"]).to_owned(),
        };
        let value = match choices.below(7) {
            0 => "$v0".to_owned(),
            1 => format!("\"{}\"", "y".repeat(choices.below(255))),
            2 => format!("[{}]", "1 ".repeat(choices.below(255))),
            3 => format!("{}1{}", "[".repeat(choices.below(70)), "]".repeat(choices.below(70))),
            4 => format!("{{{}}}", "a: 1 ".repeat(choices.below(99))),
            5 => "\"\"\"}{\"\"\"".to_owned(),
            _ => choices.below(255).to_string(),
        };
        let _ = write!(text, "{name}: {value} ");
    }
    text.push(')');
}

fn directives(choices: &mut Choices<'_>, text: &mut String) {
    if choices.below(6) > 0 {
        return;
    }
    for _ in 0..choices.below(14) {
        text.push_str(choices.of(&[
            " @skip(if: false)",
            " @include(if: $v0)",
            " @none",
            " @x(y: 1)",
        ]));
    }
}

fn variables(choices: &mut Choices<'_>, text: &mut String) {
    text.push('(');
    for at in 0..choices.below(120) {
        let of = choices.of(&["Int", "String = \"x\"", "[ID!]", "Boolean! = true", "None"]);
        let _ = write!(text, "$v{at}: {of} ");
    }
    text.push_str(") ");
}
