//! Where the files of the site are: logical name → address with a hash in it.
//!
//! The build gives every file under `/pkg/` a name that holds a hash of its bytes, so that a
//! browser may keep it for ever, and lists the names in `manifest.json`. The server reads that
//! file once, provides the [`AssetManifest`] as context, and pages ask [`asset_url`].

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::use_context;

/// The folder of the site's files, as the browser sees it.
const PREFIX: &str = "/pkg/";

/// The names that one build gave its files, for example
/// `customhouse.css` → `customhouse.0f3a….css`. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssetManifest(Arc<BTreeMap<String, String>>);

impl AssetManifest {
    /// Reads `manifest.json`: one JSON object of strings.
    pub fn parse(json: &[u8]) -> Result<Self, serde_json::Error> {
        Ok(Self(Arc::new(serde_json::from_slice(json)?)))
    }

    /// The path to write into `href` or `src`. A name that the build did not make keeps its
    /// plain form, which the server answers with 404, so that the mistake is seen.
    pub fn url(&self, name: &str) -> String {
        let hashed = self.0.get(name).map_or(name, String::as_str);
        format!("{PREFIX}{hashed}")
    }
}

/// The path of one file of the site in the page that is being rendered.
///
/// Without a manifest in the context (a test that renders one component) names stay plain.
pub fn asset_url(name: &str) -> String {
    use_context::<AssetManifest>().unwrap_or_default().url(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_get_their_hash_and_unknown_ones_stay_plain() {
        let manifest = AssetManifest::parse(br#"{"a.css": "a.0f3a.css"}"#).unwrap();
        assert_eq!(manifest.url("a.css"), "/pkg/a.0f3a.css");
        assert_eq!(manifest.url("b.css"), "/pkg/b.css");
    }

    #[test]
    fn a_manifest_that_is_not_an_object_of_strings_is_refused() {
        for json in ["", "[]", r#"{"a.css": 1}"#] {
            assert!(AssetManifest::parse(json.as_bytes()).is_err(), "{json:?}");
        }
    }
}
