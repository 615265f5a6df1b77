//! A simulation in which a seed decides everything that chance decides in the cloud: which store
//! call goes next, which fails, which answer is lost, which transactions conflict, what an index
//! does not show yet, which actor dies. One store call happens at a time, and a seed replays
//! exactly.
//!
//! Time is tokio's paused clock: a step takes a millisecond of it, and it jumps to the next timer
//! when nobody waits at the gate. For an exact replay the actors themselves must not draw on
//! anything else: chance comes from [`Simulation::random`], and a `tokio::select!` is `biased`.

mod fault;
mod gate;
mod life;
mod replica;
mod split;
mod trace;
mod transaction;
mod waiting;

#[cfg(test)]
mod tests;

pub use fault::Faults;
pub use trace::Trace;

use crate::Broken;
use crate::database::Database;
use crate::wire::{Layer, Wire};
use aws_sdk_dynamodb::Client;
use futures::StreamExt;
use futures::future::LocalBoxFuture;
use futures::stream::FuturesUnordered;
use gate::Gate;
use life::Lives;
use rand::SeedableRng;
use rand::rngs::StdRng;
use replica::Replica;
use std::time::Duration;

/// The simulated time that one store call takes.
const STEP: Duration = Duration::from_millis(1);
/// A time longer than any actor sleeps: after so much simulated time without a call, no actor will
/// ever wake.
const NEVER: Duration = Duration::from_secs(24 * 3600);

/// A simulation over one database. It may be run several times, one after the other.
pub struct Simulation {
    seed: u64,
    calm: Wire,
    rough: Wire,
    gate: Gate,
    lives: Lives,
}

/// Runs on a runtime of its own, on one thread, with a clock that stands still and jumps.
///
/// # Errors
/// When the runtime does not start.
pub fn paused<T>(work: impl Future<Output = T>) -> Result<T, Broken> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    Ok(runtime.enable_time().start_paused(true).build()?.block_on(work))
}

impl Simulation {
    /// Builds a simulation that this seed decides.
    ///
    /// # Errors
    /// When the embedded engine does not start.
    pub fn new(seed: u64, faults: Faults, database: Database) -> Result<Self, Broken> {
        Self::over(seed, faults, &Wire::new(database))
    }

    /// Builds a simulation over a wire that has layers of its own, such as a meter. Parts of a
    /// split read and reads of a lagging copy are not what such a layer would see in the cloud.
    ///
    /// # Errors
    /// When the embedded engine does not start.
    pub fn over(seed: u64, faults: Faults, wire: &Wire) -> Result<Self, Broken> {
        let replica = Replica::new()?;
        let lives = Lives::default();
        let rng = StdRng::seed_from_u64(seed);
        let gate = Gate::new(faults, replica.clone(), lives.clone(), rng);
        let calm = wire.through(replica);
        Ok(Self { seed, rough: calm.through(gate.clone()), calm, gate, lives })
    }

    /// Returns the client of an actor: each of its calls waits for the seed's decision.
    #[must_use]
    pub fn client(&self, actor: usize) -> Client {
        self.rough.client(actor)
    }

    /// Returns such a client, with layers of the caller's own on the actor's side of the gate.
    #[must_use]
    pub fn client_through(&self, actor: usize, layer: impl Layer + 'static) -> Client {
        self.rough.through(layer).client(actor)
    }

    /// Returns a client past the gate, for the work before and after a run: its calls neither fail
    /// nor wait.
    #[must_use]
    pub fn calm_client(&self) -> Client {
        self.calm.client(usize::MAX)
    }

    /// Returns the database.
    #[must_use]
    pub fn database(&self) -> &Database {
        self.calm.database()
    }

    /// Returns random numbers for the work itself: another sequence for each purpose, the same for
    /// each seed.
    #[must_use]
    pub fn random(&self, purpose: u64) -> StdRng {
        StdRng::seed_from_u64(
            self.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ purpose.wrapping_add(1),
        )
    }

    /// Runs a part of an actor's work that may die alone, as one invocation of a function does.
    /// Returns none if it died. Without this a death ends the whole actor.
    pub async fn attempt<T>(&self, actor: usize, work: impl Future<Output = T>) -> Option<T> {
        self.lives.live(actor, work).await
    }

    /// Ends the innermost attempt of an actor, or the actor itself, at once.
    pub fn kill(&self, actor: usize) {
        self.lives.end(actor);
    }

    /// Returns the steps so far.
    #[must_use]
    pub fn trace(&self) -> Trace {
        self.gate.trace()
    }

    /// Runs actors until all have ended and no transaction is in flight. On a clock that is not
    /// paused each step takes its millisecond.
    ///
    /// # Errors
    /// When actors are left that wait for something which is neither a store call nor a timer.
    pub async fn run<'a>(
        &self,
        actors: Vec<(usize, LocalBoxFuture<'a, ()>)>,
    ) -> Result<(), Broken> {
        let mut crowd: FuturesUnordered<_> =
            actors.into_iter().map(|(actor, work)| self.attempt(actor, work)).collect();
        while !(crowd.is_empty() && self.gate.is_empty()) {
            let pace = if self.gate.is_empty() { NEVER } else { STEP };
            tokio::select! {
                biased;
                Some(_) = crowd.next(), if !crowd.is_empty() => {}
                // Only to see that the pace is now that of steps.
                () = self.gate.arrival(), if self.gate.is_empty() => {}
                // The clock moves only when nobody can run, so now the seed decides.
                () = tokio::time::sleep(pace) => {
                    if self.gate.is_empty() {
                        return Err(format!("{} actors wait for what never comes", crowd.len()).into());
                    }
                    self.gate.step().await;
                }
            }
        }
        Ok(())
    }
}
