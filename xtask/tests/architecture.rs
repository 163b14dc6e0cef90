//! The rules of the workspace that no compiler checks: which crate may use which, what may not
//! be in the tree at all, and that the product knows nothing of the emulator.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Who may use whom; `domain` is for all. Dev-dependencies are free.
const ARROWS: [(&str, &[&str]); 14] = [
    ("app", &["iam", "operations"]),
    (
        "crash",
        &[
            "customhouse-aws",
            "engine",
            "operations",
            "store",
            "testkit",
        ],
    ),
    ("customhouse-aws", &["operations"]),
    ("domain", &[]),
    ("emulator", &["iam"]),
    ("engine", &["operations", "store"]),
    ("frontend", &["app"]),
    ("iam", &[]),
    ("notify", &["operations"]),
    ("operations", &["iam", "store"]),
    (
        "server",
        &[
            "app",
            "customhouse-aws",
            "engine",
            "iam",
            "notify",
            "operations",
            "store",
        ],
    ),
    ("store", &[]),
    (
        "testkit",
        &[
            "customhouse-aws",
            "emulator",
            "engine",
            "operations",
            "store",
        ],
    ),
    ("xtask", &[]),
];

/// Libraries that bring C code for TLS, or depend on the machine's.
const REFUSED: [&str; 5] = [
    "native-tls",
    "openssl",
    "openssl-src",
    "openssl-sys",
    "tokio-native-tls",
];

/// The folders of what is shipped.
const PRODUCT: [&str; 9] = [
    "app",
    "crates/aws",
    "crates/domain",
    "crates/engine",
    "crates/iam",
    "crates/operations",
    "crates/store",
    "frontend",
    "server",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn metadata(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().unwrap()
}

/// The crates of this workspace, each with those of them that it is built from.
fn uses() -> BTreeMap<String, BTreeSet<String>> {
    let metadata = metadata(&["--no-deps"]);
    let packages = list(&metadata, "packages");
    let name = |value: &Value| value["name"].as_str().unwrap().to_owned();
    let ours: BTreeSet<_> = packages.iter().map(name).collect();
    let built_from = |package: &Value| {
        let dependencies = list(package, "dependencies").iter();
        let shipped = dependencies
            .filter(|dependency| dependency["kind"] != "dev")
            .map(name);
        shipped.filter(|name| ours.contains(name)).collect()
    };
    packages
        .iter()
        .map(|package| (name(package), built_from(package)))
        .collect()
}

/// Each use that no arrow allows.
fn against(arrows: &[(&str, &[&str])], uses: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let allowed = |user: &str, used: &str| {
        used == "domain" && user != "xtask"
            || arrows
                .iter()
                .any(|(from, to)| *from == user && to.contains(&used))
    };
    let pairs = uses
        .iter()
        .flat_map(|(user, all)| all.iter().map(move |used| (user, used)));
    let wrong = pairs.filter(|(user, used)| !allowed(user, used));
    wrong
        .map(|(user, used)| format!("{user} uses {used}"))
        .collect()
}

#[test]
fn dependencies_point_one_way() {
    let uses = uses();
    let known: BTreeSet<_> = ARROWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let unknown: Vec<_> = uses.keys().filter(|name| !known.contains(*name)).collect();
    assert!(unknown.is_empty(), "crates without arrows: {unknown:?}");
    assert_eq!(against(&ARROWS, &uses), Vec::<String>::new());
}

#[test]
fn a_wrong_arrow_is_seen() {
    let uses = |user: &str, used: &str| {
        BTreeMap::from([(user.to_owned(), BTreeSet::from([used.to_owned()]))])
    };
    for (user, used) in [
        ("server", "emulator"),
        ("operations", "engine"),
        ("store", "operations"),
        ("domain", "iam"),
        ("xtask", "domain"),
    ] {
        assert_eq!(
            against(&ARROWS, &uses(user, used)),
            [format!("{user} uses {used}")]
        );
    }
    assert!(against(&ARROWS, &uses("store", "domain")).is_empty());
}

#[test]
fn no_tls_but_rustls() {
    let metadata = metadata(&[]);
    let found: Vec<_> = list(&metadata, "packages")
        .iter()
        .filter_map(|package| package["name"].as_str())
        .filter(|name| REFUSED.contains(name))
        .collect();
    assert!(
        found.is_empty(),
        "{found:?} in Cargo.lock; `cargo tree --invert NAME` shows why"
    );
}

#[test]
fn the_product_never_speaks_to_the_emulators_control() {
    let mut looked_at = 0;
    for folder in PRODUCT {
        for file in rust_files(&root().join(folder).join("src")) {
            looked_at += 1;
            let text = fs::read_to_string(&file).unwrap();
            assert!(
                !text.contains("/_emulator"),
                "{} names /_emulator",
                file.display()
            );
        }
    }
    assert!(looked_at >= PRODUCT.len(), "only {looked_at} files found");
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                rust_files(&path)
            } else {
                vec![path]
            }
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}
