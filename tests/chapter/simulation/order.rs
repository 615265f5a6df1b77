//! Schedules that chance seldom meets, one by one: what comes between the halves of an act.

use super::company::Company;
use super::stop::{At, Stop};
use super::world::World;
use super::{check, client, counted, follower};
use domain::Person;
use domain::presence::Choice;
use domain::{EmployeeId, Refusal, Roles, SessionId};
use serde_json::json;
use store::{Failure, Fault, Store};
use tests::item::Item;
use tests::recount::{number, text};
use tests::scheduler::{Faults, paused};

/// Two devices in the larger company; the calls of the first may be stopped.
struct Stage {
    world: World,
    stop: Stop,
    slow: Store,
    quick: Store,
}

/// Plays a schedule; at its end everything holds that holds after any run.
fn play(story: impl AsyncFnOnce(&Stage)) {
    let wrong = paused(async {
        let world = World::new(1, Faults::default()).await;
        let (slow, stop) = world.stopped_store();
        let quick = world.calm_store();
        let stage = Stage { world, stop, slow, quick };
        Box::pin(story(&stage)).await;
        stage.wrong().await
    });
    assert_eq!(wrong.unwrap(), Vec::<String>::new());
}

impl Stage {
    fn company(&self) -> &Company {
        &self.world.companies[0]
    }

    fn person(&self, name: &str) -> &Person {
        self.company().people.iter().find(|person| person.id.as_str() == name).unwrap()
    }

    /// Returns what does not hold once the worker is done.
    async fn wrong(&self) -> Vec<String> {
        follower::catch_up(&self.world).await;
        let recount = check::recount(&self.world);
        let mut wrong = recount.faults();
        wrong.extend(counted::faults(&self.world));
        wrong.extend(self.world.followers.borrow().faults.iter().cloned());
        let kept = recount.not_given_back().into_iter().map(|whose| format!("{whose:?} keeps"));
        wrong.extend(kept.filter(|kept| !kept.contains("cat")));
        wrong
    }

    /// Gives somebody roles in a live chat, from the slow device or the quick one.
    async fn set(&self, store: &Store, chat: usize, name: &str, roles: Roles) {
        let (company, id) = (self.company(), EmployeeId::parse(name).unwrap());
        let chat = &company.live_chats[chat].id;
        store.of(&company.tenant).set_member(chat, &id, roles).await.unwrap();
    }

    /// Returns the number of members that a live chat is said to have, and whether a person is an
    /// operator and a supervisor there.
    fn members(&self, chat: usize, name: &str) -> (i64, i64, i64) {
        let company = self.company();
        let chat = &company.live_chats[chat].id;
        let settings = self.item(&format!("L#{}#{chat}", company.tenant), "A");
        let desk = self.item(&format!("U#{}#{name}", company.tenant), &format!("L#{chat}"));
        (number(&settings, "mc"), number(&desk, "o"), number(&desk, "s"))
    }

    fn item(&self, pk: &str, sk: &str) -> Item {
        self.item_of("core", pk, sk)
    }

    fn item_of(&self, table: &str, pk: &str, sk: &str) -> Item {
        let key = json!({ "pk": { "S": pk }, "sk": { "S": sk } });
        let key = key.as_object().cloned().unwrap();
        self.world.simulation.database().item(table, &key).unwrap_or_default()
    }

    /// A session of a line that has so many messages of its client.
    async fn session(&self, line: usize, messages: u64) -> SessionId {
        let line = &self.company().lines[line];
        for number in 0..messages {
            let (world, store) = (&self.world, &self.quick);
            client::send(world, store, 0, self.company(), line, number, false).await;
        }
        SessionId { conversation: line.conversation.clone(), ordinal: 1 }
    }

    /// The head of a session: its version, and something of it.
    fn head(&self, id: &SessionId, name: &str) -> (i64, i64) {
        let pk = format!("V#{}#{}", self.company().tenant, id.conversation);
        let head = self.item(&pk, &format!("H#{:08}", id.ordinal));
        assert!(!head.is_empty());
        (number(&head, "w"), number(&head, name))
    }

    async fn name(&self, id: &SessionId) -> String {
        let sue = self.person("sue");
        self.quick.look(sue, id).await.unwrap().session.name
    }

    /// A closed session, which is renamed by its head alone, and the version of it.
    async fn closed(&self) -> (SessionId, i64) {
        let (id, ann) = (self.session(0, 2).await, self.person("ann"));
        self.quick.claim(ann, &id).await.unwrap();
        self.quick.close(ann, &id, None).await.unwrap();
        let version = self.head(&id, "w").0;
        (id, version)
    }

