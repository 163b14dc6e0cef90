//! With the feature `embed`: lists the files of the built site, so that
//! `src/http/assets.rs` can hold them inside the binary.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// Made by `cargo xtask build`, which also runs this build.
const SITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/site/pkg");

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if variable("CARGO_FEATURE_EMBED").is_none() {
        return;
    }
    println!("cargo::rerun-if-changed={SITE}");
    let site = Path::new(SITE);
    if !site.join("manifest.json").exists() {
        println!("cargo::error=there is no built site to embed; run: cargo xtask build --release");
        return;
    }
    let mut list = String::from("&[\n");
    for file in files_below(site) {
        let name = file.strip_prefix(site).expect("files lie below the site");
        // Strings print as Rust literals.
        let (name, file) = (name.display().to_string(), file.display().to_string());
        writeln!(list, "    ({name:?}, include_bytes!({file:?})),").expect("a string takes it");
    }
    list.push(']');
    let output = variable("OUT_DIR").expect("cargo names the output folder");
    fs::write(Path::new(&output).join("site.rs"), list).expect("the output folder takes a file");
}

fn variable(name: &str) -> Option<std::ffi::OsString> {
    #[expect(
        clippy::disallowed_methods,
        reason = "cargo speaks to build scripts this way"
    )]
    std::env::var_os(name)
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the built site can be listed");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("the built site can be listed").path())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .flat_map(|path| {
            if path.is_dir() {
                files_below(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}
