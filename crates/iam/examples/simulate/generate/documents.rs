//! Policies and their statements.

use super::conditions;
use super::dice::Dice;
use super::scenario::{OTHER, OWNER, Operation};
use crate::case::{Caller, Case};
use iam::document::{
    ActionClause, PrincipalClause, PrincipalType, Principals, ResourceClause, Values,
};
use iam::{Effect, PolicyDocument, PolicyVersion, Statement};

/// What a document is attached to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Identity,
    Session,
    Resource,
    Trust,
}

pub(super) fn roll(
    dice: &mut Dice,
    case: &Case,
    operation: Operation,
    place: Place,
) -> PolicyDocument {
    let count = dice.weighted(&[(45, 1), (35, 2), (20, 3)]);
    PolicyDocument {
        version: dice.weighted(&[
            (88, Some(PolicyVersion::V2012)),
            (8, Some(PolicyVersion::V2008)),
            (4, None),
        ]),
        id: None,
        statements: (0..count)
            .map(|index| statement(dice, case, operation, place, index))
            .collect(),
    }
}

fn statement(
    dice: &mut Dice,
    case: &Case,
    operation: Operation,
    place: Place,
    index: usize,
) -> Statement {
    // The first statement mostly grants; what denies is mostly about something else.
    let denies = dice.percent(if index == 0 { 8 } else { 26 });
    let (effect, hit) = if denies {
        (Effect::Deny, 78)
    } else {
        (Effect::Allow, 90)
    };
    let principal = matches!(place, Place::Resource | Place::Trust)
        .then(|| principal(dice, case, place, effect, hit));
    Statement {
        sid: dice.percent(30).then(|| format!("Statement{index}")),
        effect,
        principal,
        action: action(dice, operation, hit),
        resource: (place != Place::Trust).then(|| resource(dice, operation, place, hit)),
        condition: conditions::roll(dice, case, operation, if denies { 45 } else { 78 }),
    }
}

fn list(dice: &mut Dice, value: String, beside: &[String]) -> Values {
    let mut values = vec![value];
    while dice.percent(25) && !beside.is_empty() {
        let place = dice.between(0, values.len());
        values.insert(place, dice.pick(beside));
    }
    values.into_iter().collect()
}

fn action(dice: &mut Dice, operation: Operation, hit: u32) -> ActionClause {
    let (service, name) = operation
        .action
        .split_once(':')
        .expect("actions name their service");
    let others = [
        "rekognition:Describe*",
        "s3:GetBucket*",
        "kms:Encrypt",
        "sts:GetFederationToken",
    ]
    .map(str::to_owned);
    if dice.percent(10) {
        let excepted = if dice.percent(hit) {
            dice.pick(&others)
        } else {
            format!("{service}:*")
        };
        return ActionClause::NotAction(list(dice, excepted, &others));
    }
    let value = if dice.percent(hit) {
        let half = dice.between(1, name.len() - 1);
        dice.weighted(&[
            (40, operation.action.to_owned()),
            (15, format!("{service}:*")),
            (10, "*".to_owned()),
            (10, format!("{service}:{}*", &name[..half])),
            (5, format!("{service}:*{}", &name[half..])),
            (5, format!("{service}:?{}", &name[1..])),
            (8, format!("{service}:{}", name.to_ascii_lowercase())),
        ])
    } else {
        dice.pick(&others)
    };
    ActionClause::Action(list(dice, value, &others))
}

fn resource(dice: &mut Dice, operation: Operation, place: Place, hit: u32) -> ResourceClause {
    let others = [
        "arn:aws:rekognition:eu-west-1:111111111111:project/other/*",
        "arn:aws:s3:::other/*",
        "arn:aws:kms:us-east-1:111111111111:key/*",
        "arn:aws:iam::222222222222:role/*",
    ]
    .map(str::to_owned);
    if dice.percent(10) {
        let excepted = if dice.percent(hit) {
            if operation.resource != "*" && dice.percent(15) {
                format!("{}${{aws:PrincipalTag/absent}}", operation.resource)
            } else {
                dice.pick(&others)
            }
        } else {
            operation.resource.to_owned()
        };
        return ResourceClause::NotResource(list(dice, excepted, &others));
    }
    let value = if operation.resource == "*" || !dice.percent(hit) {
        if dice.percent(hit) {
            "*".to_owned()
        } else {
            dice.pick(&others)
        }
    } else {
        covering(dice, operation.resource, place)
    };
    ResourceClause::Resource(list(dice, value, &others))
}

