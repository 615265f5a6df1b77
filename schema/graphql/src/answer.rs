//! The answer of a mutation: `?` ends it with a refusal or an error.

use async_graphql::Error;
use domain::Refusal;
use futures::FutureExt as _;
use store::{Failure, Fault};

use crate::error::fault;

/// The early end of a mutation.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It is refused: its payload gets a user error.
    Refused(Refusal),
    /// It fails: the response gets a top-level error.
    Failed(Error),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<Fault> for Stop {
    fn from(failed: Fault) -> Self {
        Self::Failed(fault(&failed))
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Failed(failed) => failed.into(),
        }
    }
}

/// Runs a mutation. A refusal that ends it becomes the user error of its payload.
pub(crate) fn answer<P: From<Refusal>>(
    mutation: impl Future<Output = Result<P, Stop>>,
) -> impl Future<Output = Result<P, Error>> {
    mutation.map(|ended| match ended {
        Ok(payload) => Ok(payload),
        Err(Stop::Refused(refusal)) => Ok(refusal.into()),
        Err(Stop::Failed(error)) => Err(error),
    })
}

/// Declares the payload of a mutation: its fields, null if the mutation is refused, and the user
/// errors.
macro_rules! payload {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(async_graphql::SimpleObject, Clone, Default)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: Option<$type>,)*
            /// The refusal, or an empty list if the mutation succeeded. There is at most one entry:
            /// the first refusal that applies.
            pub user_errors: Vec<crate::error::UserError>,
        }

        impl From<domain::Refusal> for $name {
            fn from(refusal: domain::Refusal) -> Self {
                Self { user_errors: vec![(&refusal).into()], ..Self::default() }
            }
        }
    };
}
pub(crate) use payload;
