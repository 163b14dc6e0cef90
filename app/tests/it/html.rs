//! A page as it was sent, and what holds for every page.

use std::collections::BTreeSet;

use ego_tree::iter::Edge;
use http::StatusCode;
use scraper::{ElementRef, Html, Selector};

pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) html: String,
}

impl Page {
    /// Every page must hold what [`Page::is_sound`] asks for.
    pub(crate) fn new(status: StatusCode, html: String) -> Self {
        let page = Self { status, html };
        page.is_sound();
        page
    }

    fn parsed(&self) -> Html {
        // Leptos adds scripts of its own behind the document.
        let document = self
            .html
            .split_inclusive("</html>")
            .next()
            .unwrap_or_default();
        Html::parse_document(document)
    }

    /// The texts of all elements that the selector finds, each on one line.
    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        let document = self.parsed();
        document
            .select(&select(selector))
            .map(|found| text(&found))
            .collect()
    }

    /// The text of the first element that the selector finds.
    pub(crate) fn text(&self, selector: &str) -> String {
        let found = self.texts(selector).into_iter().next();
        found.unwrap_or_else(|| panic!("no {selector} in {}", self.html))
    }

    /// An attribute of the first element that the selector finds.
    pub(crate) fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let document = self.parsed();
        let found = document.select(&select(selector)).next();
        let found = found.unwrap_or_else(|| panic!("no {selector} in {}", self.html));
        found.attr(name).map(str::to_owned)
    }

    pub(crate) fn has(&self, selector: &str) -> bool {
        self.parsed().select(&select(selector)).next().is_some()
    }

    /// Ids are unique, references lead to them, every control has a name, nothing is inline that
    /// the content security policy forbids, and the parser had nothing to mend.
    fn is_sound(&self) {
        let document = self.parsed();
        let mut ids = BTreeSet::new();
        for element in document.select(&select("[id]")) {
            let id = element.attr("id").unwrap_or_default();
            assert!(ids.insert(id.to_owned()), "the id {id} stands twice");
        }
        for name in [
            "for",
            "aria-describedby",
            "aria-labelledby",
            "popovertarget",
        ] {
            for element in document.select(&select(&format!("[{name}]"))) {
                for id in element.attr(name).unwrap_or_default().split_whitespace() {
                    assert!(
                        ids.contains(id),
                        "{name}={id} leads nowhere in {}",
                        element.html()
                    );
                }
            }
        }
        for control in document.select(&select("input:not([type=hidden]), select, textarea")) {
            let id = control.attr("id").unwrap_or_default();
            let labelled = control.attr("aria-label").is_some()
                || control
                    .ancestors()
                    .filter_map(ElementRef::wrap)
                    .any(|parent| parent.value().name() == "label")
                || document
                    .select(&select(&format!("label[for='{id}']")))
                    .next()
                    .is_some();
            assert!(labelled, "no label for {}", control.html());
        }
        assert_eq!(
            document.select(&select("h1")).count(),
            1,
            "one h1: {}",
            self.html
        );
        assert!(
            document.select(&select("[style], style")).next().is_none(),
            "an inline style"
        );
        for script in document.select(&select("script:not([src])")) {
            assert!(
                script.attr("nonce").is_some(),
                "an inline script without nonce"
            );
        }
        for handler in ["onclick", "onload", "onerror", "onchange"] {
            assert!(
                document
                    .select(&select(&format!("[{handler}]")))
                    .next()
                    .is_none()
            );
        }
        // Leptos marks places with `<!>`, an empty comment to every parser but a fault by the letter.
        let marks = "Saw ! in state MarkupDeclarationOpen";
        let faults: Vec<_> = document
            .errors
            .iter()
            .filter(|fault| *fault != marks)
            .collect();
        assert!(
            faults.is_empty(),
            "{faults:?}: the parser mended {}",
            self.html
        );
    }
}

fn select(selector: &str) -> Selector {
    Selector::parse(selector).unwrap_or_else(|error| panic!("{selector}: {error}"))
}

/// The text as it is read: parts of a table or list do not run into each other.
fn text(element: &ElementRef<'_>) -> String {
    let mut text = String::new();
    for edge in element.traverse() {
        match edge {
            Edge::Open(node) | Edge::Close(node) if node.value().is_element() => {
                let name = node
                    .value()
                    .as_element()
                    .map_or("", |element| element.name());
                if !["a", "b", "code", "span", "strong", "time"].contains(&name) {
                    text.push(' ');
                }
            }
            Edge::Open(node) => {
                text.push_str(node.value().as_text().map_or("", |text| &**text));
            }
            Edge::Close(_) => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
