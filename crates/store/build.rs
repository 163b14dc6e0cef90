//! Rebuilds the crate when a migration is added: `sqlx::migrate!` only notices changed files.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
