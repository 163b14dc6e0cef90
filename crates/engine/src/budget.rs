//! What AWS lets us ask, shared by everything that asks.
//!
//! Rekognition allows some five calls a second of each operation in each Region of an account
//! ("Guidelines and quotas", Amazon Rekognition Custom Labels guide), and others use the account too.
//! So every call of this process, a page's, a job's or a reconciler's, passes through one
//! [`Budget`]: a decorator of the ports to AWS that is put around them once, at the start.
//!
//! - `bucket.rs`: how many calls a second, less after AWS throttled, more again with time.
//! - `lane.rs`: who waits for one bucket and whose turn it is. People and looks at running copies come
//!   before background work.
//! - `door.rs`: calls that AWS refused for lack of a permission are not repeated at once.
//! - `shared.rs`: the state behind the decorators, and waiting.
//! - `reads.rs`, `writes.rs`: the decorators.
//!
//! The bucket, the lane and the doors are told the time and do no waiting of their own.

mod bucket;
mod door;
mod lane;
mod reads;
mod settings;
mod shared;
mod writes;

pub use settings::{BudgetSettings, Precedence};
pub use shared::Budget;