    /// Up to where somebody who looks on has read.
    fn line(&self, id: &SessionId, who: &str) -> i64 {
        let pk = format!("V#{}#{}", self.company().tenant, id.conversation);
        number(&self.item(&pk, &format!("R#{who}")), "s")
    }
}

const SALES: usize = 1;
const SUPPORT: usize = 0;

#[test]
fn a_removal_that_read_before_a_grant_takes_what_the_grant_gave() {
    play(async |stage| {
        let (id, bea) = (stage.session(3, 1).await, stage.person("bea"));
        assert_eq!(stage.members(SALES, "bea"), (5, 0, 1));
        let removal = stage.set(&stage.slow, SALES, "bea", Roles::NONE);
        let grant = async {
            stage.set(&stage.quick, SALES, "bea", Roles::BOTH).await;
            stage.quick.claim(bea, &id).await.unwrap();
        };
        stage.stop.between(At::Write, removal, grant).await;
        assert_eq!(stage.members(SALES, "bea"), (4, 0, 0));
        assert_eq!(stage.wrong().await, Vec::<String>::new());
        let sue = stage.person("max");
        assert!(stage.quick.look(sue, &id).await.unwrap().session.is_queued());
        let again = stage.quick.claim(bea, &id).await;
        assert!(matches!(again, Err(Failure::Refused(Refusal::NotFound))), "{again:?}");
    });
}

#[test]
fn a_removal_that_finds_nobody_before_a_grant_takes_nothing() {
    play(async |stage| {
        let (id, sue) = (stage.session(3, 1).await, stage.person("sue"));
        let removal = stage.set(&stage.slow, SALES, "sue", Roles::NONE);
        let grant = async {
            stage.set(&stage.quick, SALES, "sue", Roles::OPERATOR).await;
            stage.quick.claim(sue, &id).await.unwrap();
        };
        // It was over before the grant, as far as anybody can tell.
        stage.stop.between(At::Read, removal, grant).await;
        assert_eq!(stage.members(SALES, "sue"), (6, 1, 0));
        assert_eq!(stage.wrong().await, Vec::<String>::new());
        let held = stage.quick.look(sue, &id).await.unwrap().session;
        assert_eq!(held.assignee(), Some(&sue.id));
    });
}

#[test]
fn a_removal_whose_answer_is_lost_leaves_the_next_grant_alone() {
    play(async |stage| {
        let (id, bob) = (stage.session(3, 1).await, stage.person("bob"));
        let removal = stage.set(&stage.slow, SALES, "bob", Roles::NONE);
        let grant = async {
            stage.set(&stage.quick, SALES, "bob", Roles::OPERATOR).await;
            stage.quick.claim(bob, &id).await.unwrap();
        };
        stage.stop.between(At::Answer, removal, grant).await;
        assert_eq!(stage.members(SALES, "bob"), (5, 1, 0));
        assert_eq!(stage.wrong().await, Vec::<String>::new());
        let held = stage.quick.look(bob, &id).await.unwrap().session;
        assert_eq!(held.assignee(), Some(&bob.id));
    });
}

#[test]
fn two_who_join_somebody_that_both_found_outside_count_one_member() {
    for at in [At::Read, At::Write, At::Answer, At::Loss] {
        play(async |stage| {
            assert_eq!(stage.members(SUPPORT, "eve"), (7, 0, 0));
            let one = stage.set(&stage.slow, SUPPORT, "eve", Roles::OPERATOR);
            let other = stage.set(&stage.quick, SUPPORT, "eve", Roles::SUPERVISOR);
            stage.stop.between(at, one, other).await;
            let must = if at == At::Answer { (8, 0, 1) } else { (8, 1, 0) };
            assert_eq!(stage.members(SUPPORT, "eve"), must, "{at:?}");
        });
    }
}

#[test]
fn two_who_remove_somebody_count_one_member_less() {
    for at in [At::Read, At::Write, At::Answer, At::Loss] {
        play(async |stage| {
            let (id, ann) = (stage.session(0, 1).await, stage.person("ann"));
            stage.quick.claim(ann, &id).await.unwrap();
            let one = stage.set(&stage.slow, SUPPORT, "ann", Roles::NONE);
            let other = stage.set(&stage.quick, SUPPORT, "ann", Roles::NONE);
            stage.stop.between(at, one, other).await;
            assert_eq!(stage.members(SUPPORT, "ann"), (6, 0, 0), "{at:?}");
        });
    }
}

