//! The installation as a whole: its pause, and what follows when its database is a restored one.

mod declare_if_older;
mod declare_restored;
mod pause;
mod paused;
mod resume;
mod strays;

pub use declare_if_older::declare_if_older;
pub use declare_restored::declare_restored;
pub use pause::pause;
pub use paused::paused;
pub use resume::{Resumption, resume};
pub use store::installation::{Pause, PauseReason};
pub use store::policy_sweeps::Unseen;
pub use store::policy_sweeps::strays::Stray;
pub use strays::{Strays, strays};
