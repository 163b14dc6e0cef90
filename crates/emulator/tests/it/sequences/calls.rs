//! The calls that sequences are made of.

use super::rig::USERS;
use proptest::prelude::*;
use proptest::sample::select;

/// A project by account and name; it need not be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub(super) account: usize,
    pub(super) project: &'static str,
}

/// Which revision id is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Revision {
    None,
    Current,
    Stale,
}

/// What a project policy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grant {
    pub(super) allow: bool,
    /// A user, or with `whole_account` everybody in its account.
    pub(super) user: usize,
    pub(super) whole_account: bool,
    /// The version that it is about; every version when `None`.
    pub(super) version: Option<&'static str>,
}

/// One step of a sequence. The first number is the user that calls.
#[derive(Clone, Debug)]
pub(super) enum Call {
    CreateProject(usize, &'static str),
    DescribeProjects(usize),
    DescribeVersions(usize, At),
    Copy {
        user: usize,
        from: At,
        version: &'static str,
        into: At,
        name: &'static str,
    },
    DeleteVersion(usize, At, &'static str),
    PutPolicy(usize, At, &'static str, Grant, Revision),
    ListPolicies(usize, At),
    DeletePolicy(usize, At, &'static str, Revision),
    Tag(usize, At, Option<&'static str>),
    Untag(usize, At, Option<&'static str>),
    ListTags(usize, At, Option<&'static str>),
    /// Seconds.
    Advance(u32),
}

const PROJECTS: &[&str] = &[
    "seeded", "seeded", "seeded", "seeded", "seeded", "seeded", "one", "two", "three",
];

/// Versions that are named as something that is there; not all of them always are.
const THERE: &[&str] = &[
    "trained", "trained", "trained", "stopped", "stopped", "running", "failed", "gone", "v1", "v1",
];

/// Versions to delete.
const UNWANTED: &[&str] = &[
    "trained", "v1", "v1", "v2", "v3", "running", "failed", "gone",
];

/// Names for copies; one is always taken at first.
const NEW: &[&str] = &["v1", "v1", "v2", "v3", "v4", "trained"];

/// Those that may do everything call more often.
fn user() -> impl Strategy<Value = usize> {
    select(vec![0, 0, 0, 1, 2, 2, 2, 3])
}

/// A user and a project, which in most cases is in the user's own account.
fn user_and_project(own: f64) -> impl Strategy<Value = (usize, At)> {
    (user(), select(PROJECTS), prop::bool::weighted(own)).prop_map(|(user, project, own)| {
        let account = if own { user / 2 } else { 1 - user / 2 };
        (user, At { account, project })
    })
}

/// Almost always in the user's own account.
fn near() -> impl Strategy<Value = (usize, At)> {
    user_and_project(0.9)
}

fn version() -> impl Strategy<Value = &'static str> {
    select(THERE)
}

fn revision() -> impl Strategy<Value = Revision> {
    select(vec![
        Revision::None,
        Revision::None,
        Revision::None,
        Revision::Current,
        Revision::Stale,
    ])
}

fn grant() -> impl Strategy<Value = Grant> {
    let version = prop::option::of(version());
    (prop::bool::weighted(0.8), 0..USERS, any::<bool>(), version).prop_map(
        |(allow, user, whole_account, version)| Grant {
            allow,
            user,
            whole_account,
            version,
        },
    )
}

fn call() -> impl Strategy<Value = Call> {
    let policy = || select(vec!["a", "b", "c"]);
    let copy = (near(), user_and_project(0.6), version(), select(NEW));
    let copy = copy.prop_map(|((user, into), (near, from), version, name)| {
        // As far from the caller as from the user that it was drawn for.
        let account = if from.account == near / 2 {
            user / 2
        } else {
            1 - user / 2
        };
        let from = At { account, ..from };
        Call::Copy {
            user,
            from,
            version,
            into,
            name,
        }
    });
    let tagged = || (near(), prop::option::of(version()));
    prop_oneof![
        2 => (user(), select(PROJECTS)).prop_map(|(user, name)| Call::CreateProject(user, name)),
        1 => user().prop_map(Call::DescribeProjects),
        1 => near().prop_map(|(user, at)| Call::DescribeVersions(user, at)),
        10 => copy,
        3 => (near(), select(UNWANTED)).prop_map(|((user, at), name)| Call::DeleteVersion(user, at, name)),
        6 => (near(), policy(), grant(), revision()).prop_map(
            |((user, at), name, grant, revision)| Call::PutPolicy(user, at, name, grant, revision)
        ),
        1 => near().prop_map(|(user, at)| Call::ListPolicies(user, at)),
        2 => (near(), policy(), revision()).prop_map(
            |((user, at), name, revision)| Call::DeletePolicy(user, at, name, revision)
        ),
        1 => tagged().prop_map(|((user, at), name)| Call::Tag(user, at, name)),
        1 => tagged().prop_map(|((user, at), name)| Call::Untag(user, at, name)),
        1 => tagged().prop_map(|((user, at), name)| Call::ListTags(user, at, name)),
        9 => (1..8_u32).prop_map(Call::Advance),
    ]
}

/// A version that is deleted while it is being copied, in an account whose user may do both.
fn race() -> impl Strategy<Value = Vec<Call>> {
    (0..2_usize, version(), select(NEW), 1..14_u32).prop_map(|(account, version, name, seconds)| {
        let user = account * 2;
        let at = At {
            account,
            project: "seeded",
        };
        let copy = Call::Copy {
            user,
            from: at,
            version,
            into: at,
            name,
        };
        vec![
            copy,
            Call::DeleteVersion(user, at, version),
            Call::Advance(seconds),
        ]
    })
}

/// A policy for somebody and a copy into the other account.
fn granted() -> impl Strategy<Value = Vec<Call>> {
    let drawn = (0..2_usize, grant(), version(), select(NEW), any::<bool>());
    drawn.prop_map(|(account, grant, version, name, limited)| {
        let at = |account| At {
            account,
            project: "seeded",
        };
        let put = Call::PutPolicy(account * 2, at(account), "a", grant, Revision::None);
        let copy = Call::Copy {
            user: (1 - account) * 2 + usize::from(limited),
            from: at(account),
            version,
            into: at(1 - account),
            name,
        };
        vec![put, copy]
    })
}

/// Sequences of up to 60 steps.
pub(super) fn calls() -> impl Strategy<Value = Vec<Call>> {
    let step = prop_oneof![
        12 => call().prop_map(|call| vec![call]),
        1 => race(),
        1 => granted(),
    ];
    prop::collection::vec(step, 1..60).prop_map(|steps| steps.concat())
}
