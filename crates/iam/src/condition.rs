//! Conditions: what is known about a call, and the operators that test it.
//!
//! Source: "IAM JSON policy elements: Condition operators", IAM User Guide.

mod address;
mod binary;
mod context;
mod moment;
mod multivalued;
mod number;
mod operator;
mod test;

pub use context::{ConditionContext, Known};
pub(crate) use multivalued::is_multivalued;
pub(crate) use test::holds;
