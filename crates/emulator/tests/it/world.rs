//! World files: what they may say, and where an error points.

use crate::support::demo;
use emulator::World;

fn problem(text: &str) -> String {
    World::parse(text)
        .err()
        .expect("the world is wrong")
        .to_string()
}

#[test]
fn the_demo_and_an_empty_world_are_worlds() {
    World::parse(&demo()).unwrap();
    World::parse("").unwrap();
}

#[test]
fn an_error_names_line_and_key() {
    let cases = [
        ("copy_secs = 1", 1, "copy_secs"),
        ("\nquota_tps = -1", 2, "quota_tps"),
        ("copy_seconds = -1.0", 1, "copy_seconds"),
        ("[assumptions]\nunknown = 1", 2, "unknown"),
        (
            "[assumptions]\n\ncopied_details = \"some\"",
            3,
            "copied_details",
        ),
        (
            "[assumptions]\nname_reusable_after_delete = false",
            2,
            "name_reusable_after_delete",
        ),
        ("[quotas]\nprojects = 5", 2, "projects"),
        ("delete_seconds = 9.0", 1, "delete_seconds"),
        ("[[account]]\nid = \"12\"", 2, "id"),
        (
            "[[account]]\nid = \"111111111111\"\n[[account]]\nid = \"111111111111\"",
            4,
            "account[1].id",
        ),
        (
            "[[account]]\nid = \"111111111111\"\n[[account.role]]\nname = \"r\"\ntrust_policy = '{'",
            5,
            "trust_policy",
        ),
        (
            "[[account]]\nid = \"111111111111\"\n[[account.bucket]]\nname = \"abc\"\nregion = \"eu\"\n\
             [[account.bucket]]\nname = \"abc\"\nregion = \"eu\"",
            6,
            "bucket",
        ),
        (
            "[[account]]\nid = \"111111111111\"\n[[account.project]]\nregion = \"eu\"\nname = \"p\"\n\
             created_ms = 1\n[[account.project.version]]\nname = \"v\"\ncreated_ms = 1\nstatus = \"DONE\"",
            10,
            "status",
        ),
    ];
    for (text, line, key) in cases {
        let problem = problem(text);
        assert!(
            problem.contains(&format!("line {line}")),
            "{text}\n→ {problem}"
        );
        assert!(problem.contains(key), "{text}\n→ {problem}");
    }
}

#[test]
fn every_assumption_of_the_contract_is_read() {
    World::parse(
        r#"
copy_seconds = 8.0
delete_seconds = 2.0
quota_tps = 5
[quotas]
projects = 100
models_per_project = 100
policies_per_project = 5
[assumptions]
duplicate_version_name = "ResourceInUseException"
name_reusable_after_delete = true
describe_delay_ms = 0
chained_copy_names = "source"
copy_output_config = "request"
tags_visible = true
policy_needed = "at_call"
policy_conditions = "accepted"
late_s3_uses_callers_session = false
uncopyable_source = "InvalidParameterException"
sixth_policy = "LimitExceededException"
put_without_revision = "ResourceAlreadyExistsException"
policy_resource_star = "accepted"
policy_principals_beyond_one_role = "accepted"
policy_effect_upper_case = "refused"
shape_violation = "InvalidParameterException"
concurrent_copies = 0
source_key_rights_needed = false
s3_kms_checked = "at_call"
copied_details = "carried"
copy_identity_projects = "both"
tags_need_tag_resource = false
"#,
    )
    .unwrap();
}
