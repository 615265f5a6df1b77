//! Names of closed sessions, each given once and in the order of the acts.

use domain::SessionId;
use store::{Failure, Fault};

use super::{At, Stage, play};

impl Stage {
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
