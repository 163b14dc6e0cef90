//! Models: projects and versions of all accounts, side by side.

mod grid;
mod list;
mod matrix;
mod project;
mod version;

pub use list::List;
pub use project::Project;
pub use version::Version;

pub(crate) use list::live;
