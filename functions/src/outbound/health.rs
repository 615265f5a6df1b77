//! The health of a channel, as the calls to its messenger show it: a problem, or none any more, and the pause
//! of a messenger that is slow.

use domain::Channel;
use domain::live_chat::{Problem, ProblemCode};
use store::live_chat::Route;
use store::outgoing::Pause;
use store::{Fault, TenantStore};

use super::gate;

/// The problem that a call found; inner none if it found that there is none, and none if it says nothing
/// about it.
type Found = Option<Option<(ProblemCode, String)>>;

/// The sign of a call that a messenger is slow, or that it is not.
pub(super) enum Silence {
    /// It did not answer, or took long, after it had done so as often as the pause says.
    Again {
        /// The pause before.
        before: Option<Pause>,
        /// True if it answered in the end.
        is_answered: bool,
    },
    /// It is quick again.
    Over,
}

/// Notes what a call says about its channel: a problem, that it has none any more, a pause. It is
/// noted after the result of the call, which must not be lost for it; the next call says it again.
pub(super) async fn note(
    store: TenantStore<'_>,
    route: &Route,
    channel: &Channel,
    found: Found,
    silence: Option<Silence>,
) {
    let noted = async {
        match silence {
            Some(Silence::Again { before, is_answered }) => {
                gate::note_silence(store, &channel.id, before.as_ref(), is_answered).await?;
            }
            Some(Silence::Over) => store.end_pause(&channel.id).await?,
            None => {}
        }
        note_problem(store, route, channel, found).await
    };
    if let Err(fault) = noted.await {
        tracing::warn!(%fault, channel = %channel.id, "what a call says is not noted");
    }
}

async fn note_problem(
    store: TenantStore<'_>,
    route: &Route,
    channel: &Channel,
    found: Found,
) -> Result<(), Fault> {
    let Some(found) = found else { return Ok(()) };
    let code = |problem: &Option<Problem>| problem.as_ref().map(|problem| problem.code);
    if found.as_ref().map(|(code, _)| *code) == code(&channel.problem) {
        return Ok(());
    }
    let since = store.now();
    let problem = found.map(|(code, message)| Problem { code, message, since });
    match problem {
        Some(problem) if problem.code == ProblemCode::Gone => {
            store.disable_channel_with(route, &problem).await
        }
        problem => store.set_problem(&route.live_chat, &channel.id, problem.as_ref()).await,
    }
}
