//! A compiler for WebAssembly: rustup's where it can fetch the target, else Debian's.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::apt;
use crate::process;

/// The target's name.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's packages of a Rust that is new enough, with the source of the standard library.
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_SOURCE: &str = "/usr/lib/rustlib/src/rust/library";

/// How to compile for the browser.
pub(crate) enum Toolchain {
    /// The toolchain that compiles the server has the target.
    Rustup,
    /// Debian's compiler, which builds the standard library from source. Its package has no
    /// linker for WebAssembly.
    Debian { linker: PathBuf },
}

impl Toolchain {
    /// Finds a toolchain and installs what it lacks: first what is there, then rustup, then
    /// Debian's packages.
    pub(crate) fn install() -> Result<Self> {
        if has_target()? || add_target() {
            return Ok(Self::Rustup);
        }
        println!("rustup cannot add {TARGET}; using Debian's compiler for the front end");
        Self::debian()
    }

    /// Debian's compiler, whatever rustup has.
    pub(crate) fn debian() -> Result<Self> {
        if ![DEBIAN_CARGO, DEBIAN_RUSTC, DEBIAN_SOURCE]
            .iter()
            .all(|file| Path::new(file).exists())
        {
            apt::install(&format!("a compiler for {TARGET}"), &DEBIAN_PACKAGES)?;
        }
        Ok(Self::Debian {
            linker: find_linker()?,
        })
    }

    /// A cargo that compiles for the target; the caller adds `build` and its arguments.
    pub(crate) fn cargo(&self) -> Command {
        match self {
            Self::Rustup => process::cargo(),
            Self::Debian { linker } => {
                let mut cargo = process::command(DEBIAN_CARGO);
                cargo
                    .env_remove("RUSTUP_TOOLCHAIN")
                    .env("RUSTC", DEBIAN_RUSTC)
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                    .arg("-Zbuild-std=std,panic_abort");
                cargo
            }
        }
    }
}

fn has_target() -> Result<bool> {
    let folder = process::capture(process::command("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        TARGET,
    ]))?;
    Ok(Path::new(folder.trim()).is_dir())
}

/// Without a network rustup gives up after its first try.
fn add_target() -> bool {
    process::find("rustup").is_some()
        && process::run(
            process::command("rustup")
                .env("RUSTUP_MAX_RETRIES", "0")
                .args(["target", "add", TARGET]),
        )
        .is_ok()
}

/// rustup ships `rust-lld` with every toolchain; the package lld calls it `wasm-ld`.
fn find_linker() -> Result<PathBuf> {
    let sysroot = process::capture(process::command("rustc").args(["--print", "sysroot"]))?;
    let rust_lld = Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(host()?)
        .join("bin/rust-lld");
    if rust_lld.exists() {
        return Ok(rust_lld);
    }
    if process::find("wasm-ld").is_none() {
        apt::install("a linker for WebAssembly (wasm-ld)", &["lld"])?;
    }
    match process::find("wasm-ld") {
        Some(linker) => Ok(linker),
        None => bail!("the package lld is installed, but wasm-ld is not on PATH"),
    }
}

fn host() -> Result<String> {
    let version = process::capture(process::command("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc -vV names no host")?.to_owned())
}
