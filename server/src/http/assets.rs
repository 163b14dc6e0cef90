//! The files below `/pkg/`: styles, scripts, icons and the WebAssembly of the islands.
//!
//! `cargo xtask build` gives each file a name with a hash of its bytes, a brotli twin and a line
//! in `manifest.json`. All of it is held in memory: from `target/site/pkg` in development, from
//! the binary itself with the feature `embed`. Names never change their bytes, so browsers keep
//! them for a year. Pages find the names through [`Assets::manifest`]; see `app::assets`.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use app::assets::AssetManifest;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use http::{HeaderMap, StatusCode};

/// The list of names beside the files.
const MANIFEST: &str = "manifest.json";
/// What the name of a brotli twin adds.
const TWIN: &str = ".br";

/// The files of one built site. Cheap to clone.
#[derive(Clone, Default)]
pub struct Assets {
    manifest: AssetManifest,
    /// By hashed name.
    files: Arc<BTreeMap<String, File>>,
}

struct File {
    content_type: &'static str,
    plain: Bytes,
    /// Absent where compression saves nothing.
    brotli: Option<Bytes>,
}

/// Why there is no site to serve.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    /// The folder or a file in it cannot be read.
    #[error("cannot read the site at {folder}; `cargo xtask build` makes it")]
    Read {
        /// Where the site was looked for.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The list of names is missing or is not what the build writes.
    #[error("the site's manifest.json cannot be used; `cargo xtask build` makes it anew")]
    Manifest(#[source] Option<serde_json::Error>),
}

impl Assets {
    /// Reads a site that lies on disk. Later changes to the folder are not seen.
    pub fn from_folder(folder: &Path) -> Result<Self, AssetsError> {
        let mut files = BTreeMap::new();
        read_below(folder, "", &mut files).map_err(|source| AssetsError::Read {
            folder: folder.to_owned(),
            source,
        })?;
        Self::from_files(files)
    }

    /// The site inside this binary.
    #[cfg(feature = "embed")]
    pub fn embedded() -> Result<Self, AssetsError> {
        const SITE: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/site.rs"));
        let files = SITE
            .iter()
            .map(|(name, bytes)| ((*name).to_owned(), Bytes::from_static(bytes)));
        Self::from_files(files.collect())
    }

    fn from_files(mut files: BTreeMap<String, Bytes>) -> Result<Self, AssetsError> {
        let manifest = files.remove(MANIFEST).ok_or(AssetsError::Manifest(None))?;
        let manifest =
            AssetManifest::parse(&manifest).map_err(|error| AssetsError::Manifest(Some(error)))?;
        let (twins, plain): (BTreeMap<_, _>, BTreeMap<_, _>) = files
            .into_iter()
            .partition(|(name, _)| name.ends_with(TWIN));
        let with_twin = |(name, plain): (String, Bytes)| {
            let brotli = twins.get(&format!("{name}{TWIN}")).cloned();
            let content_type = content_type(&name);
            (
                name,
                File {
                    content_type,
                    plain,
                    brotli,
                },
            )
        };
        Ok(Self {
            manifest,
            files: Arc::new(plain.into_iter().map(with_twin).collect()),
        })
    }

    /// The names for pages: provide it as a Leptos context.
    pub fn manifest(&self) -> AssetManifest {
        self.manifest.clone()
    }

    /// The answer to `GET /pkg/{name}`: the file, compressed when the request accepts brotli,
    /// or 404. The path is looked up and never reaches the file system.
    pub fn respond(&self, name: &str, request: &HeaderMap) -> Response {
        let Some(file) = self.files.get(name) else {
            let headers = [
                (CACHE_CONTROL, "no-store"),
                (CONTENT_TYPE, "text/plain; charset=utf-8"),
            ];
            return (StatusCode::NOT_FOUND, headers, "There is no such file.\n").into_response();
        };
        let headers = [
            (CONTENT_TYPE, file.content_type),
            (CACHE_CONTROL, "public, max-age=31536000, immutable"),
            (VARY, "accept-encoding"),
        ];
        match &file.brotli {
            Some(brotli) if accepts_brotli(request) => {
                (headers, [(CONTENT_ENCODING, "br")], brotli.clone()).into_response()
            }
            _ => (headers, file.plain.clone()).into_response(),
        }
    }
}

/// Names below the folder, with `/` between parts.
fn read_below(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Bytes>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read_below(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, std::fs::read(entry.path())?.into());
        }
    }
    Ok(())
}

