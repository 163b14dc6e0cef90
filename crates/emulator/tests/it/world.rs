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
