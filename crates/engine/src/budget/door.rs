//! A call that AWS refused for lack of a permission is not made again and again.
//!
//! The door of such a call is shut for a while: background work that knocks gets the refusal that
//! AWS gave, marked as not sent. When the time is over one call is let through as a probe; what AWS
//! says to it opens the door or shuts it for twice as long. A door is that of one role, and of one
//! operation on one thing, or of assuming the role at all.

use crate::backoff::between;
use domain::{Millis, Random, RoleArn};
use operations::ports::aws::{AwsError, ErrorClass, Refusal, Withheld};
use std::collections::HashMap;

/// Whether one probe at a time is kept: a caller that goes away never answers.
const PROBE_MS: i64 = 30_000;

/// More refusals than this are not remembered; the oldest are forgotten first.
const MOST: usize = 10_000;

/// Which call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Way {
    pub(super) role: RoleArn,
    /// None for assuming the role.
    pub(super) call: Option<(&'static str, String)>,
}

struct Door {
    refused: AwsError,
    since: Millis,
    pause_ms: i64,
    again_at: Millis,
    probing_until: Option<Millis>,
}

/// All doors that are shut.
pub(super) struct Doors {
    shut: HashMap<Way, Door>,
    shut_ms: i64,
    longest_shut_ms: i64,
}

impl Doors {
    pub(super) fn new(shut_ms: i64, longest_shut_ms: i64) -> Self {
        Self {
            shut: HashMap::new(),
            shut_ms: shut_ms.max(1),
            longest_shut_ms: longest_shut_ms.max(1),
        }
    }

    /// Lets a call through, or gives the refusal that stands in its way.
    pub(super) fn knock(&mut self, way: &Way, now: Millis) -> Result<(), AwsError> {
        let role = Way {
            role: way.role.clone(),
            call: None,
        };
        for way in [&role, way] {
            if let Some(door) = self.shut.get(way)
                && (now < door.again_at || door.probing_until.is_some_and(|until| now < until))
            {
                return Err(withheld(&door.refused));
            }
        }
        for way in [&role, way] {
            if let Some(door) = self.shut.get_mut(way) {
                door.probing_until = Some(now.plus(PROBE_MS));
            }
        }
        Ok(())
    }

    /// Takes in what AWS said to a call.
    pub(super) fn told(
        &mut self,
        way: &Way,
        error: Option<&AwsError>,
        now: Millis,
        random: &dyn Random,
    ) {
        let role = Way {
            role: way.role.clone(),
            call: None,
        };
        match error {
            None => {
                self.shut.remove(&role);
                self.shut.remove(way);
            }
            Some(error) if error.call.operation == "AssumeRole" => {
                if is_refusal(error) {
                    self.shut(role, error, now, random);
                } else {
                    self.undecided(&role, now);
                    self.undecided(way, now);
                }
            }
            Some(error) => {
                // AWS was asked, so there was a session.
                match error.class {
                    ErrorClass::Refused(_) => {
                        self.shut.remove(&role);
                    }
                    ErrorClass::Ambiguous | ErrorClass::NotSent => self.undecided(&role, now),
                }
                if is_refusal(error) {
                    self.shut(way.clone(), error, now, random);
                } else if matches!(error.class, ErrorClass::Refused(_)) {
                    self.shut.remove(way);
                } else {
                    self.undecided(way, now);
                }
            }
        }
    }

    /// What is withheld from AWS at present because it was refused, for the roles of one account.
    pub(super) fn list(&self, of: impl Fn(&RoleArn) -> bool) -> Vec<Withheld> {
        let ours = self.shut.iter().filter(|(way, _)| of(&way.role));
        let mut list: Vec<_> = ours
            .map(|(way, door)| Withheld {
                role: way.role.clone(),
                operation: way.call.as_ref().map_or("AssumeRole", |(name, _)| name),
                resource: way.call.as_ref().map(|(_, resource)| resource.clone()),
                code: door.refused.code.clone(),
                message: door.refused.message.clone(),
                since: door.since,
                again_at: door.again_at,
            })
            .collect();
        list.sort_by(|a, b| (a.since, a.operation).cmp(&(b.since, b.operation)));
        list
    }

    fn shut(&mut self, way: Way, error: &AwsError, now: Millis, random: &dyn Random) {
        if self.shut.len() >= MOST && !self.shut.contains_key(&way) {
            let oldest = self.shut.iter().min_by_key(|(_, door)| door.again_at);
            if let Some(oldest) = oldest.map(|(way, _)| way.clone()) {
                self.shut.remove(&oldest);
            }
        }
        let before = self.shut.get(&way);
        let pause_ms = before
            .map_or(self.shut_ms, |door| door.pause_ms.saturating_mul(2))
            .min(self.longest_shut_ms);
        let since = before.map_or(now, |door| door.since);
        let door = Door {
            refused: error.clone(),
            since,
            pause_ms,
            again_at: now.plus(between(pause_ms / 2, pause_ms, random)),
            probing_until: None,
        };
        self.shut.insert(way, door);
    }

