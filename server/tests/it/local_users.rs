//! Local users over HTTP and on the command line: the real program, from its first start on.

mod browser;
mod first_start;
mod passwords;
mod throttle;

use std::path::PathBuf;

use crate::support::Program;
use crate::support::place::Place;
use browser::Browser;

pub(crate) const GOOD: &str = "three grey boats sail";
pub(crate) const BETTER: &str = "seven loud clocks fall";

/// A place whose first start writes its link to [`link_file`], also where a person runs the tests
/// from a terminal.
pub(crate) async fn place() -> Place {
    Place::changed(1.0, |text| {
        let folder = text.lines().find_map(|line| line.strip_prefix("site = \""));
        let folder = folder.unwrap().trim_end_matches("/site\"").to_owned();
        let line = format!("[server]\nset_up_link = \"{folder}/link\"\n");
        text.replace("[server]\n", &line)
    })
    .await
}

pub(crate) fn link_file(place: &Place) -> PathBuf {
    place.path("link")
}

/// The path of the page that a link leads to, whatever host it names.
pub(crate) fn path_of(link: &str) -> String {
    let at = link
        .find("/setup/")
        .unwrap_or_else(|| panic!("no link in {link:?}"));
    link[at..].split_whitespace().next().unwrap().to_owned()
}

/// The path of the link that the first start wrote.
pub(crate) fn first_link(place: &Place) -> String {
    path_of(&std::fs::read_to_string(link_file(place)).unwrap())
}

/// Makes the administrator `admin` by the first link and gives their browser.
pub(crate) async fn administrator(place: &Place, program: &Program) -> Browser {
    let mut browser = Browser::at(program);
    let form = form(&[
        ("account_name", "admin"),
        ("password", GOOD),
        ("password_again", GOOD),
    ]);
    let made = browser.post(&first_link(place), &form).await;
    assert_eq!(made.status, 303, "{}", made.body);
    browser
}

pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

pub(crate) fn credentials(account: &str, password: &str) -> String {
    form(&[("account_name", account), ("password", password)])
}
