//! Deliveries that are refused for now, and those that come again.

use std::collections::BTreeSet;

use tests::world::{code, play_ahead, texts};

use super::message;

#[test]
fn what_is_refused_for_now_is_there_once_when_it_comes_again() {
    play_ahead(async |world, clock| {
        let ids: Vec<String> = (0..60).map(|number| format!("m{number}")).collect();
        let mut open: Vec<_> = ids.iter().map(|id| message(id, id)).collect();
        let mut refused = 0;
        for round in 0.. {
            assert!(round < 20, "{open:?}");
            let mut later = Vec::new();
            for body in open {
                let (status, answer) = world.webhook(&body).await;
                match status {
                    200 => {}
                    429 | 503 => {
                        refused += usize::from(status == 429);
                        later.push(body);
                    }
                    _ => panic!("{status}: {answer}"),
                }
            }
            open = later;
            if open.is_empty() {
                break;
            }
            clock.pass(10_000);
        }
        assert!(refused > 0, "a burst is too much at once");
        let ann = world.online("ann").await;
        let id = ann.waiting().await;
        let said = texts(&ann.dialog(&id).await, "text");
        assert_eq!(said.len(), ids.len());
        assert_eq!(said.iter().collect::<BTreeSet<_>>(), ids.iter().collect::<BTreeSet<_>>());
        assert_eq!(ann.session(&id).await["unreadCount"], ids.len());

        // Nor does an old one change a newer session.
        clock.pass(10_000);
        assert_eq!(code(&ann.claim(&id).await), "");
        assert_eq!(code(&ann.close(&id, None).await), "");
        for (id, text) in [("new", "new"), ("m0", "m0")] {
            assert_eq!(world.webhook(&message(id, text)).await.0, 200);
        }
        let newer = ann.waiting().await;
        assert_eq!(ann.session(&newer).await["unreadCount"], 1);
        assert_eq!(texts(&ann.dialog(&newer).await, "text").last().unwrap(), "new");
    });
}
