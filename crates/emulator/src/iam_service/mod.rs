//! AWS IAM: what a user or a role could do.
//!
//! The Query protocol: a form goes in, XML comes out ([`xml`]).

mod operation;
mod pairs;
mod request;
mod simulate;

pub(crate) use operation::{SIMULATE, VERSION, known_to_aws};

use crate::authorize::Judge;
use crate::caller::Caller;
use crate::error::ApiError;
use crate::state::State;
use crate::sts::input::Form;

/// One call under way.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a State,
    pub(crate) caller: &'a Caller,
    pub(crate) judge: Judge<'a>,
    /// Seals markers.
    pub(crate) token_key: &'a [u8],
}

/// Carries out `SimulatePrincipalPolicy` and gives the inside of its result element.
pub(crate) fn call(call: &mut Call<'_>, form: &Form) -> Result<String, ApiError> {
    simulate::call(call, form)
}

fn invalid_input(message: impl Into<String>) -> ApiError {
    ApiError::modelled("InvalidInput", 400, message)
}
