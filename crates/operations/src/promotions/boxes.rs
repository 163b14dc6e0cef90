//! The plan as people read it: numbered boxes, in the order in which they are signed for.

use domain::plan::{PolicyChange, Verification};
use domain::tags::{PLAN_TAG, PROPOSAL_TAG};
use domain::{Plan, PolicyChangePlan, PromotionPlan, Rule};
use serde::Serialize;

/// One box of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanBox {
    /// Its number, from 1.
    pub number: u8,
    /// What it is about.
    pub title: &'static str,
    /// What it says.
    pub lines: Vec<PlanLine>,
}

/// One line of a box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlanLine {
    /// What the value is.
    pub label: &'static str,
    /// The value exactly as it will be used.
    pub value: String,
}

/// The boxes of a plan: nine for a promotion, four for a change of a project policy.
pub(super) fn of(plan: &Plan, rule: &Rule) -> Vec<PlanBox> {
    let boxes = match plan {
        Plan::Promotion(plan) => promotion(plan, rule),
        Plan::PolicyChange(plan) => policy_change(plan, rule),
    };
    let numbered = (1..).zip(boxes);
    numbered
        .map(|(number, (title, lines))| PlanBox {
            number,
            title,
            lines,
        })
        .collect()
}

type Titled = (&'static str, Vec<PlanLine>);

fn line(label: &'static str, value: &(impl ToString + ?Sized)) -> PlanLine {
    PlanLine {
        label,
        value: value.to_string(),
    }
}

fn promotion(plan: &PromotionPlan, rule: &Rule) -> Vec<Titled> {
    let mut tags: Vec<_> = plan
        .tags
        .iter()
        .map(|(key, value)| line("Tag", &format!("{key} = {value}")))
        .collect();
    tags.push(line(
        "Added now",
        &format!("{PROPOSAL_TAG} = {}", plan.proposal),
    ));
    tags.push(line(
        "Added at the call",
        &format!("{PLAN_TAG} = the digest of this plan"),
    ));
    let key = match &plan.kms_key {
        Some(key) => key.to_string(),
        None => "a key that AWS owns".to_owned(),
    };
    let same_account = plan.source_project.account() == plan.destination_project.account();
    let verification = match plan.verification {
        Verification::ReadBack => {
            "Read back. Status and source must match; output, key, tags and evaluation are reported."
        }
    };
    vec![
        (
            "Source",
            vec![
                line("Version", &plan.source_version),
                line("Project", &plan.source_project),
            ],
        ),
        (
            "Destination project",
            vec![line("Project", &plan.destination_project)],
        ),
        ("Version name", vec![line("Name", &plan.version_name)]),
        ("Tags", tags),
        (
            "Output",
            vec![
                line("Bucket", &plan.output.bucket),
                line("Prefix", &plan.output.prefix),
            ],
        ),
        ("KMS key", vec![line("Key", &key)]),
        (
            "Grant and roles",
            vec![
                line("May copy", &plan.grant.principal),
                line("Exactly", &plan.grant.resource),
                line(
                    "Until",
                    &format!(
                        "{}, where AWS takes conditions in project policies; else until it is removed",
                        plan.grant.ends
                    ),
                ),
                line("Statement", &plan.grant.sid),
                line("Granted and removed by", &plan.grantor),
                line(
                    "Put",
                    if same_account {
                        "not at all: both projects are in one account"
                    } else {
                        "unless a standing policy already allows the copy; removed after the copy"
                    },
                ),
            ],
        ),
        ("Verification", vec![line("How", verification)]),
        ("Rule and run-before", rule_lines(rule, plan.run_before)),
    ]
}

fn policy_change(plan: &PolicyChangePlan, rule: &Rule) -> Vec<Titled> {
    let change = match &plan.change {
        PolicyChange::Attach { document } => vec![
            line("Attach", &plan.policy),
            line("Document", document),
            line("Characters", &document.chars().count()),
        ],
        PolicyChange::Remove { document } => vec![
            line("Remove", &plan.policy),
            line("Only if its document is still", document),
        ],
    };
    vec![
        ("Project", vec![line("Project", &plan.project)]),
        ("Change", change),
        ("Role", vec![line("Changed by", &plan.grantor)]),
        ("Rule and run-before", rule_lines(rule, plan.run_before)),
    ]
}

fn rule_lines(rule: &Rule, run_before: domain::Millis) -> Vec<PlanLine> {
    let approvals = match rule.approvals {
        0 => "none: the rule approves by itself".to_owned(),
        1 => "1 person".to_owned(),
        count => format!("{count} people"),
    };
    let reference = &rule.reference;
    vec![
        line(
            "Rule",
            &format!("{}, version {}", reference.environment, reference.version),
        ),
        line("Approvals", &approvals),
        line("Not run after", &run_before),
    ]
}
