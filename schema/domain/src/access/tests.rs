use super::*;
use crate::fixture::{Dialog, ann, bob, dan, offline, person, sight, sue, turn};

/// A name, and how to come by a session like that.
type Example = (&'static str, fn() -> Session);

/// The states that the rule tells apart, as Ann sees them: hers and Bob's.
const STATES: [Example; 6] = [
    ("queued", || Dialog::queued(1).session),
    ("hers", || Dialog::held(&ann(), 1).session),
    ("another's", || Dialog::held(&bob(), 1).session),
    ("closed, hers", || Dialog::closed(&ann(), 1).session),
    ("closed, another's", || Dialog::closed(&bob(), 1).session),
    ("closed, nobody's", || {
        let mut dialog = Dialog::queued(1);
        dialog.close(&sue());
        dialog.session
    }),
];

const ACTS: [Act; 8] = [
    Act::Claim,
    Act::Reply,
    Act::Note,
    Act::Assign,
    Act::Return,
    Act::Close,
    Act::Rename,
    Act::Bind,
];

/// The session that follows a closed one in its conversation.
fn next(session: &Session, state: State) -> Session {
    let id = crate::SessionId { ordinal: session.id.ordinal + 1, ..session.id.clone() };
    Session { id, state, ..session.clone() }
}

fn assigned(to: &Acting) -> State {
    State::Assigned { operator: to.id.clone() }
}

#[test]
fn everybody_sees_what_their_roles_in_the_live_chat_give_them() {
    use Sight::{Nothing, Taken, Whole};
    let table = [
        (Roles::NONE, [Nothing; 6]),
        (Roles::OPERATOR, [Whole, Whole, Taken, Whole, Nothing, Nothing]),
        (Roles::SUPERVISOR, [Whole; 6]),
        (Roles::BOTH, [Whole; 6]),
    ];
    for (roles, expected) in table {
        for ((state, session), expected) in STATES.iter().zip(expected) {
            let who = person("Ann", roles);
            assert_eq!(sight(&session(), &who), expected, "{roles:?}, {state}");
        }
    }
}

#[test]
fn who_had_a_session_before_and_is_a_member_no_more_sees_nothing_of_it() {
    let session = Dialog::closed(&ann(), 1).session;
    let later = next(&session, assigned(&ann()));
    let ann = person("Ann", Roles::NONE);
    assert_eq!(access(&session, &ann, 9, Some(&later)), Sight::Nothing);
    assert_eq!(access(&later, &ann, 9, None), Sight::Nothing);
}

fn access(session: &Session, who: &Acting, handled: u32, latest: Option<&Session>) -> Sight {
    super::sight(session, &who.id, who.roles, handled, latest)
}

#[test]
fn an_earlier_session_is_readable_through_a_later_one_that_is_in_sight() {
    let session = Dialog::closed(&bob(), 1).session;
    let through = |latest: State| access(&session, &ann(), 0, Some(&next(&session, latest)));
    let closed = |operator: &Acting| State::Closed {
        operator: Some(operator.id.clone()),
        at: crate::fixture::at(9),
    };
    assert_eq!(through(State::Queued), Sight::Earlier);
    assert_eq!(through(assigned(&ann())), Sight::Earlier);
    assert_eq!(through(closed(&ann())), Sight::Earlier);
    assert_eq!(through(assigned(&bob())), Sight::Nothing);
    assert_eq!(through(closed(&bob())), Sight::Nothing);
}

#[test]
fn an_earlier_session_is_readable_through_any_later_one_that_was_theirs_at_its_close() {
    let session = Dialog::closed(&bob(), 1).session;
    let latest = next(&next(&next(&session, State::Queued), State::Queued), assigned(&bob()));
    assert_eq!(access(&session, &ann(), 3, Some(&latest)), Sight::Earlier);
    assert_eq!(access(&session, &ann(), 2, None), Sight::Earlier);
}

#[test]
fn a_later_session_is_never_visible_through_an_earlier_one() {
    let hers = Dialog::closed(&ann(), 1).session;
    let latest = next(&hers, assigned(&bob()));
    assert_eq!(access(&hers, &ann(), 1, Some(&latest)), Sight::Whole);
    assert_eq!(access(&latest, &ann(), 1, Some(&latest)), Sight::Taken);
    let closed = State::Closed { operator: Some(bob().id), at: crate::fixture::at(9) };
    let latest = next(&hers, closed);
    assert_eq!(access(&latest, &ann(), 1, Some(&latest)), Sight::Nothing);
}

#[test]
fn what_is_whole_or_earlier_may_be_read_and_nothing_else() {
    assert!(Sight::Whole.may_read() && Sight::Earlier.may_read());
    assert!(!Sight::Taken.may_read() && !Sight::Nothing.may_read());
}

/// Returns an answer as the table of reasons writes it.
fn word(answer: &Result<(), Refusal>) -> &'static str {
    match answer {
        Ok(()) => "ok",
        Err(Refusal::NotFound) => "unfound",
        Err(Refusal::Forbidden) => "forbidden",
        Err(Refusal::ActorOffline) => "offline",
        Err(Refusal::SessionClosed) => "closed",
        Err(Refusal::AlreadyClaimed { by }) if *by == bob().id => "taken",
        Err(Refusal::NotAssigned) => "unassigned",
        Err(other) => panic!("{other:?}"),
    }
}

