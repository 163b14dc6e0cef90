//! What entries are searched by: a form that works without scripts and leads to an address that can
//! be kept.

use std::fmt::Write as _;

use domain::Action;
use leptos::prelude::*;
use operations::audit::{AuditForm, Phase, SubjectKind, UnreadablePart, Verb, word_of};

use super::table::phase_word;

/// Parts of Customhouse itself that act.
const PARTS: [(&str, &str); 4] = [
    ("local_operator", "local operator"),
    ("engine", "engine"),
    ("rule", "approval rule"),
    ("configuration", "configuration"),
];

/// `path` with every part of the form that says something, and with more.
pub(super) fn address(path: &str, form: &AuditForm, more: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    let mut between = '?';
    for (name, value) in form.parts().into_iter().chain(more.iter().copied()) {
        if !value.is_empty() {
            address.push(between);
            let _ = write!(address, "{name}={}", encoded(value));
            between = '&';
        }
    }
    address
}

/// Everything but letters, digits and `-._~` as `%XX` (RFC 3986, section 2.1).
fn encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

fn choice(value: String, text: String, chosen: &str) -> impl IntoView + use<> {
    let selected = value == chosen;
    view! {
        <option value=value selected=selected>
            {text}
        </option>
    }
}

/// The form.
pub(super) fn view(
    form: &AuditForm,
    people: Vec<(String, String)>,
    wrong: &[UnreadablePart],
) -> AnyView {
    let errors = wrong.iter().map(|part| {
        view! { <p class="error small">{label(part.name)} ": " {part.wanted}</p> }
    });
    let people = people
        .into_iter()
        .map(|(id, name)| choice(id, name, &form.who));
    let parts = PARTS.map(|(word, name)| choice(word.to_owned(), name.to_owned(), &form.who));
    let verbs = Verb::ALL.iter().map(|verb| {
        let word = verb.as_str().to_owned();
        choice(word.clone(), word, &form.action)
    });
    let refusals = Action::ALL.into_iter().map(|action| {
        let word = word_of(action);
        choice(word.clone(), word, &form.action)
    });
    let kinds = SubjectKind::ALL.map(|kind| {
        let word = kind.as_str().to_owned();
        choice(word.clone(), word, &form.kind)
    });
    let results = Phase::ALL.map(|phase| {
        let word = phase.as_str().to_owned();
        choice(word, phase_word(phase).to_owned(), &form.result)
    });
    let clear =
        (!form.is_empty()).then(|| view! { <a class="small" href="/audit">"Clear filters"</a> });
    view! {
        <form class="filter" role="search" method="get" action="/audit" aria-label="Filter the audit">
            <select class="input" name="who" aria-label=label("who")>
                <option value="">"Anybody"</option>
                <optgroup label="People">{people.collect_view()}</optgroup>
                <optgroup label="Customhouse">{parts.collect_view()}</optgroup>
            </select>
            <select class="input" name="action" aria-label=label("action")>
                <option value="">"Any action"</option>
                <optgroup label="Done">{verbs.collect_view()}</optgroup>
                <optgroup label="Refused">{refusals.collect_view()}</optgroup>
            </select>
            <select class="input" name="kind" aria-label=label("kind")>
                <option value="">"Any kind"</option>
                {kinds.collect_view()}
            </select>
            <input
                class="input mono"
                name="object"
                value=form.object.clone()
                placeholder="Id of a job, proposal, person, account"
                aria-label=label("object")
                maxlength="200"
                autocomplete="off"
                spellcheck="false"
            />
            <select class="input" name="result" aria-label=label("result")>
                <option value="">"Any result"</option>
                {results.collect_view()}
            </select>
            <input
                class="input"
                type="date"
                name="from"
                value=form.from.clone()
                aria-label=label("from")
            />
            <input class="input" type="date" name="to" value=form.to.clone() aria-label=label("to") />
            <button class="btn" type="submit">
                "Filter"
            </button>
            {clear}
            {errors.collect_view()}
        </form>
    }
    .into_any()
}

fn label(name: &str) -> &'static str {
    match name {
        "who" => "Who",
        "action" => "Action",
        "kind" => "Kind of object",
        "object" => "Object",
        "result" => "Result",
        "from" => "From, first day UTC",
        "to" => "To, last day UTC",
        _ => "Filter",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_what_was_asked_for_and_nothing_else() {
        let mut form = AuditForm::default();
        assert_eq!(address("/audit", &form, &[]), "/audit");
        form.set("object", "a b&c=d\u{e4}/");
        form.set("who", "engine");
        assert_eq!(
            address("/audit", &form, &[("before", "7")]),
            "/audit?who=engine&object=a%20b%26c%3Dd%C3%A4%2F&before=7"
        );
    }
}
