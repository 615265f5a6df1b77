//! Precedence of refusals: of several reasons against an act the answer names the first in the
//! order of the contract. Here each reason stands beside a later one.

use std::collections::HashMap;

use serde_json::{Value, json};
use tests::world::{Person, World, code, play};

/// People, and a session in each state.
struct Stage<'a> {
    world: &'a World,
    people: HashMap<&'static str, Person>,
    /// Ids by the words that stand for them.
    ids: Vec<(&'static str, String)>,
}

fn id(value: &Value) -> String {
    value["id"].as_str().unwrap_or_else(|| panic!("{value} has no id")).to_owned()
}

impl<'a> Stage<'a> {
    async fn set(world: &'a World) -> Self {
        let mut people = HashMap::new();
        for name in ["ann", "bob", "bea", "sue", "dan", "kim"] {
            people.insert(name, world.online(name).await);
        }
        people.insert("eve", world.employee("eve").await);
        let mut ids = vec![("app", world.app("Orders").await)];
        for name in ["sue", "dan", "kim", "eve"] {
            ids.push((name, people[name].id().await));
        }
        let mut stage = Self { world, people, ids };
        stage.add_sessions().await;
        stage
    }

    async fn add_sessions(&mut self) {
        let (ann, sue) = (self.people["ann"].clone(), self.people["sue"].clone());
        let (_, assigned) = self.held("One").await;
        let note = id(&sue.note(&assigned, "For colleagues").await["message"]);
        let (_, closed) = self.held("Two").await;
        let late_note = id(&ann.note(&closed, "For colleagues").await["message"]);
        // Bob reads the earlier one through the later one, which waits.
        let (three, earlier) = self.held("Three").await;
        for session in [&closed, &earlier] {
            assert_eq!(code(&ann.close(session, None).await), "");
        }
        three.post("Again").await;
        let (_, queued) = self.queued("Four").await;
        self.ids.extend([
            ("assigned", assigned),
            ("note", note),
            ("closed", closed),
            ("lateNote", late_note),
            ("earlier", earlier),
            ("queued", queued),
        ]);
    }

    /// Opens a session. Returns its client and its id.
    async fn queued(&self, client: &str) -> (Person, String) {
        let client = self.world.client(client).await;
        client.post("Hello").await;
        let queue = self.people["sue"].group("QUEUE").await;
        (client, id(queue.last().expect("a session that waits")))
    }

    /// Opens a session and lets Ann claim it.
    async fn held(&self, client: &str) -> (Person, String) {
        let (client, session) = self.queued(client).await;
        assert_eq!(code(&self.people["ann"].claim(&session).await), "");
        (client, session)
    }

    /// Does an act, in which words in angle brackets stand for ids.
    async fn act(&self, who: &str, call: &str) -> Value {
        let call = self.ids.iter().fold(call.to_owned(), |call, (word, id)| {
            call.replace(&format!("<{word}>"), &format!("\"{id}\""))
        });
        let document = format!("mutation {{ {call} {{ userErrors {{ code field }} }} }}");
        self.people[who].act(&document, json!({})).await
    }

    /// Asserts that an act is refused for this reason and changes no session. Returns the argument
    /// that the refusal names.
    async fn assert_refused(&self, who: &str, call: &str, reason: &str) -> Value {
        let before = self.versions().await;
        let refused = self.act(who, call).await;
        assert_eq!(code(&refused), reason, "{call} by {who}");
        assert_eq!(self.versions().await, before, "{call} by {who}");
        refused["userErrors"][0]["field"].clone()
    }

    /// Asserts the same of somebody who is offline meanwhile.
    async fn assert_refused_offline(&self, who: &str, call: &str, reason: &str) -> Value {
        self.people[who].presence("OFFLINE").await;
        let field = self.assert_refused(who, call, reason).await;
        self.people[who].presence("ONLINE").await;
        field
    }

    async fn versions(&self) -> Vec<Value> {
        let mut versions = Vec::new();
        for (word, id) in &self.ids {
            if ["queued", "assigned", "closed", "earlier"].contains(word) {
                versions.push(self.people["sue"].session(id).await["version"].clone());
            }
        }
        versions
    }
}

const USED: &str = r#"addNote(sessionId: <assigned>, text: "A note", clientMessageId: "used")"#;

