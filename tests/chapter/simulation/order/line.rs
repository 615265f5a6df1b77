//! Read marks and the lines of those who look on, with another act in between.

use domain::SessionId;
use tests::recount::number;

use super::{At, Stage, play};

impl Stage {
    /// Up to where somebody who looks on has read.
    fn line(&self, id: &SessionId, who: &str) -> i64 {
        let pk = format!("V#{}#{}", self.company().tenant, id.conversation);
        number(&self.item(&pk, &format!("R#{who}")), "s")
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
