//! What entries are looked for by, as it stands in the address of a page.

use domain::Millis;
use store::audit::{AuditFilter, Phase, SubjectKind};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// Longest value of one part, in characters.
const LONGEST: usize = 200;

/// What entries are looked for by, as it was typed; an empty text stands for any. The names of the
/// fields are those in addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditForm {
    /// A person's id, or the word of a part of the product.
    pub who: String,
    /// What was done, or what was refused.
    pub action: String,
    /// The kind of thing.
    pub kind: String,
    /// The thing's id.
    pub object: String,
    /// `done`, `refused`, `intended` or `outcome`.
    pub result: String,
    /// The first day (`2026-11-24`, UTC), or the first moment (ISO 8601).
    pub from: String,
    /// The last day, or the moment before which.
    pub to: String,
}

/// A part that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadablePart {
    /// The part's name in addresses.
    pub name: &'static str,
    /// What it has to be, as a sentence.
    pub wanted: &'static str,
}

impl AuditForm {
    /// Every part with its name, in the order of the form.
    pub fn parts(&self) -> [(&'static str, &str); 7] {
        [
            ("who", &self.who),
            ("action", &self.action),
            ("kind", &self.kind),
            ("object", &self.object),
            ("result", &self.result),
            ("from", &self.from),
            ("to", &self.to),
        ]
    }

    /// Takes one part over; false if there is none of this name.
    pub fn set(&mut self, name: &str, value: &str) -> bool {
        let part = match name {
            "who" => &mut self.who,
            "action" => &mut self.action,
            "kind" => &mut self.kind,
            "object" => &mut self.object,
            "result" => &mut self.result,
            "from" => &mut self.from,
            "to" => &mut self.to,
            _ => return false,
        };
        value.trim().clone_into(part);
        true
    }

    /// Whether nothing is looked for in particular.
    pub fn is_empty(&self) -> bool {
        self.parts().iter().all(|(_, value)| value.is_empty())
    }

    /// What it says, or every part that cannot be read.
    pub(crate) fn filter(&self) -> Result<AuditFilter, Vec<UnreadablePart>> {
        let mut wrong = Vec::new();
        for (name, value) in self.parts() {
            if value.chars().count() > LONGEST {
                let wanted = "It must be no longer than 200 characters.";
                wrong.push(UnreadablePart { name, wanted });
            }
        }
        let text = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        let filter = AuditFilter {
            actor: text(&self.who),
            action: text(&self.action),
            phase: word(&self.result, &Phase::ALL, Phase::as_str).unwrap_or_else(|()| {
                let wanted = "It must be done, refused, intended or outcome.";
                wrong.push(UnreadablePart {
                    name: "result",
                    wanted,
                });
                None
            }),
            subject_kind: word(&self.kind, &SubjectKind::ALL, SubjectKind::as_str).unwrap_or_else(
                |()| {
                    let wanted = "It must be a kind of thing, such as job.";
                    wrong.push(UnreadablePart {
                        name: "kind",
                        wanted,
                    });
                    None
                },
            ),
            subject_id: text(&self.object),
            from: moment(&self.from, 0).unwrap_or_else(|()| {
                wrong.push(UnreadablePart {
                    name: "from",
                    wanted: DAY,
                });
                None
            }),
            until: moment(&self.to, DAY_MS).unwrap_or_else(|()| {
                wrong.push(UnreadablePart {
                    name: "to",
                    wanted: DAY,
                });
                None
            }),
        };
        if wrong.is_empty() {
            Ok(filter)
        } else {
            Err(wrong)
        }
    }
}

const DAY: &str = "It must be a day such as 2026-11-24, or a moment such as 2026-11-24T10:14:14Z.";

fn word<T: Copy>(text: &str, all: &[T], of: fn(T) -> &'static str) -> Result<Option<T>, ()> {
    if text.is_empty() {
        return Ok(None);
    }
    let found = all.iter().copied().find(|one| of(*one) == text);
    found.map(Some).ok_or(())
}

/// The moment, or `later` milliseconds after the beginning of the day.
fn moment(text: &str, later: i64) -> Result<Option<Millis>, ()> {
    if text.is_empty() {
        return Ok(None);
    }
    let day = Millis::parse_iso(&format!("{text}T00:00:00Z")).map(|day| day.plus(later));
    day.or_else(|| Millis::parse_iso(text)).map(Some).ok_or(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(parts: &[(&str, &str)]) -> AuditForm {
        let mut form = AuditForm::default();
        for (name, value) in parts {
            assert!(form.set(name, value), "{name}");
        }
        form
    }

    #[test]
    fn a_form_is_read_part_by_part() {
        assert_eq!(AuditForm::default().filter(), Ok(AuditFilter::default()));
        let form = form(&[
            ("who", " engine "),
            ("result", "refused"),
            ("kind", "job"),
            ("from", "2026-11-24"),
            ("to", "2026-11-24"),
        ]);
        let filter = form.filter().unwrap();
        assert_eq!(filter.actor.as_deref(), Some("engine"));
        assert_eq!(filter.phase, Some(Phase::Refused));
        assert_eq!(filter.subject_kind, Some(SubjectKind::Job));
        let day = Millis::parse_iso("2026-11-24T00:00:00Z").unwrap();
        assert_eq!(filter.from, Some(day));
        assert_eq!(filter.until, Some(day.plus(DAY_MS)), "the whole day");
        assert!(!form.is_empty());
    }

    #[test]
    fn every_part_that_cannot_be_read_is_named() {
        let wrong = form(&[
            ("result", "failed"),
            ("kind", "jobs"),
            ("from", "yesterday"),
            ("to", "2026-13-01"),
            ("object", &"x".repeat(201)),
        ]);
        let names: Vec<_> = wrong
            .filter()
            .unwrap_err()
            .iter()
            .map(|one| one.name)
            .collect();
        assert_eq!(names, ["object", "result", "kind", "from", "to"]);
        assert!(!AuditForm::default().set("sort", "n"));
    }
}