#[test]
fn invalid_by_the_arguments_alone_is_the_first_reason() {
    play(async |world| {
        let stage = Stage::set(world).await;
        assert_eq!(code(&stage.act("ann", USED).await), "");
        for (who, call) in [
            ("ann", r#"addNote(sessionId: <assigned>, text: "", clientMessageId: "used")"#),
            ("bob", r#"addNote(sessionId: <assigned>, text: "", clientMessageId: "empty")"#),
            ("bob", r#"addNote(sessionId: "nonsense", text: "", clientMessageId: "empty")"#),
            ("sue", r#"sendMessage(sessionId: <queued>, text: "", clientMessageId: "empty")"#),
            ("ann", r#"addNote(sessionId: <closed>, text: "", clientMessageId: "empty")"#),
            ("bob", r#"returnSession(sessionId: <queued>, comment: "")"#),
            ("sue", r#"assignSession(sessionId: <queued>, employeeId: <sue>, comment: "")"#),
        ] {
            stage.assert_refused(who, call, "INVALID").await;
        }
        let rename = r#"renameSession(sessionId: <assigned>, name: "")"#;
        stage.assert_refused_offline("ann", rename, "INVALID").await;
    });
}

#[test]
fn a_repeated_key_is_answered_before_all_that_the_state_forbids() {
    play(async |world| {
        let stage = Stage::set(world).await;
        let [bob, bea, sue] = ["bob", "bea", "sue"].map(|name| &stage.people[name]);
        let (_, session) = stage.queued("Five").await;
        let first = bea.reply_as(&session, "Mine", "key", None).await;
        assert_eq!(code(&first), "");
        let assert_repeated = async |why: &str| {
            let again = bea.reply_as(&session, "Mine", "key", None).await;
            let answer = (code(&again), &again["message"]["id"]);
            assert_eq!(answer, ("", &first["message"]["id"]), "{why}");
            again["session"].clone()
        };
        let assert_reused = async |why: &str| {
            let other = bea.reply_as(&session, "Other", "key", None).await;
            assert_eq!(code(&other), "KEY_REUSED", "{why}");
        };

        assert_eq!(code(&sue.assign(&session, &bob.id().await).await), "");
        assert_eq!(assert_repeated("another has it").await, Value::Null);
        assert_reused("another has it").await;
        bea.presence("OFFLINE").await;
        assert_eq!(assert_repeated("she is offline").await, Value::Null);
        assert_reused("she is offline").await;
        bea.presence("ONLINE").await;
        assert_eq!(code(&bob.close(&session, None).await), "");
        assert_eq!(assert_repeated("another had it").await, Value::Null);
        assert_reused("another had it").await;
        world.appoint("bea", "Support", &["SUPERVISOR"]).await;
        assert_repeated("she only supervises").await;
        assert_reused("she only supervises").await;
        world.appoint("bea", "Support", &[]).await;
        assert_eq!(assert_repeated("she has no role").await, Value::Null);

        assert_eq!(code(&stage.act("ann", USED).await), "");
        let quoting = r#"sendMessage(sessionId: <assigned>, text: "A reply",
            clientMessageId: "used", replyToId: <note>)"#;
        stage.assert_refused("ann", quoting, "KEY_REUSED").await;
    });
}

#[test]
fn what_does_not_exist_is_the_next_reason_and_what_is_forbidden_follows() {
    play(async |world| {
        let stage = Stage::set(world).await;
        let quoting = |session: &str, quote: &str| {
            format!(
                r#"sendMessage(sessionId: <{session}>, text: "To what?",
                    clientMessageId: "absent", replyToId: {quote})"#
            )
        };
        let assigning = |session: &str, employee: &str| {
            format!("assignSession(sessionId: <{session}>, employeeId: {employee})")
        };
        let nothing = r#""nonsense""#;
        for (who, call) in [
            ("bob", assigning("earlier", nothing)),
            ("sue", quoting("queued", nothing)),
            ("sue", assigning("closed", nothing)),
            ("ann", quoting("closed", nothing)),
            ("dan", quoting("assigned", nothing)),
            ("bob", assigning("queued", nothing)),
            ("bob", "markSessionRead(sessionId: <assigned>, upToSeq: 1000)".to_owned()),
        ] {
            stage.assert_refused(who, &call, "NOT_FOUND").await;
        }
        let call = assigning("assigned", nothing);
        stage.assert_refused_offline("ann", &call, "NOT_FOUND").await;
        // An operator who lost the session to another learns nothing of its dialog.
        let unseen = stage.act("bob", &quoting("assigned", "<note>")).await;
        assert_eq!(code(&unseen), "ALREADY_CLAIMED");
        assert_eq!(stage.act("bob", &quoting("assigned", nothing)).await, unseen);

        for call in [
            "markSessionRead(sessionId: <earlier>, upToSeq: 1000)".to_owned(),
            assigning("earlier", "<sue>"),
        ] {
            stage.assert_refused("bob", &call, "FORBIDDEN").await;
        }
    });
}

#[test]
fn then_come_absence_a_close_and_who_has_it_in_this_order() {
    play(async |world| {
        let stage = Stage::set(world).await;
        let quoting = |session: &str, quote: &str| {
            format!(
                r#"sendMessage(sessionId: <{session}>, text: "To that",
                    clientMessageId: "quoting", replyToId: <{quote}>)"#
            )
        };
        let assigning = |session: &str, employee: &str| {
            format!("assignSession(sessionId: <{session}>, employeeId: <{employee}>)")
        };
        for call in [
            assigning("assigned", "kim"),
            "closeSession(sessionId: <assigned>, lastSeq: 0)".to_owned(),
            quoting("assigned", "note"),
        ] {
            let field = stage.assert_refused_offline("ann", &call, "OPERATOR_OFFLINE").await;
            assert_eq!(field, Value::Null, "{call}");
        }
        let to_eve = assigning("assigned", "eve");
        let field = stage.assert_refused("ann", &to_eve, "OPERATOR_OFFLINE").await;
        assert_eq!(field, json!(["employeeId"]));
        stage.people["dan"].presence("OFFLINE").await;
        stage.assert_refused("bob", &assigning("earlier", "dan"), "FORBIDDEN").await;
        stage.assert_refused("bob", &assigning("assigned", "dan"), "NOT_FOUND").await;
        for (who, session) in [("sue", "closed"), ("bob", "queued")] {
            let call = assigning(session, "dan");
            let field = stage.assert_refused(who, &call, "OPERATOR_OFFLINE").await;
            assert_eq!(field, json!(["employeeId"]), "{call}");
        }
        stage.people["dan"].presence("ONLINE").await;

        for (who, call, reason) in [
            ("sue", assigning("closed", "sue"), "SESSION_CLOSED"),
            ("ann", quoting("closed", "lateNote"), "SESSION_CLOSED"),
            ("dan", quoting("assigned", "note"), "ALREADY_CLAIMED"),
            ("bob", assigning("queued", "sue"), "NOT_ASSIGNED"),
            ("bob", "closeSession(sessionId: <queued>, lastSeq: 0)".to_owned(), "NOT_ASSIGNED"),
        ] {
            stage.assert_refused(who, &call, reason).await;
        }
    });
}

#[test]
fn an_internal_client_is_among_the_last_reasons() {
    play(async |world| {
        let mut stage = Stage::set(world).await;
        stage.people["kim"].post_to(&world.live_chat("Support").await, "From inside").await;
        let queue = stage.people["sue"].group("QUEUE").await;
        let internal = queue.iter().find(|session| session["client"]["isInternal"] == true);
        let internal = id(internal.expect("a session of Kim's"));
        stage.ids.push(("internal", internal.clone()));
        let nothing = r#"bindItem(sessionId: <internal>, itemId: "nonsense")"#;
        let bind = r#"createAndBindItem(sessionId: <internal>, appId: <app>, title: "A chair")"#;
        stage.assert_refused("sue", nothing, "NOT_FOUND").await;
        stage.assert_refused_offline("sue", bind, "OPERATOR_OFFLINE").await;
        stage.assert_refused("bob", bind, "NOT_ASSIGNED").await;
        assert_eq!(code(&stage.people["ann"].claim(&internal).await), "");
        for who in ["ann", "sue"] {
            stage.assert_refused(who, bind, "INTERNAL_CLIENT").await;
        }
    });
}