/// Whether `Accept-Encoding` names `br` without the weight 0 (RFC 9110 §12.5.3).
fn accepts_brotli(request: &HeaderMap) -> bool {
    let values = request
        .get_all(ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_brotli = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case("br"));
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map(str::parse::<f32>);
        is_brotli && weight.is_none_or(|weight| weight.is_ok_and(|weight| weight > 0.0))
    })
}

/// By the end of the name. WebAssembly compiles while it loads only under its own type.
fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    fn assets(files: &[(&str, &'static [u8])]) -> Assets {
        let files = files
            .iter()
            .map(|(name, bytes)| ((*name).to_owned(), Bytes::from_static(bytes)));
        Assets::from_files(files.collect()).unwrap()
    }

    fn site() -> Assets {
        assets(&[
            (
                "manifest.json",
                br#"{"customhouse.wasm": "customhouse.1.wasm", "icon.svg": "icon.2.svg"}"#,
            ),
            ("customhouse.1.wasm", b"plain"),
            ("customhouse.1.wasm.br", b"brotli"),
            ("icon.2.svg", b"icon"),
        ])
    }

    fn accepting(encoding: &str) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT_ENCODING, encoding.parse().unwrap())])
    }

    async fn body(response: Response) -> Bytes {
        response.into_body().collect().await.unwrap().to_bytes()
    }

    #[tokio::test]
    async fn brotli_is_sent_to_who_accepts_it() {
        for (encoding, expected) in [
            ("gzip, deflate, br, zstd", "brotli"),
            ("br;q=0.5", "brotli"),
            ("BR", "brotli"),
            ("gzip", "plain"),
            ("br;q=0", "plain"),
            ("br; q=0.0", "plain"),
            ("br;q=much", "plain"),
            ("", "plain"),
        ] {
            let response = site().respond("customhouse.1.wasm", &accepting(encoding));
            let coding = response.headers().get(CONTENT_ENCODING).cloned();
            assert_eq!(coding.is_some(), expected == "brotli", "{encoding:?}");
            assert_eq!(body(response).await, expected, "{encoding:?}");
        }
    }

    #[tokio::test]
    async fn files_are_kept_for_ever_under_their_own_type() {
        for (name, expected) in [
            ("customhouse.1.wasm", "application/wasm"),
            ("icon.2.svg", "image/svg+xml"),
        ] {
            let response = site().respond(name, &accepting("br"));
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(response.headers()[CONTENT_TYPE], expected);
            assert_eq!(response.headers()[VARY], "accept-encoding");
            assert!(
                response.headers()[CACHE_CONTROL]
                    .to_str()
                    .unwrap()
                    .contains("immutable")
            );
        }
    }

    #[tokio::test]
    async fn only_files_of_the_site_are_found() {
        for name in [
            "icon.svg",
            "manifest.json",
            "customhouse.1.wasm.br",
            "../Cargo.toml",
            "",
        ] {
            let response = site().respond(name, &HeaderMap::new());
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{name:?}");
            assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
        }
    }

    #[test]
    fn a_folder_is_read_with_its_subfolders() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("icons")).unwrap();
        std::fs::write(folder.path().join("manifest.json"), "{}").unwrap();
        std::fs::write(folder.path().join("icons/a.svg"), "a").unwrap();
        let assets = Assets::from_folder(folder.path()).unwrap();
        assert_eq!(
            assets.respond("icons/a.svg", &HeaderMap::new()).status(),
            StatusCode::OK
        );
    }

    #[test]
    fn a_missing_or_broken_site_says_how_to_make_it() {
        let folder = tempfile::tempdir().unwrap();
        let missing = Assets::from_folder(&folder.path().join("nothing"));
        std::fs::write(folder.path().join("manifest.json"), "[]").unwrap();
        let broken = Assets::from_folder(folder.path());
        for result in [missing, broken] {
            assert!(
                result
                    .err()
                    .unwrap()
                    .to_string()
                    .contains("cargo xtask build")
            );
        }
    }
}
