//! AWS STS: becoming a role, and asking who one is.
//!
//! The Query protocol: a form goes in, XML comes out ([`xml`]). One file per operation.

mod assume_role;
mod get_caller_identity;
pub(crate) mod input;
pub(crate) mod operation;

use crate::authorize::Judge;
use crate::caller::Caller;
use crate::error::ApiError;
use crate::state::State;
use domain::{Millis, Random};
use input::Form;
use operation::Operation;

/// One call under way.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) caller: &'a Caller,
    /// The world's time.
    pub(crate) now: Millis,
    pub(crate) random: &'a dyn Random,
    pub(crate) judge: Judge<'a>,
}

/// Carries out one call and gives the inside of its result element.
pub(crate) fn call(
    call: &mut Call<'_>,
    operation: Operation,
    form: &Form,
) -> Result<String, ApiError> {
    match operation {
        Operation::AssumeRole => assume_role::call(call, form),
        Operation::GetCallerIdentity => Ok(get_caller_identity::call(call)),
    }
}
