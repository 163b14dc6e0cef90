//! Where things lie in the working tree.

use std::path::{Path, PathBuf};

/// The root of the working tree.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the workspace")
}

/// A path in the working tree, given from its root.
pub(crate) fn path(relative: &str) -> PathBuf {
    root().join(relative)
}

/// A program that the debug build made.
pub(crate) fn binary(name: &str) -> PathBuf {
    path("target/debug").join(name)
}

/// The packages that are compiled for the server, always selected together: cargo unites the
/// features of a selection, so one selection means one set of artefacts for build, clippy and
/// tests. The front end needs the opposite features of `app`; xtask is compiled already.
pub(crate) const SERVER_SIDE: [&str; 7] = [
    "--workspace",
    "--exclude",
    "frontend",
    "--exclude",
    "xtask",
    "--features",
    "server/demo",
];

/// The islands as the browser gets them, type-checked for this machine.
pub(crate) const BROWSER_SIDE: [&str; 6] = [
    "--package",
    "app",
    "--package",
    "frontend",
    "--features",
    "app/hydrate",
];
