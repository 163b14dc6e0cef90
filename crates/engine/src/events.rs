//! Committed events as ready frames for any number of readers.
//!
//! Each event is turned into the bytes of one server-sent event (HTML Standard, "Server-sent
//! events") once, when it has been committed, and kept in a ring. A reader is a place in that ring:
//! nothing is queued for it, so a slow one costs no memory. One that falls behind the ring reads on
//! in the database, and one whose place is not known there either is told to load anew. No event
//! is left out and none comes twice.
//!
//! - [`EventHub`] (`hub.rs`): follows the head, numbers of readers, shutdown.
//! - `ring.rs`: the newest frames and where each place in the stream lies.
//! - [`EventStream`] (`stream.rs`): one reader.
//! - `frame.rs`: the bytes.

mod filter;
mod frame;
mod hub;
mod ring;
mod stream;

pub use filter::StreamFilter;
pub use hub::{EventHub, HubParts, HubSettings, SubscribeError};
pub use stream::EventStream;
