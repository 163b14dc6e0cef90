//! Project policies: what stands on each project, and the forms that change it.

mod attach;
mod detail;
mod list;
mod standing;

pub use detail::Detail;
pub use list::List;

pub(crate) use detail::live;
pub(crate) use list::live as live_list;
