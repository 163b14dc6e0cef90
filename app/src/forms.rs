//! Forms that come back: what was typed and what is wrong with it, kept in the session.
//!
//! A posted form always answers with a redirect. When it was not accepted, values and codes wait
//! here under a fresh id, and only that id travels in the address (`?form=frm_…`), so nobody can
//! forge a message with a link, and reloading the page keeps what was typed.

use domain::FormId;
use leptos::prelude::use_context;
use operations::{Field, FieldError};
use operations::{OpContext, OpError};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use crate::pages::query;

/// The session's entry.
const KEY: &str = "forms";
/// How many forms a session keeps; older ones are forgotten.
const KEPT: usize = 4;

/// Which form it is; one never fills another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormName {
    /// A new promotion.
    Promotion,
    /// A policy to attach.
    AttachPolicy,
    /// A policy to remove.
    RemovePolicy,
    /// A role to test.
    TestRole,
    /// Models to read again.
    RefreshModels,
    /// Something asked of a job.
    JobRequest,
    /// Something about people, or one's own sign-ins.
    Settings,
    /// A password that was changed.
    Password,
}

/// Why a form came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// To show what would be sent, or what goes with what was chosen; nothing is wrong.
    Preview,
    /// Fields are not valid.
    Invalid(Vec<FieldError>),
    /// It was refused as a whole.
    Refused {
        /// What happened.
        cause: String,
        /// What that means.
        consequence: String,
        /// What to do.
        next_step: String,
    },
}

impl From<&OpError> for Outcome {
    fn from(error: &OpError) -> Self {
        match error {
            OpError::Invalid(fields) => Self::Invalid(fields.clone()),
            other => Self::Refused {
                cause: other.cause(),
                consequence: other.consequence().to_owned(),
                next_step: other.next_step(),
            },
        }
    }
}

impl Outcome {
    /// What is wrong with one field, in the order found.
    pub fn errors_of(&self, field: Field) -> Vec<String> {
        let Self::Invalid(errors) = self else {
            return Vec::new();
        };
        errors
            .iter()
            .filter(|error| error.field == field)
            .map(FieldError::text)
            .collect()
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct SavedForm {
    id: FormId,
    name: FormName,
    values: serde_json::Value,
    outcome: Outcome,
}

/// Keeps a form for the page that is redirected to, and gives the id for its address. None when
/// there is no session to keep it in.
pub async fn save(
    cx: &OpContext,
    name: FormName,
    values: &impl Serialize,
    outcome: Outcome,
) -> Option<FormId> {
    keep(cx, &use_context::<Session>()?, name, values, outcome).await
}

/// The same for handlers that have the session themselves.
pub async fn keep(
    cx: &OpContext,
    session: &Session,
    name: FormName,
    values: &impl Serialize,
    outcome: Outcome,
) -> Option<FormId> {
    let id = FormId::generate(cx.now(), &*cx.random);
    let values = serde_json::to_value(values).ok()?;
    let mut forms: Vec<SavedForm> = session.get(KEY).await.ok().flatten().unwrap_or_default();
    forms.insert(
        0,
        SavedForm {
            id,
            name,
            values,
            outcome,
        },
    );
    forms.truncate(KEPT);
    session.insert(KEY, forms).await.ok()?;
    Some(id)
}

/// Which form the address of this page names, read before the page waits for anything.
pub fn asked_for() -> Option<FormId> {
    query("form")?.parse().ok()
}

/// The kept form, if the session still has it and it is of this name.
pub async fn restore<T: DeserializeOwned>(
    id: Option<FormId>,
    name: FormName,
) -> Option<(T, Outcome)> {
    let id = id?;
    let session = use_context::<Session>()?;
    let forms: Vec<SavedForm> = session.get(KEY).await.ok().flatten()?;
    let saved = forms
        .into_iter()
        .find(|form| form.id == id && form.name == name)?;
    Some((serde_json::from_value(saved.values).ok()?, saved.outcome))
}
