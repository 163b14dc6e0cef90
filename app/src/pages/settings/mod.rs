//! One's own things, and for admins the people.

mod own;
mod people;
mod person;

pub use own::Own;
pub use people::People;
pub use person::Person;
