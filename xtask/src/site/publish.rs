//! Hashed names, brotli twins and the manifest.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::Asset;
use crate::workspace;

/// The file that lists the names, read by the server.
const MANIFEST: &str = "manifest.json";

fn folder() -> PathBuf {
    workspace::path("target/site/pkg")
}

/// Writes the files that are not there yet and removes those of earlier builds.
pub(super) fn publish(assets: &[Asset]) -> Result<()> {
    write(&folder(), assets)
}

/// The bytes of a published file, by the name without its hash.
pub(super) fn read(name: &str) -> Result<Vec<u8>> {
    let manifest = fs::read(folder().join(MANIFEST)).context("the site is not built")?;
    let manifest: BTreeMap<String, String> = serde_json::from_slice(&manifest)?;
    let hashed = manifest
        .get(name)
        .with_context(|| format!("the site has no {name}"))?;
    Ok(fs::read(folder().join(hashed))?)
}

fn write(folder: &Path, assets: &[Asset]) -> Result<()> {
    let mut manifest = BTreeMap::new();
    let mut wanted = BTreeSet::from([folder.join(MANIFEST)]);
    for asset in assets {
        let hashed = hashed_name(asset);
        let file = folder.join(&hashed);
        let twin = folder.join(format!("{hashed}.br"));
        if !file.exists() {
            write_new(&file, &asset.bytes)?;
            let compressed = compress(&asset.bytes)?;
            if compressed.len() < asset.bytes.len() {
                write_new(&twin, &compressed)?;
            }
        }
        wanted.extend([file, twin]);
        manifest.insert(asset.name.clone(), hashed);
    }
    write_new(
        &folder.join(MANIFEST),
        &serde_json::to_vec_pretty(&manifest)?,
    )?;
    for file in crate::setup::files_below(folder)? {
        if !wanted.contains(&file) {
            fs::remove_file(file)?;
        }
    }
    Ok(())
}

/// Writes beside the place and moves: an interrupted build leaves no half file under a name
/// that promises its contents.
fn write_new(file: &Path, bytes: &[u8]) -> Result<()> {
    let folder = file.parent().context("a file without folder")?;
    fs::create_dir_all(folder)?;
    let draft = folder.join(".draft");
    fs::write(&draft, bytes)?;
    Ok(fs::rename(&draft, file)?)
}

/// `customhouse.css` → `customhouse.<16 hex digits>.css`.
fn hashed_name(asset: &Asset) -> String {
    let hash = &hex::encode(Sha256::digest(&asset.bytes))[..16];
    match asset.name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{}.{hash}", asset.name),
    }
}

/// Brotli at its best quality: done once for a build, paid back at every load.
pub(crate) fn compress(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(name: &str, bytes: &[u8]) -> Asset {
        Asset {
            name: name.to_owned(),
            bytes: bytes.to_owned(),
        }
    }

    fn has(names: &[String], start: &str, end: &str) -> bool {
        names.iter().any(|name| {
            name.strip_suffix(end)
                .is_some_and(|name| name.starts_with(start))
        })
    }

    fn names(folder: &Path) -> Vec<String> {
        let files = crate::setup::files_below(folder).unwrap();
        let relative = files.iter().map(|file| file.strip_prefix(folder).unwrap());
        relative
            .map(|file| file.to_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn a_second_build_replaces_what_changed_and_leaves_nothing_old() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let long = [b'x'; 500];
        write(folder, &[asset("a.css", &long), asset("icons/b.svg", b"b")]).unwrap();
        let first = names(folder);
        assert!(has(&first, "icons/b.", ".svg"), "{first:?}");
        assert!(has(&first, "a.", ".css.br"), "{first:?}");

        write(
            folder,
            &[asset("a.css", b"new"), asset("icons/b.svg", b"b")],
        )
        .unwrap();
        let second = names(folder);
        let kept: Vec<_> = first.iter().filter(|name| second.contains(name)).collect();
        assert_eq!(kept.len(), 2, "icons/b and the manifest: {kept:?}");
        assert!(!has(&second, "", ".br"), "no twin saves bytes: {second:?}");
    }

    #[test]
    fn the_manifest_maps_each_name_to_a_file_with_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[asset("live.js", b"let a;")]).unwrap();
        let manifest = fs::read(folder.path().join(MANIFEST)).unwrap();
        let manifest: BTreeMap<String, String> = serde_json::from_slice(&manifest).unwrap();
        assert_eq!(
            fs::read(folder.path().join(&manifest["live.js"])).unwrap(),
            b"let a;"
        );
    }

    #[test]
    fn compressed_bytes_come_back_as_they_were() {
        let bytes = b"Customhouse ".repeat(100);
        let compressed = compress(&bytes).unwrap();
        assert!(compressed.len() < bytes.len());
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &compressed[..], &mut back).unwrap();
        assert_eq!(back, bytes);
    }
}
