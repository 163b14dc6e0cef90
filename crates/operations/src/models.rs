//! Projects and model versions of all accounts, as last seen in AWS.
//!
//! What pages show comes from the database with its age; [`refresh()`] looks at AWS again.

mod get_project;
mod get_version;
mod last_look;
mod list;
mod refresh;
mod view;

pub use get_project::get_project;
pub use get_version::{CopyOf, VersionDetail, get_version};
pub use last_look::last_look;
pub use list::list;
pub(crate) use refresh::version_row;
pub use refresh::{PlaceOutcome, RefreshView, refresh};
pub use view::{ModelsView, PlaceView, ProjectView, VersionView};

pub(crate) use view::Inventory;
