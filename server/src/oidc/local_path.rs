//! Addresses within the console, for going on after a sign-in.

use url::Url;

/// The longest address in bytes: it travels in a cookie.
const LONGEST: usize = 512;

/// A path of this console with its query, such as `/jobs?state=running`. By default the front page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    /// Reads an address as a browser would, and takes it only if it stays within the console.
    ///
    /// `//example.org`, `/\example.org` and a tab between the two slashes all lead elsewhere
    /// (WHATWG URL). What signs in or out is no place to go on to.
    pub fn new(text: &str) -> Option<Self> {
        if text.len() > LONGEST || !text.starts_with('/') {
            return None;
        }
        let console = Url::parse("https://console.invalid/").ok()?;
        let url = console.join(text).ok()?;
        if url.origin() != console.origin() || !url.username().is_empty() {
            return None;
        }
        let path = url.path();
        let within = path.starts_with('/') && !path.starts_with("//");
        if !within || is_sign_in(path) {
            return None;
        }
        let query = url.query().map(|query| format!("?{query}"));
        Some(Self(format!("{path}{}", query.unwrap_or_default())))
    }

    /// The path, with its query.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for LocalPath {
    fn default() -> Self {
        Self("/".to_owned())
    }
}

fn is_sign_in(path: &str) -> bool {
    ["/auth/", "/api/", "/sign-in", "/sign-out", "/setup/"]
        .iter()
        .any(|prefix| path.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_within_the_console_are_gone_on_to() {
        for (text, kept) in [
            ("/", Some("/")),
            ("/jobs?state=running", Some("/jobs?state=running")),
            ("/jobs/job_1#steps", Some("/jobs/job_1")),
            ("/a/../jobs", Some("/jobs")),
            (
                "/models?next=https://example.org/",
                Some("/models?next=https://example.org/"),
            ),
            ("", None),
            ("jobs", None),
            ("//example.org", None),
            ("///example.org", None),
            ("/\\example.org", None),
            ("\\/example.org", None),
            ("/\t/example.org", None),
            ("/\n/example.org", None),
            ("/..//example.org", None),
            ("/.//example.org", None),
            ("https://example.org/", None),
            ("javascript:alert(1)", None),
            (" /jobs", None),
            ("/auth/start", None),
            ("/sign-in?next=/", None),
            ("/api/sign-out", None),
        ] {
            let read = LocalPath::new(text);
            assert_eq!(read.as_ref().map(LocalPath::as_str), kept, "{text:?}");
        }
        assert_eq!(LocalPath::new(&format!("/{}", "a".repeat(LONGEST))), None);
    }

    #[test]
    fn what_was_taken_is_safe_in_a_header() {
        let path = LocalPath::new("/jobs?a=b c\"é<>").unwrap();
        assert!(
            path.as_str().bytes().all(|byte| byte.is_ascii_graphic()),
            "{path:?}"
        );
    }
}