    /// The probe brought no clear answer: the next one may try after the same pause.
    fn undecided(&mut self, way: &Way, now: Millis) {
        if let Some(door) = self.shut.get_mut(way)
            && door.probing_until.take().is_some()
        {
            door.again_at = now.plus(door.pause_ms);
        }
    }
}

fn is_refusal(error: &AwsError) -> bool {
    matches!(
        error.class,
        ErrorClass::Refused(Refusal::Access | Refusal::Expired)
    )
}

/// AWS's refusal for a call that was not sent because of it.
fn withheld(refused: &AwsError) -> AwsError {
    AwsError {
        class: ErrorClass::NotSent,
        ..refused.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use operations::ports::aws::Call;
    use proptest::prelude::*;

    struct Half;
    impl Random for Half {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    fn error(operation: &'static str, class: ErrorClass) -> AwsError {
        AwsError {
            call: Call {
                operation,
                at: Millis::new(0),
                took_ms: 1,
                request_id: None,
            },
            class,
            code: Some("AccessDeniedException".to_owned()),
            message: "not authorized".to_owned(),
        }
    }

    fn way(name: &str, project: &str) -> Way {
        Way {
            role: format!("arn:aws:iam::111111111111:role/{name}")
                .parse()
                .expect("a role"),
            call: Some(("DescribeProjectVersions", project.to_owned())),
        }
    }

    const DENIED: ErrorClass = ErrorClass::Refused(Refusal::Access);

    #[test]
    fn a_refused_call_waits_is_probed_once_and_opens_by_itself() {
        let mut doors = Doors::new(10_000, 40_000);
        let (here, there) = (way("reader", "a"), way("reader", "b"));
        let denied = error("DescribeProjectVersions", DENIED);
        let mut now = Millis::new(0);
        doors.told(&here, Some(&denied), now, &Half);
        for pause_ms in [5_000, 10_000, 20_000, 20_000] {
            let shut = doors.knock(&here, now.plus(pause_ms - 1)).unwrap_err();
            assert_eq!(shut.class, ErrorClass::NotSent);
            assert_eq!(shut.code.as_deref(), Some("AccessDeniedException"));
            assert!(doors.knock(&there, now).is_ok(), "another project");
            now = now.plus(pause_ms);
            assert!(doors.knock(&here, now).is_ok(), "the probe");
            assert!(doors.knock(&here, now).is_err(), "one at a time");
            doors.told(&here, Some(&denied), now, &Half);
        }
        assert_eq!(doors.list(|_| true).len(), 1);
        now = now.plus(20_000);
        assert!(doors.knock(&here, now).is_ok());
        doors.told(&here, None, now, &Half);
        assert!(doors.knock(&here, now).is_ok());
        assert!(doors.list(|_| true).is_empty());
    }

    #[test]
    fn a_role_that_cannot_be_assumed_shuts_all_its_calls_and_no_other_roles() {
        let mut doors = Doors::new(10_000, 40_000);
        let now = Millis::new(0);
        let refused = error("AssumeRole", DENIED);
        doors.told(&way("reader", "a"), Some(&refused), now, &Half);
        assert!(doors.knock(&way("reader", "b"), now).is_err());
        assert!(doors.knock(&way("promoter", "b"), now).is_ok());
        // A person tests the role: it works again.
        let assumed = Way {
            call: None,
            ..way("reader", "a")
        };
        doors.told(&assumed, None, now, &Half);
        assert!(doors.knock(&way("reader", "b"), now).is_ok());
    }

    #[test]
    fn other_errors_shut_nothing() {
        let mut doors = Doors::new(10_000, 40_000);
        let now = Millis::new(0);
        for class in [
            ErrorClass::Ambiguous,
            ErrorClass::NotSent,
            ErrorClass::Refused(Refusal::NotFound),
            ErrorClass::Refused(Refusal::Throughput),
        ] {
            let error = error("DescribeProjectVersions", class);
            doors.told(&way("reader", "a"), Some(&error), now, &Half);
            assert!(doors.knock(&way("reader", "a"), now).is_ok(), "{class:?}");
        }
    }

    proptest! {
        /// However calls go, a shut door lets a probe through within the longest pause and the time
        /// that a probe may take.
        #[test]
        fn it_never_stays_shut(
            acts in proptest::collection::vec((0_u8..4, 0_i64..50_000), 0..40),
        ) {
            let mut doors = Doors::new(10_000, 40_000);
            let here = way("reader", "a");
            let mut now = Millis::new(0);
            for (act, pause_ms) in acts {
                now = now.plus(pause_ms);
                if doors.knock(&here, now).is_err() {
                    continue;
                }
                let error = match act {
                    0 => None,
                    1 => Some(error("DescribeProjectVersions", DENIED)),
                    2 => Some(error("DescribeProjectVersions", ErrorClass::Ambiguous)),
                    // The caller goes away.
                    _ => continue,
                };
                doors.told(&here, error.as_ref(), now, &Half);
            }
            prop_assert!(doors.knock(&here, now.plus(40_000 + PROBE_MS)).is_ok());
        }
    }
}
