//! An emulator of what a model promotion uses of AWS: Amazon Rekognition Custom Labels, AWS STS
//! and Amazon S3, on one endpoint over plain HTTP.
//!
//! It is strict where AWS is: signatures are verified, sessions expire, and trust policies,
//! identity policies, session policies, project policies, bucket policies and key policies are
//! evaluated for every call. What AWS has not documented is a named setting. It is the oracle of
//! the product's tests, so it shares only `domain` and `iam` with the product.
//!
//! A call's way: [`server`] → [`gateway`] ([`sigv4`], [`caller`], [`asked`], [`faults`]) →
//! [`rekognition`], [`sts`] or [`s3`], which ask [`authorize`] and change [`state`] → [`ledger`].
//! [`world`] is what a world file says; [`control`] is the API for tests.

mod arn;
mod asked;
mod authorize;
mod caller;
mod clock;
mod connection;
mod control;
mod error;
mod faults;
mod faulty;
mod gateway;
mod inside;
mod ledger;
mod random;
mod rekognition;
mod reply;
mod request;
mod s3;
mod server;
mod service;
mod sigv4;
mod state;
mod sts;
mod throttle;
mod world;

pub use clock::SystemClock;
pub use random::SystemRandom;
pub use server::{Emulator, Handle};
pub use world::{Assumption, Takes, World, WorldError};
