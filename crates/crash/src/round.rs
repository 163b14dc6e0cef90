//! What happens in one round. The same seed makes the same round.

use crate::database::Kind;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

/// One round.
#[derive(Clone, Debug)]
pub struct Round {
    /// What it is called in reports.
    pub name: String,
    /// Also seeds the children's randomness.
    pub seed: u64,
    /// The database.
    pub kind: Kind,
    /// Lines of the emulator's `[assumptions]`.
    pub assumptions: Vec<String>,
    /// Rules for the emulator's faults.
    pub faults: Vec<Value>,
    /// How the children end, one after the other; one more is left in peace.
    pub ends: Vec<End>,
    /// AWS lets copies fail.
    pub copies_fail: bool,
}

/// How a child ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// By `abort` at the `nth` passing, counted from 1, of a moment of [`MOMENTS`].
    At {
        /// The moment.
        moment: &'static str,
        /// Which passing.
        nth: u32,
    },
    /// By SIGKILL this long after it began to work.
    Killed {
        /// Milliseconds.
        after_ms: u64,
    },
    /// By SIGSTOP this long after it began to work. It wakes when the child after it is through.
    /// Only on PostgreSQL: a SQLite file has one process, and a frozen one keeps the file's lock.
    Frozen {
        /// Milliseconds.
        after_ms: u64,
    },
    /// By SIGSTOP, as [`End::Frozen`], but at the `nth` passing of a moment as [`End::At`].
    FrozenAt {
        /// The moment.
        moment: &'static str,
        /// Which passing.
        nth: u32,
    },
}

/// The moments between two effects, as [`crate::moment::word`] names them.
pub const MOMENTS: [&str; 12] = [
    "intent-due:PutProjectPolicy",
    "intent-stored:PutProjectPolicy",
    "answered:PutProjectPolicy",
    "intent-due:CopyProjectVersion",
    "intent-stored:CopyProjectVersion",
    "answered:CopyProjectVersion",
    "intent-due:DeleteProjectPolicy",
    "intent-stored:DeleteProjectPolicy",
    "answered:DeleteProjectPolicy",
    "look-answered",
    "outcome-due",
    "outcome-stored",
];

const WRITES: [&str; 3] = [
    "PutProjectPolicy",
    "CopyProjectVersion",
    "DeleteProjectPolicy",
];

const EFFECTS: [&str; 6] = [
    "reset_before",
    "reset_after",
    "throttle",
    "internal_error",
    "garbage_body",
    "expired_credentials",
];

/// Codes that AWS may have for a second version of the same name, and that prove for any other call
/// that nothing was done.
const LOOKS_LIKE_REFUSAL: [&str; 2] = [
    "InvalidParameterException",
    "ResourceAlreadyExistsException",
];

/// What AWS has not documented and what matters here: one value of each line is assumed.
const ASSUMPTIONS: [&[&str]; 7] = [
    &[
        "duplicate_version_name = \"ResourceInUseException\"",
        "duplicate_version_name = \"ResourceAlreadyExistsException\"",
        "duplicate_version_name = \"InvalidParameterException\"",
        "duplicate_version_name = \"LimitExceededException\"",
    ],
    &["describe_delay_ms = 0", "describe_delay_ms = 500"],
    &[
        "copy_output_config = \"request\"",
        "copy_output_config = \"source\"",
        "copy_output_config = \"absent\"",
    ],
    &["tags_visible = true", "tags_visible = false"],
    &[
        "policy_conditions = \"accepted\"",
        "policy_conditions = \"refused\"",
    ],
    &[
        "policy_needed = \"at_call\"",
        "policy_needed = \"until_done\"",
    ],
    &["concurrent_copies = 0", "concurrent_copies = 1"],
];

