//! Promotions and other proposals: the list, one of them, and the form for a new one.

mod choices;
mod detail;
mod list;
mod new;
mod outline;
mod table;

pub use detail::Detail;
pub use list::List;
pub use new::New;

pub(crate) use detail::live as live_detail;
pub(crate) use list::live as live_list;
pub(crate) use table::table;
