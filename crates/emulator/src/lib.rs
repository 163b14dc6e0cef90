//! An emulator of what a model promotion uses of AWS: Amazon Rekognition Custom Labels, AWS STS,
//! Amazon S3, AWS KMS and AWS IAM, on one endpoint over plain HTTP.
//!
//! It is strict where AWS is: signatures are verified, sessions expire, and trust policies,
//! identity policies, session policies, project policies, bucket policies and key policies are
//! evaluated for every call. What AWS has not documented is a named setting. It is the oracle of
//! the product's tests, so it shares only `domain` and `iam` with the product.
//!
//! A call's way: [`server`] → [`gateway`] ([`sigv4`], [`caller`], [`asked`], [`faults`]) →
//! [`rekognition`], [`sts`], [`s3`], [`kms`] or [`iam_service`], which ask [`authorize`] and change
//! [`state`] → [`ledger`]. [`door`] lets requests in without a socket.
//! [`world`] is what a world file says; [`control`] is the API for tests.

mod arn;
mod asked;
mod authorize;
mod caller;
mod clock;
mod connection;
mod control;
mod door;
mod error;
mod faults;
mod faulty;
mod gateway;
mod iam_service;
mod inside;
mod kms;
mod ledger;
mod query_xml;
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

pub use asked::operations;
pub use clock::SystemClock;
pub use door::Door;
pub use server::{Emulator, Handle};
pub use world::{Assumption, Takes, World, WorldError};
