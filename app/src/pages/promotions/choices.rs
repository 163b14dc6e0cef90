//! The two ends of a promotion as choices.

use leptos::prelude::*;
use operations::Field;
use operations::promotions::{DestinationOption, SourceOption};

use super::new::NewForm;
use crate::text::percent;
use crate::ui::field::SelectField;
use crate::ui::status::StateLook;

/// Consecutive items with the same key, as groups.
fn grouped<T: Clone>(items: &[T], key: impl Fn(&T) -> String) -> Vec<(String, Vec<T>)> {
    let mut groups: Vec<(String, Vec<T>)> = Vec::new();
    for item in items {
        let key = key(item);
        match groups.iter_mut().find(|(name, _)| *name == key) {
            Some((_, group)) => group.push(item.clone()),
            None => groups.push((key, vec![item.clone()])),
        }
    }
    groups
}

/// Every version that was seen, by project; those that cannot be copied are there and disabled.
pub(super) fn source(form: &NewForm) -> impl IntoView + use<> {
    let chosen = form.values.source_version.clone();
    let known = form
        .everywhere
        .sources
        .iter()
        .any(|option| option.version.to_string() == chosen);
    let mut text = form.text(
        Field::SourceVersion,
        "Source version",
        "Trained or copied versions of all accounts, as last read.",
    );
    if let Some(outcome) = &form.outcome {
        text.errors.extend(outcome.errors_of(Field::SourceProject));
    }
    let groups = grouped(&form.everywhere.sources, |option| {
        format!(
            "{} in {}: {} ({}), {}",
            option.project.name(),
            option.account.environment,
            option.account.alias,
            option.account.number.grouped(),
            option.version.region()
        )
    });
    let groups = groups.into_iter().map(|(label, options)| {
        let options = options
            .into_iter()
            .map(|option| version(&option, &chosen))
            .collect_view();
        view! { <optgroup label=label>{options}</optgroup> }
    });
    let groups = groups.collect_view();
    view! {
        <SelectField text>
            <option value="" selected=chosen.is_empty()>
                "Choose a version"
            </option>
            {kept(chosen, known)}
            {groups}
        </SelectField>
    }
}

fn version(option: &SourceOption, chosen: &str) -> impl IntoView + use<> {
    let arn = option.version.to_string();
    let selected = arn == chosen;
    let status = StateLook::from(&option.status).word;
    let f1 = option
        .f1
        .map(|f1| format!(", F1 {}", percent(f1)))
        .unwrap_or_default();
    view! {
        <option
            value=arn
            selected=selected
            disabled=!option.copyable
            data-region=option.version.region().to_string()
        >
            {format!("{} {}, {status}{f1}", option.project.name(), option.version.name())}
        </option>
    }
}

/// What was sent and is not offered stays chosen, so that nothing typed is lost.
fn kept(value: String, known: bool) -> impl IntoView {
    (!known && !value.is_empty()).then(|| {
        let text = value.clone();
        view! {
            <option value=value selected=true>
                {text}
            </option>
        }
    })
}

/// Every project by Region; once a source is chosen, only those of its Region can be chosen.
pub(super) fn destination(form: &NewForm) -> impl IntoView + use<> {
    let chosen = form.values.destination_project.clone();
    let region = form
        .view
        .chosen
        .as_ref()
        .map(|source| source.version.region().to_string());
    let hint = match &region {
        Some(region) => {
            format!("Projects in {region}, the Region of the source: AWS copies within one Region.")
        }
        None => "In the Region of the source: AWS copies within one Region.".to_owned(),
    };
    let text = form.text(Field::DestinationProject, "Destination project", &hint);
    let all = &form.everywhere.destinations;
    let foreign = |place: &str| region.as_deref().is_some_and(|region| region != place);
    // A project of a Region that cannot be chosen would be lost from the field that it stands in.
    let known = all.iter().any(|option| {
        option.project.to_string() == chosen && !foreign(option.project.region().as_str())
    });
    let groups = grouped(all, |option| option.project.region().to_string());
    let groups = groups.into_iter().map(|(place, options)| {
        let disabled = foreign(&place);
        let options = options.into_iter().map(|option| project(&option, &chosen));
        let options = options.collect_view();
        view! {
            <optgroup label=place.clone() data-region=place disabled=disabled>
                {options}
            </optgroup>
        }
    });
    let groups = groups.collect_view();
    view! {
        <p class="prod-banner">
            <span>
                <b>"This goes to a protected environment."</b>
                " Look twice at version and project: what is copied there is meant to be used."
            </span>
        </p>
        <SelectField text>
            <option value="" selected=chosen.is_empty()>
                "Choose a project"
            </option>
            {kept(chosen, known)}
            {groups}
        </SelectField>
    }
}

fn project(option: &DestinationOption, chosen: &str) -> impl IntoView + use<> {
    let arn = option.project.to_string();
    let selected = arn == chosen;
    let account = &option.account;
    let text = format!(
        "{}: {} ({}), project {}",
        account.environment,
        account.alias,
        account.number.grouped(),
        option.project.name()
    );
    view! {
        <option
            value=arn
            selected=selected
            data-protected=account.protected.then_some("")
        >
            {text}
        </option>
    }
}
