//! The installation as a whole: its pause, and what follows when its database is a restored one.

mod declare_restored;
mod pause;
mod paused;
mod resume;

pub use declare_restored::declare_restored;
pub use pause::pause;
pub use paused::paused;
pub use resume::resume;
pub use store::installation::{Pause, PauseReason};