/// A pattern that mostly covers `resource`.
fn covering(dice: &mut Dice, resource: &str, place: Place) -> String {
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    let start = parts[..5].join(":");
    let path = parts[5];
    let name_from = path.find('/').map_or(0, |slash| slash + 1);
    let cut = dice.between(name_from, path.len());
    let incomplete = match place {
        Place::Identity => 4,
        Place::Session => 1,
        Place::Resource | Place::Trust => 0,
    };
    let with =
        |region: &str, account: &str| format!("arn:aws:{}:{region}:{account}:{path}", parts[2]);
    dice.weighted(&[
        (30, resource.to_owned()),
        (18, "*".to_owned()),
        (14, format!("{start}:{}*", &path[..cut])),
        (
            6,
            format!("{start}:{}*{}", &path[..name_from], &path[cut..]),
        ),
        (4, format!("{start}:*")),
        (
            5,
            with(if parts[3].is_empty() { "" } else { "*" }, parts[4]),
        ),
        (
            4,
            with(parts[3], if parts[4].is_empty() { "" } else { "*" }),
        ),
        (4, format!("{start}:{}", path.replacen("v7", "v?", 1))),
        (
            4,
            format!(
                "{start}:{}",
                path.replacen("vision/", "${aws:PrincipalTag/team}/", 1)
            ),
        ),
        (
            3,
            format!(
                "{start}:{}",
                path.replacen("inspector", "${aws:PrincipalTag/absent, 'inspector'}", 1)
            ),
        ),
        (
            2,
            format!(
                "{start}:{}${{aws:PrincipalTag/absent}}*",
                &path[..name_from]
            ),
        ),
        (2, format!("{start}:{}", path.to_ascii_uppercase())),
        (incomplete, format!("arn:aws:{}", parts[2])),
        (incomplete, format!("arn:aws:{}:*", parts[2])),
    ])
}

fn principal(
    dice: &mut Dice,
    case: &Case,
    place: Place,
    effect: Effect,
    hit: u32,
) -> PrincipalClause {
    if effect == Effect::Deny && place == Place::Resource && dice.percent(15) {
        return PrincipalClause::NotPrincipal(excepted(dice, case));
    }
    let others = [
        "arn:aws:iam::222222222222:root",
        "arn:aws:iam::333333333333:role/other",
        "arn:aws:sts::111111111111:assumed-role/customhouse-promoter/other",
        "444444444444",
    ]
    .map(str::to_owned);
    let mut aws =
        |value: String| Principals::Listed(vec![(PrincipalType::Aws, list(dice, value, &others))]);
    let account = case.caller.account();
    let listed = match (&case.caller, account) {
        (Caller::Service(name), _) => {
            Principals::Listed(vec![(PrincipalType::Service, (*name).into())])
        }
        (caller, Some(account)) => {
            let mut choices = vec![
                aws(caller.arn()),
                aws(account.clone()),
                aws(format!("arn:aws:iam::{account}:root")),
                aws("*".to_owned()),
                Principals::Everyone,
            ];
            if let Caller::Session { role, .. } = caller {
                choices.extend([
                    aws(role.to_string()),
                    aws(role.to_string()),
                    aws(role.to_string()),
                ]);
            }
            choices.push(Principals::Listed(vec![
                (PrincipalType::Service, "rekognition.amazonaws.com".into()),
                (PrincipalType::Aws, account.as_str().into()),
            ]));
            dice.pick(&choices)
        }
        (_, None) => Principals::Everyone,
    };
    if dice.percent(hit) {
        return PrincipalClause::Principal(listed);
    }
    let other = dice.pick(&others);
    PrincipalClause::Principal(dice.weighted(&[
        (
            6,
            Principals::Listed(vec![(PrincipalType::Aws, other.as_str().into())]),
        ),
        (
            1,
            Principals::Listed(vec![(PrincipalType::Service, "s3.amazonaws.com".into())]),
        ),
        (
            1,
            Principals::Listed(vec![(
                PrincipalType::Federated,
                "accounts.google.com".into(),
            )]),
        ),
        (1, Principals::Everyone),
    ]))
}

/// Who is excepted from a denial: nobody near, the caller in full, or (rarely) in part.
fn excepted(dice: &mut Dice, case: &Case) -> Principals {
    let account = case.caller.account().unwrap_or_else(|| OWNER.to_owned());
    let mut full = vec![account.clone(), case.caller.arn()];
    if let Caller::Session { role, .. } = &case.caller {
        full.push(role.to_string());
    }
    if matches!(case.caller, Caller::Root(_)) {
        full.truncate(1);
    }
    let nobody = vec![format!(
        "arn:aws:iam::{}:role/other",
        if account == OWNER { OTHER } else { OWNER }
    )];
    let kind = match case.caller {
        Caller::Service(_) => PrincipalType::Service,
        _ => PrincipalType::Aws,
    };
    let names = match case.caller {
        Caller::Service(name) => {
            dice.pick(&[vec![name.to_owned()], vec!["s3.amazonaws.com".to_owned()]])
        }
        _ => dice.weighted(&[(3, nobody), (5, full), (1, vec![account])]),
    };
    Principals::Listed(vec![(kind, names.into_iter().collect())])
}
