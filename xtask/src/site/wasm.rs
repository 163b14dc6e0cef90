//! The islands: cargo, then wasm-bindgen, then for a release wasm-opt.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use super::Asset;
use crate::setup::{Digest, Stamp, npm, wasm};
use crate::{process, workspace};

/// How much work goes into a small file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Compiled soon.
    Development,
    /// As small as it gets: fat LTO and wasm-opt, some two minutes more.
    Release,
}

impl Profile {
    /// The profile in `Cargo.toml`.
    fn name(self) -> &'static str {
        match self {
            Self::Development => "wasm-dev",
            Self::Release => "wasm-release",
        }
    }

    pub(crate) fn phase(self) -> &'static str {
        match self {
            Self::Development => "islands (WebAssembly)",
            Self::Release => "islands (WebAssembly, release)",
        }
    }
}

/// The module that the browser imports and the WebAssembly that it loads.
pub(super) fn build(profile: Profile) -> Result<Vec<Asset>> {
    let compiled = compile(profile)?;
    let folder = super::workshop(profile.name())?;
    let script = folder.join("customhouse.js");
    let binary = folder.join("customhouse_bg.wasm");
    let digest = Digest::default()
        .path(&compiled)?
        .path(&workspace::path("package-lock.json"))?;
    Stamp::new(folder.join("stamp"), digest).unless_fresh(|| {
        bind(&compiled, &folder)?;
        if profile == Profile::Release {
            optimise(&binary)?;
        }
        Ok(())
    })?;
    Ok(vec![
        Asset {
            name: "customhouse.js".to_owned(),
            bytes: fs::read(script)?,
        },
        Asset {
            name: "customhouse.wasm".to_owned(),
            bytes: fs::read(binary)?,
        },
    ])
}

/// A target folder of its own: features and, on Debian's route, compiler differ from the
/// server's.
fn compile(profile: Profile) -> Result<PathBuf> {
    let toolchain = wasm::Toolchain::install()?;
    let mut cargo = toolchain.cargo();
    cargo.args([
        "build",
        "--package",
        "frontend",
        "--lib",
        "--target",
        wasm::TARGET,
    ]);
    process::run(cargo.args(["--profile", profile.name(), "--target-dir", "target/front"]))?;
    let folder = workspace::path("target/front")
        .join(wasm::TARGET)
        .join(profile.name());
    Ok(folder.join("frontend.wasm"))
}

/// The library is the same version as the crate in `Cargo.lock`, which the file format demands.
fn bind(compiled: &Path, folder: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(compiled)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .out_name("customhouse")
        .generate(folder)?;
    // Such files are imported by a relative path, which hashed names do not keep.
    if folder.join("snippets").exists() {
        bail!(
            "a dependency of the islands brings JavaScript files of its own; `site` has no place for them"
        );
    }
    Ok(())
}

fn optimise(binary: &Path) -> Result<()> {
    let features = [
        "--enable-bulk-memory",
        "--enable-multivalue",
        "--enable-mutable-globals",
        "--enable-nontrapping-float-to-int",
        "--enable-reference-types",
        "--enable-sign-ext",
    ];
    let mut wasm_opt = process::command(npm::program("wasm-opt"));
    process::run(
        wasm_opt
            .arg("-Oz")
            .args(features)
            .arg(binary)
            .arg("-o")
            .arg(binary),
    )
}
