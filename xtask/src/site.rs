//! The site: everything that the browser loads from `/pkg/`.
//!
//! Three makers ([`wasm`], [`styles`], the files of `public/`) give named bytes; [`publish`]
//! writes them to `target/site/pkg` under names that hold a hash, each with a brotli twin, and
//! lists the names in `manifest.json`.

mod publish;
mod styles;
mod wasm;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::phases::Phases;
use crate::setup::{files_below, npm};
use crate::workspace;

pub(crate) use publish::compress;
pub(crate) use wasm::Profile;

/// One file of the site before it gets its hash.
#[derive(Clone)]
pub(crate) struct Asset {
    /// How pages ask for it, for example `customhouse.css`; the path below `public/` there.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// Makes the whole site; each part is a phase.
pub(crate) fn build(phases: &mut Phases, profile: Profile) -> Result<()> {
    phases.step("npm packages", npm::install)?;
    let wasm = phases.step(profile.phase(), || wasm::build(profile))?;
    let styles = phases.step("styles", styles::build)?;
    phases.step("site", || {
        publish::publish(&[wasm, vec![styles], public()?].concat())
    })
}

/// The WebAssembly of the islands as it was last published.
pub(crate) fn published_wasm() -> Result<Vec<u8>> {
    publish::read("customhouse.wasm")
}

/// Icons and the scripts that need no build.
fn public() -> Result<Vec<Asset>> {
    let folder = workspace::path("public");
    let files = files_below(&folder)?;
    files
        .into_iter()
        .map(|file| {
            let name = file
                .strip_prefix(&folder)?
                .to_str()
                .context("a file name is not UTF-8")?;
            Ok(Asset {
                name: name.to_owned(),
                bytes: fs::read(&file)?,
            })
        })
        .collect()
}

/// Where makers keep what they made between runs.
fn workshop(name: &str) -> Result<PathBuf> {
    let folder = workspace::path("target/xtask").join(name);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}
