//! Documents: read, and executed for a stranger, within a bound on counted work.
#![no_main]

#[path = "../../src/hostile.rs"]
mod hostile;
mod stage;

use async_graphql::{Request, Value};
use domain::Caller;
use libfuzzer_sys::fuzz_target;

fn values(value: &Value) -> usize {
    match value {
        Value::List(list) => 1 + list.iter().map(values).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(values).sum::<usize>(),
        _ => 1,
    }
}

fuzz_target!(|bytes: &[u8]| {
    let text = match bytes.split_first() {
        Some((0..128, rest)) => hostile::document(&mut hostile::Choices::new(rest)),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    };
    let app = stage::app();
    let Ok(operation) = app.graphql.read(Request::new(text), &Caller::Nobody) else { return };
    let executed = stage::wait(app.graphql.execute(operation, Caller::Nobody, "r"));
    assert!(values(&executed.response.data) <= 60_000);
    assert!(executed.response.errors.len() <= 200);
});
