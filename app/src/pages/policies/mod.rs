//! Project policies: what stands on each project, and the forms that change it.

mod attach;
mod detail;
mod list;
mod standing;

pub use detail::Detail;
pub use list::List;