/// For each role and state of [`STATES`], the answers to claim, reply, note, assign, return,
/// close, rename and bind of somebody online.
const ANSWERS: [(Roles, [&str; 6]); 4] = [
    (
        Roles::NONE,
        [
            "unfound unfound unfound unfound unfound unfound unfound unfound",
            "unfound unfound unfound unfound unfound unfound unfound unfound",
            "unfound unfound unfound unfound unfound unfound unfound unfound",
            "unfound unfound unfound unfound unfound unfound unfound unfound",
            "unfound unfound unfound unfound unfound unfound unfound unfound",
            "unfound unfound unfound unfound unfound unfound unfound unfound",
        ],
    ),
    (
        Roles::OPERATOR,
        [
            "ok ok unassigned unassigned unassigned unassigned unassigned unassigned",
            "ok ok ok ok ok ok ok ok",
            "taken taken unfound unfound unfound unfound unfound unfound",
            "closed closed closed closed closed ok ok ok",
            "unfound unfound unfound unfound unfound unfound unfound unfound",
            "unfound unfound unfound unfound unfound unfound unfound unfound",
        ],
    ),
    (
        Roles::SUPERVISOR,
        [
            "forbidden forbidden ok ok ok ok ok ok",
            "forbidden forbidden ok ok ok ok ok ok",
            "forbidden forbidden ok ok ok ok ok ok",
            "forbidden forbidden closed closed closed ok ok ok",
            "forbidden forbidden closed closed closed ok ok ok",
            "forbidden forbidden closed closed closed ok ok ok",
        ],
    ),
    (
        Roles::BOTH,
        [
            "ok ok ok ok ok ok ok ok",
            "ok ok ok ok ok ok ok ok",
            "taken taken ok ok ok ok ok ok",
            "closed closed closed closed closed ok ok ok",
            "closed closed closed closed closed ok ok ok",
            "closed closed closed closed closed ok ok ok",
        ],
    ),
];

#[test]
fn the_first_reason_in_the_contracts_order_is_the_one_reported() {
    for (roles, rows) in ANSWERS {
        for ((state, session), row) in STATES.iter().zip(rows) {
            let (session, who) = (session(), person("Ann", roles));
            let away = offline(who.clone());
            for (act, expected) in ACTS.into_iter().zip(row.split(' ')) {
                let place = format!("{act:?}, {roles:?}, {state}");
                let answer = turn(&session, &who, session.opened_at).admit(act);
                assert_eq!(word(&answer), expected, "{place}");
                // Not found and forbidden come before offline, everything else after it.
                let is_earlier = matches!(expected, "unfound" | "forbidden");
                let expected = if is_earlier { expected } else { "offline" };
                let answer = turn(&session, &away, session.opened_at).admit(act);
                assert_eq!(word(&answer), expected, "{place}, offline");
            }
        }
    }
}

#[test]
fn an_earlier_session_is_forbidden_to_all_acts() {
    let session = Dialog::closed(&bob(), 1).session;
    for act in ACTS {
        for who in [ann(), offline(ann())] {
            let answer = Turn { sight: Sight::Earlier, ..turn(&session, &who, session.opened_at) }
                .admit(act);
            assert_eq!(answer, Err(Refusal::Forbidden), "{act:?}");
            assert!(!offers(act, &session, Sight::Earlier, &who.id, who.roles), "{act:?}");
        }
    }
}

fn offered(session: &Session, who: &Acting) -> Vec<Act> {
    let sight = sight(session, who);
    ACTS.into_iter().filter(|act| offers(*act, session, sight, &who.id, who.roles)).collect()
}

#[test]
fn a_page_offers_what_is_admitted_and_does_something() {
    use Act::{Assign, Bind, Claim, Close, Note, Rename, Reply, Return};
    let queued = Dialog::queued(1).session;
    assert_eq!(offered(&queued, &ann()), [Claim, Reply]);
    assert_eq!(offered(&queued, &sue()), [Note, Assign, Close, Rename, Bind]);
    assert_eq!(offered(&queued, &dan()), [Claim, Reply, Note, Assign, Close, Rename, Bind]);
    let held = Dialog::held(&ann(), 1).session;
    assert_eq!(offered(&held, &ann()), [Reply, Note, Assign, Return, Close, Rename, Bind]);
    assert_eq!(offered(&held, &bob()), []);
    assert_eq!(offered(&held, &sue()), [Note, Assign, Return, Close, Rename, Bind]);
    assert_eq!(offered(&held, &dan()), [Note, Assign, Return, Close, Rename, Bind]);
    let closed = Dialog::closed(&ann(), 1).session;
    assert_eq!(offered(&closed, &ann()), [Rename, Bind]);
    assert_eq!(offered(&closed, &bob()), []);
    assert_eq!(offered(&closed, &sue()), [Rename, Bind]);
}

#[test]
fn binding_is_never_offered_for_an_internal_client() {
    let session = Dialog::held(&ann(), 1).session;
    let session = Session { internal: Some(crate::fixture::employee("Kim")), ..session };
    assert!(!offered(&session, &ann()).contains(&Act::Bind));
    assert!(!offered(&session, &sue()).contains(&Act::Bind));
}
