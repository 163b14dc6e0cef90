//! What is wrong with a configuration, with the path of every key.

use std::fmt;
use std::path::PathBuf;

use figment::error::Kind;

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The named file does not exist.
    #[error("there is no configuration file {}", .0.display())]
    NoFile(PathBuf),
    /// Keys are unknown, missing or do not hold what they should.
    #[error("the configuration cannot be used:{}", list(.0))]
    Findings(Vec<Finding>),
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The key, such as `server.listen` or `account[0].alias`; empty for the file as a whole.
    pub path: String,
    /// What is wrong and what would be right.
    pub problem: String,
}

/// Mistakes as they are found, so that all are reported at once.
#[derive(Debug, Default)]
pub(super) struct Findings(Vec<Finding>);

impl Findings {
    pub(super) fn add(&mut self, path: impl Into<String>, problem: impl Into<String>) {
        self.0.push(Finding {
            path: path.into(),
            problem: problem.into(),
        });
    }

    pub(super) fn into_result<T>(self, value: T) -> Result<T, ConfigError> {
        if self.0.is_empty() {
            Ok(value)
        } else {
            Err(ConfigError::Findings(self.0))
        }
    }
}

impl ConfigError {
    /// Names each key with its path. Values are left out where figment would quote one: they may
    /// be secret.
    pub(super) fn from_figment(error: figment::Error) -> Self {
        Self::Findings(error.into_iter().map(Finding::from_figment).collect())
    }
}

impl Finding {
    fn from_figment(error: figment::Error) -> Self {
        let mut path = key_path(&error.path);
        let problem = match error.kind {
            Kind::UnknownField(field, known) => {
                if error.path.last() != Some(&field) {
                    path = join(&path, &field);
                }
                format!("is not a key; here are: {}", known.join(", "))
            }
            Kind::MissingField(field) => {
                path = join(&path, &field);
                "is missing".to_owned()
            }
            Kind::InvalidType(found, expected) => {
                format!("must be {expected}, not {}", type_of(&found))
            }
            Kind::UnknownVariant(_, known) => format!("must be one of: {}", known.join(", ")),
            other => other.to_string(),
        };
        let source = error.metadata.and_then(|metadata| {
            metadata.source.map_or_else(
                || (metadata.name.contains("environment")).then(|| "the environment".to_owned()),
                |source| Some(source.to_string()),
            )
        });
        match source {
            Some(source) => Self {
                path,
                problem: format!("{problem} (in {source})"),
            },
            None => Self { path, problem },
        }
    }
}

/// Figment writes `account.0.alias`; people know `account[0].alias`.
fn key_path(parts: &[String]) -> String {
    parts
        .iter()
        .fold(String::new(), |path, part| match part.parse::<usize>() {
            Ok(index) => format!("{path}[{index}]"),
            Err(_) => join(&path, part),
        })
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

fn type_of(found: &figment::error::Actual) -> &'static str {
    use figment::error::Actual as A;
    match found {
        A::Bool(_) => "a boolean",
        A::Unsigned(_) | A::Signed(_) => "a whole number",
        A::Float(_) => "a number",
        A::Char(_) | A::Str(_) => "text",
        A::Seq => "a list",
        A::Map => "a table",
        _ => "what it is",
    }
}

fn list(findings: &[Finding]) -> String {
    let lines: Vec<_> = findings
        .iter()
        .map(|finding| format!("\n  {finding}"))
        .collect();
    lines.concat()
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            formatter.write_str(&self.problem)
        } else {
            write!(formatter, "{} {}", self.path, self.problem)
        }
    }
}
