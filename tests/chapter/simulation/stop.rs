//! A wire on which a test stops one call where it wants, so that another act comes between.

use futures::channel::oneshot;
use futures::future::{BoxFuture, FutureExt};
use std::sync::{Arc, Mutex};
use tests::wire::{Answer, Call, Layer, Onward};

/// Where a call is stopped, and what becomes of it then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum At {
    /// The first read has its answer, which arrives late.
    Read,
    /// The first write is on its way, and is done late.
    Write,
    /// The first write is done, and its answer is lost.
    Answer,
    /// The first write is lost before it is done, and nobody knows.
    Loss,
}

/// The layer that stops calls. Clones share what is to be stopped.
#[derive(Clone, Default)]
pub(super) struct Stop(Arc<Mutex<Option<Armed>>>);

struct Armed {
    at: At,
    arrived: oneshot::Sender<()>,
    go: oneshot::Receiver<()>,
}

impl Stop {
    /// Does the first act up to there, then the second whole, then the rest of the first.
    pub(super) async fn between<A, B>(
        &self,
        at: At,
        first: impl Future<Output = A>,
        second: impl Future<Output = B>,
    ) -> (A, B) {
        let (arrived, is_there) = oneshot::channel();
        let (on, go) = oneshot::channel();
        *self.0.lock().unwrap() = Some(Armed { at, arrived, go });
        let first = async {
            let first = first.await;
            // An act that ended before it came so far is no longer waited for.
            self.0.lock().unwrap().take();
            first
        };
        let second = async {
            is_there.await.expect("the first act never came to where it is stopped");
            let second = second.await;
            on.send(()).unwrap();
            second
        };
        // Boxed: acts are large futures.
        futures::join!(Box::pin(first), Box::pin(second))
    }

    fn armed(&self, call: &Call) -> Option<Armed> {
        let mut armed = self.0.lock().unwrap();
        let is_such = |armed: &mut Armed| call.operation.writes() == (armed.at != At::Read);
        armed.take_if(is_such)
    }
}

impl Layer for Stop {
    fn carry(&self, call: Call, onward: Onward) -> BoxFuture<'static, Answer> {
        let armed = self.armed(&call);
        async move {
            let Some(Armed { at, arrived, go }) = armed else { return onward.carry(call).await };
            let mut carried = None;
            if matches!(at, At::Read | At::Answer) {
                carried = Some(onward.clone().carry(call.clone()).await);
            }
            arrived.send(()).unwrap();
            go.await.unwrap();
            match (at, carried) {
                (At::Read, Some(answer)) => answer,
                (At::Write, _) => onward.carry(call).await,
                _ => Answer::Lost,
            }
        }
        .boxed()
    }
}
