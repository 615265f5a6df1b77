//! Choices of presence, and renewals and ends of leases, with another act in between.

use domain::presence::Choice;
use tests::recount::{number, text};

use super::{At, play};

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
