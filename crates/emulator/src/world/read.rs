//! Reads documents and says where one is wrong.

use super::error::WorldError;
use super::place::{Step, line, line_at, name, steps};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A document that is a world file, or a part of one in the same shape.
pub(super) enum Document<'a> {
    /// TOML, and how many lines of the file stand before it.
    Toml { text: &'a str, lines_before: usize },
    /// JSON that was merged.
    Json(&'a Value),
}

/// Something wrong at a place, before it has a name.
pub(super) struct Wrong {
    pub(super) steps: Vec<Step>,
    pub(super) problem: String,
}

impl Document<'_> {
    /// Reads it as a `T`.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, WorldError> {
        match self {
            Self::Toml { text, lines_before } => {
                let syntax = |error: toml::de::Error| {
                    let line = error.span().map(|span| line_at(text, span.start));
                    let line = line.map(|line| line + lines_before);
                    WorldError::new(line, String::new(), error.message())
                };
                let reader = toml::de::Deserializer::parse(text).map_err(syntax)?;
                serde_path_to_error::deserialize(reader).map_err(|error| {
                    let steps = steps(error.path());
                    let inner = error.into_inner();
                    let line = inner
                        .span()
                        .map(|span| line_at(text, span.start))
                        .or_else(|| line(text, &steps));
                    let line = line.map(|line| line + lines_before);
                    WorldError::new(line, name(&steps, &self.value()), inner.message())
                })
            }
            Self::Json(value) => serde_path_to_error::deserialize(*value).map_err(|error| {
                let steps = steps(error.path());
                WorldError::new(None, name(&steps, value), error.into_inner().to_string())
            }),
        }
    }

    /// Says what is wrong in it.
    pub(super) fn refuse(&self, wrong: Wrong) -> WorldError {
        let line = match self {
            Self::Toml { text, lines_before } => {
                line(text, &wrong.steps).map(|line| line + lines_before)
            }
            Self::Json(_) => None,
        };
        WorldError::new(line, name(&wrong.steps, &self.value()), wrong.problem)
    }

    /// Its values without their types; nothing where it is no document.
    pub(super) fn value(&self) -> Value {
        match self {
            Self::Toml { text, .. } => toml::from_str(text).unwrap_or_default(),
            Self::Json(value) => (*value).clone(),
        }
    }
}