impl Round {
    /// A round of random ends and faults, at most `kills` of the former.
    pub fn random(seed: u64, kind: Kind, kills: u32) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let assumptions: Vec<String> = ASSUMPTIONS
            .iter()
            .filter_map(|values| values.choose(&mut random))
            .map(|line| (*line).to_owned())
            .collect();
        let ends = (0..random.random_range(1..=kills.max(1)))
            .map(|_| end(&mut random, kind))
            .collect();
        let faults = (0..random.random_range(0..4_u32))
            .map(|_| fault(&mut random))
            .collect();
        Self {
            name: format!("seed {seed}"),
            seed,
            kind,
            assumptions,
            faults,
            ends,
            copies_fail: false,
        }
    }

    /// The rounds that end a child once at each moment, lose each kind of answer, and freeze one
    /// once at each moment.
    pub fn matrix(kind: Kind) -> Vec<Self> {
        let at = |moment: &'static str, nth| {
            Self::plain(
                kind,
                format!("{moment} ({nth})"),
                vec![End::At { moment, nth }],
            )
        };
        let mut rounds: Vec<Self> = MOMENTS.iter().map(|moment| at(moment, 1)).collect();
        rounds.extend([at("outcome-due", 3), at("outcome-stored", 4)]);
        if kind == Kind::Postgres {
            rounds.extend(Self::frozen(kind));
        }
        for operation in WRITES {
            for effect in EFFECTS {
                let mut round = Self::plain(kind, format!("{effect} of {operation}"), Vec::new());
                round.faults = vec![rule(operation, 1, effect)];
                rounds.push(round);
            }
        }
        rounds.extend(LOOKS_LIKE_REFUSAL.map(|duplicate| Self::shown_late(kind, duplicate)));
        let mut fails = at("look-answered", 1);
        "copies that fail".clone_into(&mut fails.name);
        fails.copies_fail = true;
        fails.faults = vec![json!({
            "operation": "CopyProjectVersion",
            "times": 0,
            "effect": { "kind": "copy_fails", "message": "The copy failed." },
        })];
        rounds.push(fails);
        rounds
    }

    /// The rounds in which a child sleeps at a moment while another does its work.
    fn frozen(kind: Kind) -> Vec<Self> {
        let sleep = |moment: &'static str| End::FrozenAt { moment, nth: 1 };
        let one = |moment: &&'static str| {
            let name = format!("frozen at {moment}");
            Self::plain(kind, name, vec![sleep(moment)])
        };
        let mut rounds: Vec<Self> = MOMENTS.iter().map(one).collect();
        // AWS has definitely refused the sleeper's copy. It wakes when another has sent the copy
        // again and was ended before it stored that AWS has taken it: what it knows is no longer so.
        let answered = "answered:CopyProjectVersion";
        let mut refused = Self::plain(
            kind,
            "frozen with a refusal".to_owned(),
            vec![
                sleep(answered),
                End::At {
                    moment: answered,
                    nth: 1,
                },
            ],
        );
        refused.faults = vec![rule("CopyProjectVersion", 1, "expired_credentials")];
        refused.assumptions = vec![duplicate("InvalidParameterException")];
        rounds.push(refused);
        rounds
    }

    /// A round in which the answer to the first copy is lost, AWS does not show the copy at first,
    /// and what it says to a second one of the name reads as a definite refusal.
    fn shown_late(kind: Kind, code: &str) -> Self {
        let name = format!("a copy shown late, {code}");
        let mut round = Self::plain(kind, name, Vec::new());
        round.faults = vec![rule("CopyProjectVersion", 1, "reset_after")];
        round.assumptions = vec!["describe_delay_ms = 700".to_owned(), duplicate(code)];
        round
    }

    fn plain(kind: Kind, name: String, ends: Vec<End>) -> Self {
        Self {
            name,
            seed: 1,
            kind,
            assumptions: Vec::new(),
            faults: Vec::new(),
            ends,
            copies_fail: false,
        }
    }
}

fn end(random: &mut StdRng, kind: Kind) -> End {
    match random.random_range(0..10_u32) {
        0..6 => End::At {
            moment: MOMENTS.choose(random).copied().unwrap_or("outcome-due"),
            nth: random.random_range(1..=3),
        },
        6..9 => End::Killed {
            after_ms: random.random_range(0..900),
        },
        _ if kind == Kind::Sqlite => End::Killed {
            after_ms: random.random_range(0..90),
        },
        _ => End::Frozen {
            after_ms: random.random_range(0..900),
        },
    }
}

fn fault(random: &mut StdRng) -> Value {
    let operation = WRITES
        .choose(random)
        .copied()
        .unwrap_or("CopyProjectVersion");
    let effect = EFFECTS.choose(random).copied().unwrap_or("reset_after");
    rule(operation, random.random_range(1..=3), effect)
}

/// The line by which AWS answers like this to a second version of the same name.
fn duplicate(code: &str) -> String {
    format!("duplicate_version_name = \"{code}\"")
}

fn rule(operation: &str, nth: u32, effect: &str) -> Value {
    json!({ "operation": operation, "nth": nth, "times": 1, "effect": { "kind": effect } })
}