#[test]
fn a_removal_that_meets_a_removal_and_a_grant_takes_the_grant() {
    play(async |stage| {
        let one = stage.set(&stage.slow, SUPPORT, "ann", Roles::NONE);
        let both = async {
            stage.set(&stage.quick, SUPPORT, "ann", Roles::NONE).await;
            stage.set(&stage.quick, SUPPORT, "ann", Roles::OPERATOR).await;
        };
        stage.stop.between(At::Write, one, both).await;
        assert_eq!(stage.members(SUPPORT, "ann"), (6, 0, 0));
    });
}

#[test]
fn a_name_whose_answer_is_lost_does_not_come_back_after_the_next_one() {
    play(async |stage| {
        let (id, version) = stage.closed().await;
        let (ann, sue) = (stage.person("ann"), stage.person("sue"));
        let (one, other) = (stage.slow.rename(ann, &id, "x"), stage.quick.rename(sue, &id, "y"));
        let (one, other) = stage.stop.between(At::Answer, one, other).await;
        assert_eq!((stage.name(&id).await, stage.head(&id, "w").0), ("y".to_owned(), version + 2));
        // Each act is answered with the version that it made.
        let told = [one, other].map(|acted| acted.unwrap().session);
        assert_eq!(told.each_ref().map(|session| session.name.as_str()), ["x", "y"]);
        assert!(told[0].version < told[1].version);
    });
}

#[test]
fn a_name_that_is_lost_on_its_way_is_given_after_the_next_one() {
    for at in [At::Write, At::Loss] {
        play(async |stage| {
            let (id, version) = stage.closed().await;
            let (ann, sue) = (stage.person("ann"), stage.person("sue"));
            let one = stage.slow.rename(ann, &id, "x");
            let other = stage.quick.rename(sue, &id, "y");
            stage.stop.between(at, one, other).await.0.unwrap();
            let is = (stage.name(&id).await, stage.head(&id, "w").0);
            assert_eq!(is, ("x".to_owned(), version + 2), "{at:?}");
        });
    }
}

#[test]
fn however_many_write_between_a_name_is_never_given_twice() {
    for between in [1, 15, 16, 17, 40] {
        play(async |stage| {
            let (id, version) = stage.closed().await;
            let (ann, sue) = (stage.person("ann"), stage.person("sue"));
            let others = async {
                for number in 0..between {
                    stage.quick.rename(sue, &id, &format!("y{number}")).await.unwrap();
                }
            };
            let one = stage.slow.rename(ann, &id, "x");
            let (one, ()) = stage.stop.between(At::Answer, one, others).await;
            let is = (stage.name(&id).await, stage.head(&id, "w").0);
            assert_eq!(is, (format!("y{}", between - 1), version + 1 + between));
            match between {
                1 | 15 => assert_eq!(one.unwrap().session.name, "x"),
                // Nobody can tell any more, and so it is said.
                _ => assert!(matches!(one, Err(Failure::Failed(Fault::Unavailable(_))))),
            }
        });
    }
}

#[test]
fn a_read_mark_whose_answer_is_lost_does_not_read_what_was_marked_unread_since() {
    play(async |stage| {
        let (id, ann) = (stage.session(0, 6).await, stage.person("ann"));
        stage.quick.claim(ann, &id).await.unwrap();
        // One message is left unread all the time: so the head is all that changes.
        stage.quick.mark_unread(ann, &id, 2).await.unwrap();
        let version = stage.head(&id, "w").0;
        let read = stage.slow.mark_read(ann, &id, 5);
        let unread = stage.quick.mark_unread(ann, &id, 3);
        let (read, unread) = stage.stop.between(At::Answer, read, unread).await;
        read.unwrap();
        assert_eq!(unread.unwrap().session.read_seq, 2);
        assert_eq!(stage.head(&id, "rs"), (version + 2, 2));
    });
}

#[test]
fn the_line_of_who_looks_on_does_not_come_back_after_it_was_moved_again() {
    for at in [At::Answer, At::Write, At::Loss] {
        play(async |stage| {
            let (id, sue) = (stage.session(0, 6).await, stage.person("sue"));
            stage.quick.mark_read(sue, &id, 2).await.unwrap();
            let read = stage.slow.mark_read(sue, &id, 5);
            let between = async {
                stage.quick.mark_read(sue, &id, 6).await.unwrap();
                stage.quick.mark_unread(sue, &id, 4).await.unwrap();
            };
            stage.stop.between(at, read, between).await.0.unwrap();
            // The first mark, if it was not made before the others, is made after them: both orders
            // are valid.
            assert_eq!(stage.line(&id, "sue"), if at == At::Answer { 3 } else { 5 }, "{at:?}");
        });
    }
}

