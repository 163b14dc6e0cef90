//! The tables of "Policy evaluation logic" and "Cross-account policy evaluation logic".

mod accounts;
mod decisions;
mod elements;
mod principals;
mod root_user;
mod same_account;
