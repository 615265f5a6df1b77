//! Grants and removals of roles that meet: the members that a live chat has after them.

use domain::{EmployeeId, Refusal, Roles};
use store::{Failure, Store};
use tests::recount::number;

use super::{At, Stage, play};

const SALES: usize = 1;
const SUPPORT: usize = 0;

impl Stage {
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
}

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
