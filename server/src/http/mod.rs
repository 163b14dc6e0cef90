//! HTTP: the registry of routes, the layers around them, and the handlers that are no page.
//!
//! Start at [`routes`], which lists everything that is answered, and [`router`], which puts the
//! layers around it.

pub mod assets;
pub(crate) mod audit_export;
#[cfg(feature = "demo")]
pub mod demo;
pub mod events;
pub mod fragments;
pub mod functions;
pub mod health;
pub mod layers;
pub mod local;
pub mod pages;
pub mod places;
pub mod problem;
pub mod registry;
pub mod router;
pub mod routes;
pub mod sign_in;
pub mod site;
pub mod standing;
pub mod state;
pub mod v1;

/// The path of a page of this console to go on to; `/` where what was asked for is something else:
/// an address of another site, or one that a browser would take for one.
pub(crate) fn own_path(text: &str) -> &str {
    let own = text.starts_with('/')
        && !text.starts_with("//")
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if own { text } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn only_pages_of_this_console_are_gone_on_to() {
        for own in ["/", "/jobs/job_1?a=b#c", "/models?q=x//y"] {
            assert_eq!(own_path(own), own);
        }
        for other in [
            "",
            "//example.org",
            "/\\example.org",
            "https://example.org/",
            "javascript:alert(1)",
            "/a\nb",
            "/a b",
        ] {
            assert_eq!(own_path(other), "/", "{other:?}");
        }
    }
}
