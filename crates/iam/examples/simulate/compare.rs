//! Letting both judge, and settling what differs.

use crate::abstentions::{self, Abstention};
use crate::case::{Case, Verdict, verdict};
use crate::differences::{self, Difference};
use crate::referee;
use iam::Decision;
use std::collections::BTreeMap;
use std::fmt;

/// The least share of each answer, in percent: fewer and the cases prove little.
const LEAST_ALLOWED: usize = 20;
const LEAST_OTHER: usize = 10;
/// The largest share that we may leave open, in percent: an evaluator that cannot tell is never wrong.
const MOST_OPEN: usize = 3;

/// How a comparison went.
#[derive(Default)]
pub(crate) struct Comparison {
    cases: usize,
    allowed: usize,
    implicitly_denied: usize,
    explicitly_denied: usize,
    cannot_tell: usize,
    agreed: usize,
    settled: usize,
    /// How many cases each settled difference explains, with its reason; a case may have several.
    reasons: BTreeMap<&'static str, (usize, String)>,
    /// Case and what was answered.
    disagreements: Vec<String>,
}

/// A case whose answers differ, as it would be without the simulator's known deviations.
struct Corrected<'a> {
    case: &'a Case,
    theirs: Verdict,
    ours: Verdict,
    by: Vec<&'static Difference>,
}

impl Corrected<'_> {
    /// Why we say "not allowed" where the simulator says "denied": a denial holds what we do not
    /// judge. It shows as soon as everything is granted.
    fn unjudged_denial(&self) -> Option<&'static Abstention> {
        if (self.ours, self.theirs) != (Verdict::ImplicitlyDenied, Verdict::ExplicitlyDenied) {
            return None;
        }
        match self.case.granting_everything().decide() {
            Decision::CannotTell { element } => abstentions::known(&element),
            _ => None,
        }
    }
}

/// Lets both judge `cases` and settles what differs.
pub(crate) fn compare(cases: &[Case]) -> Result<Comparison, String> {
    let mut comparison = Comparison {
        cases: cases.len(),
        ..Comparison::default()
    };
    let mut again: Vec<Corrected<'_>> = Vec::new();
    let mut corrected_cases = Vec::new();
    for (case, theirs) in cases.iter().zip(referee::judge(cases)?) {
        let decision = case.decide();
        let ours = verdict(&decision);
        comparison.count(ours);
        let Ok(theirs) = theirs.map_err(|error| comparison.disagree(case, &decision, &error))
        else {
            continue;
        };
        if case.expected.is_some() && case.expected != ours {
            comparison.disagree(case, &decision, &format!("expected {:?}", case.expected));
            continue;
        }
        match (&decision, ours) {
            (_, Some(ours)) if ours == theirs => comparison.agreed += 1,
            (_, Some(ours)) => {
                let (corrected, by) = differences::correct(case, &decision);
                again.push(Corrected {
                    case,
                    theirs,
                    ours,
                    by,
                });
                corrected_cases.push(corrected);
            }
            (Decision::CannotTell { element }, None) => match abstentions::known(element) {
                Some(abstention) => comparison.abstain(abstention),
                None => comparison.disagree(case, &decision, &format!("{theirs:?}")),
            },
            (_, None) => unreachable!("only \"cannot tell\" has no verdict"),
        }
    }
    for (corrected, answer) in again.iter().zip(referee::judge(&corrected_cases)?) {
        if answer == Ok(corrected.ours) && !corrected.by.is_empty() {
            comparison.settle(&corrected.by);
        } else if let Some(abstention) = corrected.unjudged_denial() {
            comparison.abstain(abstention);
        } else {
            let Corrected {
                case, theirs, by, ..
            } = corrected;
            let names: Vec<&str> = by.iter().map(|difference| difference.name).collect();
            let answer = format!("{theirs:?}, and without {names:?}: {answer:?}");
            comparison.disagree(case, &case.decide(), &answer);
        }
    }
    Ok(comparison)
}

impl Comparison {
    /// Whether nothing is left to settle and the answers are spread.
    pub(crate) fn is_clean(&self) -> bool {
        self.disagreements.is_empty() && self.is_spread()
    }

    fn is_spread(&self) -> bool {
        let least = |count: usize, percent: usize| count * 100 >= self.cases * percent;
        least(self.allowed, LEAST_ALLOWED)
            && least(self.implicitly_denied, LEAST_OTHER)
            && least(self.explicitly_denied, LEAST_OTHER)
            && !least(self.cannot_tell, MOST_OPEN)
    }

    fn count(&mut self, ours: Option<Verdict>) {
        match ours {
            Some(Verdict::Allowed) => self.allowed += 1,
            Some(Verdict::ImplicitlyDenied) => self.implicitly_denied += 1,
            Some(Verdict::ExplicitlyDenied) => self.explicitly_denied += 1,
            None => self.cannot_tell += 1,
        }
    }

    fn settle(&mut self, by: &[&'static Difference]) {
        self.settled += 1;
        for difference in by {
            self.explain(difference.name, difference.reason, difference.page);
        }
    }

    fn abstain(&mut self, abstention: &'static Abstention) {
        self.settled += 1;
        self.explain(abstention.element, abstention.reason, abstention.page);
    }

    fn explain(&mut self, name: &'static str, reason: &str, page: &str) {
        let entry = self
            .reasons
            .entry(name)
            .or_insert_with(|| (0, format!("{reason} ({page})")));
        entry.0 += 1;
    }

    fn disagree(&mut self, case: &Case, ours: &Decision, theirs: &str) {
        self.disagreements.push(format!(
            "{}\n  ours: {ours}\n  theirs: {theirs}",
            case.to_json()
        ));
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for disagreement in &self.disagreements {
            writeln!(formatter, "{disagreement}")?;
        }
        writeln!(
            formatter,
            "{} allowed, {} implicitly denied, {} explicitly denied, {} cannot tell",
            self.allowed, self.implicitly_denied, self.explicitly_denied, self.cannot_tell
        )?;
        if !self.is_spread() {
            writeln!(
                formatter,
                "badly spread: wanted are at least {LEAST_ALLOWED} % allowed, {LEAST_OTHER} % of each denial, and less than {MOST_OPEN} % cannot tell"
            )?;
        }
        for (name, (count, reason)) in &self.reasons {
            writeln!(formatter, "{count:>6}  {name}: {reason}")?;
        }
        writeln!(
            formatter,
            "{} cases, {} agreed, {} settled differences, {} disagreements",
            self.cases,
            self.agreed,
            self.settled,
            self.disagreements.len()
        )
    }
}
