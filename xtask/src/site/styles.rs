//! The style sheet: Tailwind reads the class names out of the pages.

use std::fs;

use anyhow::Result;

use super::Asset;
use crate::setup::{Digest, Stamp, npm};
use crate::{process, workspace};

/// Compiles `style/main.css`, unless neither styles nor pages changed.
pub(super) fn build() -> Result<Asset> {
    let folder = super::workshop("styles")?;
    let output = folder.join("customhouse.css");
    let digest = Digest::default()
        .path(&workspace::path("style"))?
        .path(&workspace::path("app/src"))?
        .path(&workspace::path("package-lock.json"))?;
    Stamp::new(folder.join("stamp"), digest).unless_fresh(|| {
        let mut tailwind = process::command(npm::program("tailwindcss"));
        process::run(
            tailwind
                .args(["--input", "style/main.css", "--minify", "--output"])
                .arg(&output),
        )
    })?;
    Ok(Asset {
        name: "customhouse.css".to_owned(),
        bytes: fs::read(output)?,
    })
}