#[test]
fn the_first_line_of_who_looks_on_does_not_come_back_either() {
    play(async |stage| {
        let (id, sue) = (stage.session(0, 6).await, stage.person("sue"));
        let read = stage.slow.mark_read(sue, &id, 5);
        let unread = stage.quick.mark_unread(sue, &id, 2);
        stage.stop.between(At::Answer, read, unread).await.0.unwrap();
        assert_eq!(stage.line(&id, "sue"), 1);
    });
}

#[test]
fn a_line_that_a_close_moved_on_meanwhile_is_moved_from_there() {
    for at in [At::Answer, At::Write, At::Loss] {
        play(async |stage| {
            let (id, dan) = (stage.session(0, 6).await, stage.person("dan"));
            let unread = stage.slow.mark_unread(dan, &id, 3);
            let close = async {
                stage.quick.claim(dan, &id).await.unwrap();
                stage.quick.close(dan, &id, None).await.unwrap();
            };
            stage.stop.between(at, unread, close).await.0.unwrap();
            let line = stage.line(&id, "dan");
            assert_eq!(line, if at == At::Answer { stage.head(&id, "s").1 } else { 2 }, "{at:?}");
        });
    }
}

#[test]
fn a_choice_whose_answer_is_lost_does_not_come_back_after_the_next_one() {
    for (first, last) in [(Choice::Online, Choice::Offline), (Choice::Offline, Choice::Online)] {
        play(async |stage| {
            let ann = stage.person("ann");
            let one = stage.slow.choose_presence(ann, first);
            let other = stage.quick.choose_presence(ann, last);
            let (one, other) = stage.stop.between(At::Answer, one, other).await;
            assert_eq!((one.unwrap().choice, other.unwrap().choice), (last, last));
            let known = stage.quick.of(&ann.tenant).employees(std::slice::from_ref(&ann.id)).await;
            assert_eq!(known.unwrap()[&ann.id].choice, last);
        });
    }
}

#[test]
fn a_choice_that_meets_another_on_its_way_is_made_after_it() {
    play(async |stage| {
        let ann = stage.person("ann");
        let one = stage.slow.choose_presence(ann, Choice::Online);
        let other = stage.quick.choose_presence(ann, Choice::Offline);
        let (one, _) = stage.stop.between(At::Write, one, other).await;
        assert_eq!(one.unwrap().choice, Choice::Online);
    });
}

#[test]
fn a_renewal_whose_answer_is_lost_does_not_bring_back_a_connection_that_is_gone() {
    play(async |stage| {
        let (tenant, ann) = (&stage.company().tenant, &stage.person("ann").id);
        let renewal = stage.slow.of(tenant).renew_lease_over(ann, "socket");
        let leaving = stage.quick.of(tenant).leave_lease(ann, "socket");
        let (renewed, left) = stage.stop.between(At::Answer, renewal, leaving).await;
        renewed.unwrap();
        left.unwrap();
        let lease = stage.item_of("live", &format!("P#{tenant}#{ann}"), "P");
        assert!(!lease.contains_key("cn"), "{lease:?}");
        let left = number(&lease, "until") - stage.quick.now().as_millis().cast_signed();
        assert!(left <= domain::presence::SHORTENED_MILLIS.cast_signed(), "{left}");
        assert_ne!(text(&lease, "ws"), "");
    });
}

#[test]
fn a_leave_whose_answer_is_lost_shortens_the_lease_all_the_same_and_once() {
    for is_back in [false, true] {
        play(async |stage| {
            let (tenant, ann) = (&stage.company().tenant, &stage.person("ann").id);
            stage.quick.of(tenant).renew_lease_over(ann, "socket").await.unwrap();
            let leaving = stage.slow.of(tenant).leave_lease(ann, "socket");
            let back = async {
                if is_back {
                    stage.quick.of(tenant).renew_lease_over(ann, "another").await.unwrap();
                }
            };
            stage.stop.between(At::Answer, leaving, back).await.0.unwrap();
            let lease = stage.item_of("live", &format!("P#{tenant}#{ann}"), "P");
            let left = number(&lease, "until") - stage.quick.now().as_millis().cast_signed();
            let is_short = left <= domain::presence::SHORTENED_MILLIS.cast_signed();
            assert_eq!(is_short, !is_back, "{left}");
        });
    }
}
