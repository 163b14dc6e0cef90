//! World files: what they may say, and where an error points.

use crate::support::{DEV, demo, start_world};
use emulator::World;
use serde_json::{Value, json};

fn problem(text: &str) -> String {
    World::parse(text)
        .err()
        .unwrap_or_else(|| panic!("this is no world:\n{text}"))
        .in_file("world.toml")
        .to_string()
}

#[test]
fn the_demo_and_an_empty_world_are_worlds() {
    World::parse(&demo()).unwrap();
    World::parse("").unwrap();
    World::parse("account = [{ id = \"111111111111\" }]").unwrap();
}

/// An account that is right, to be continued on line 9.
const ACCOUNT: &str = "quota_tps = 5
[[account]]
id = \"111111111111\"
[[account.project]]
region = \"eu-west-1\"
name = \"inspector\"
created_ms = 1656565123456

";

/// What follows [`ACCOUNT`], the line and the key that the error names, and a part of its text.
const BROKEN_ACCOUNTS: &[(&str, usize, &str, &str)] = &[
    (
        "[[account.user]]\nname = \"u\"\naccess_key_id = \"lower case\"\nsecret_access_key = \"0123456789abcdef\"",
        11,
        "account[111111111111].user[u].access_key_id",
        "upper-case letters",
    ),
    (
        "[[account.user]]\nname = \"u\"\naccess_key_id = \"AAAAAAAAAAAAAAAA\"\nsecret_access_key = \"short\"",
        12,
        "account[111111111111].user[u].secret_access_key",
        "16 to 128",
    ),
    (
        "[[account.user]]\nname = \"a b\"",
        10,
        "account[111111111111].user[a b].name",
        "letters, digits",
    ),
    (
        "[[account.user]]\nname = \"u\"\nsecret_access_key = \"0123456789abcdef\"",
        9,
        "account[111111111111].user[u]",
        "access_key_id",
    ),
    (
        "[[account.role]]\nname = \"r\"\ntrust_policy = '''\n{\n'''",
        11,
        "account[111111111111].role[r].trust_policy",
        "at line 2",
    ),
    (
        "[[account.role]]\nname = \"r\"\ntrust_policy = '{\"Statement\":[{\"Effect\":\"ALLOW\",\"Action\":\"*\"}]}'",
        11,
        "account[111111111111].role[r].trust_policy",
        "$.Statement[0].Effect",
    ),
    (
        "[[account.role]]\nname = \"r\"\ntrust_policy = '{\"Statement\":[]}'\nmax_session_seconds = 60",
        12,
        "account[111111111111].role[r].max_session_seconds",
        "3600 to 43200",
    ),
    (
        "[[account.role]]\nname = \"r\"\ntrust_policy = '{\"Statement\":[]}'\npath = \"team\"",
        12,
        "account[111111111111].role[r].path",
        "begins and ends with /",
    ),
    (
        "[[account.role]]\nname = \"r\"\ntrust_policy = '{\"Statement\":[]}'\npath = \"///\"",
        12,
        "account[111111111111].role[r].path",
        "names of letters, digits",
    ),
    (
        "[[account.role]]\nname = \"r\"\ntrust_policy = '{\"Statement\":[]}'\npath = \"/te*m/\"",
        12,
        "account[111111111111].role[r].path",
        "names of letters, digits",
    ),
    (
        "[[account.role]]\nname = \"r\"\ntrust_policy = '{\"Statement\":[]}'\npolicies = []",
        12,
        "account[111111111111].role[r].policies",
        "unknown field",
    ),
    (
        "[[account.role]]\nname = \"r\"\ntrust_policy = '{\"Statement\":[]}'\n[[account.role]]\nname = \"R\"\ntrust_policy = '{\"Statement\":[]}'",
        13,
        "account[111111111111].role[R].name",
        "stands twice",
    ),
    (
        "[[account.bucket]]\nname = \"No\"\nregion = \"eu-west-1\"",
        10,
        "account[111111111111].bucket[No].name",
        "lower-case",
    ),
    (
        "[[account.bucket]]\nname = \"abc\"\nregion = \"Europe\"",
        11,
        "account[111111111111].bucket[abc].region",
        "Region",
    ),
    (
        "[[account.bucket]]\nname = \"abc\"\nregion = \"eu-west-1\"\n[[account.bucket]]\nname = \"abc\"\nregion = \"eu-west-1\"",
        13,
        "account[111111111111].bucket[abc].name",
        "belongs to account",
    ),
    (
        "[[account.key]]\nid = \"k/1\"\nregion = \"eu-west-1\"",
        10,
        "account[111111111111].key[eu-west-1/k/1].id",
        "key id",
    ),
    (
        "[[account.key]]\nid = \"k\"\nregion = \"eu-west-1\"\nenabled = \"yes\"",
        12,
        "account[111111111111].key[eu-west-1/k].enabled",
        "boolean",
    ),
    (
        "[[account.key]]\nid = \"k\"\nregion = \"eu-west-1\"\naliases = [\"models\"]",
        12,
        "account[111111111111].key[eu-west-1/k].aliases[0]",
        "alias/",
    ),
    (
        "[[account.project]]\nregion = \"eu-west-1\"\nname = \"inspector\"\ncreated_ms = 1656565123457",
        11,
        "account[111111111111].project[eu-west-1/inspector].name",
        "stands twice",
    ),
    (
        "[[account.project]]\nregion = \"eu-west-1\"\nname = \"p\"\ncreated_ms = -1",
        12,
        "account[111111111111].project[eu-west-1/p].created_ms",
        "-1",
    ),
    (
        "policies = [{ name = \"p\", document = '[]' }]",
        9,
        "account[111111111111].project[eu-west-1/inspector].policies[p].document",
        "not a policy",
    ),
    (
        "policies = [{ name = \"p\", document = '{\"Statement\":[]}' }, { name = \"p\", document = '{\"Statement\":[]}' }]",
        9,
        "account[111111111111].project[eu-west-1/inspector].policies[p].name",
        "stands twice",
    ),
    (
        "[[account.project.version]]\nname = \"v\"\ncreated_ms = 1656565123456\nstatus = \"DONE\"",
        12,
        "account[111111111111].project[eu-west-1/inspector].version[v].status",
        "DONE",
    ),
    (
        "[[account.project.version]]\nname = \"v\"\ncreated_ms = 1656565123456\nstatus = \"RUNNING\"\nsource_version_arn = \"arn:aws:rekognition:eu-west-1:1:project/p/1\"",
        13,
        "account[111111111111].project[eu-west-1/inspector].version[v].source_version_arn",
        "ARN of a model version",
    ),
    (
        "[[account.project.version]]\nname = \"v\"\ncreated_ms = 1656565123456\nstatus = \"RUNNING\"\nkms_key = \"a key\"",
        13,
        "account[111111111111].project[eu-west-1/inspector].version[v].kms_key",
        "an id, an ARN",
    ),
    (
        "[[account.project.version]]\nname = \"v\"\ncreated_ms = 1656565123456\nstatus = \"RUNNING\"\nf1 = \"high\"",
        13,
        "account[111111111111].project[eu-west-1/inspector].version[v].f1",
        "string",
    ),
    (
        "[[account.project.version]]\nname = \"v\"\ncreated_ms = 1656565123456\nstatus = \"RUNNING\"\nlabels = [{ name = \"dent\", precision = 1.0 }]",
        13,
        "account[111111111111].project[eu-west-1/inspector].version[v].labels[dent]",
        "recall",
    ),
    (
        "[[account.project.version]]\nname = \"v\"\ncreated_ms = 1656565123456\nstatus = \"RUNNING\"\n[[account.project.version]]\nname = \"v\"\ncreated_ms = 1656565123457\nstatus = \"RUNNING\"",
        14,
        "account[111111111111].project[eu-west-1/inspector].version[v].name",
        "stands twice",
    ),
    (
        "[[account.bucket]]\nname = \"abc\"\nregion = \"eu-wset-1\"",
        11,
        "account[111111111111].bucket[abc].region",
        "eu-wset-1 is no Region",
    ),
    (
        "[[account.key]]\nid = \"k\"\nregion = \"cn-north-1\"",
        11,
        "account[111111111111].key[cn-north-1/k].region",
        "partition aws",
    ),
    (
        "[[account.project]]\nregion = \"eu-north-1\"\nname = \"p\"\ncreated_ms = 1656565123456",
        10,
        "account[111111111111].project[eu-north-1/p].region",
        "exists in ap-northeast-1, ",
    ),
    (
        "[[account.project]]\nregion = \"eu-west-1\"\nname = \"p\"\ncreated_ms = 1656565123",
        12,
        "account[111111111111].project[eu-west-1/p].created_ms",
        "may be seconds",
    ),
    (
        "[[account.project.version]]\nname = \"v\"\ncreated_ms = 1656611123\nstatus = \"RUNNING\"",
        11,
        "account[111111111111].project[eu-west-1/inspector].version[v].created_ms",
        "may be seconds",
    ),
    (
        "[[account.project.version]]\nname = \"v\"\ncreated_ms = 1656611123456\nstatus = \"RUNNING\"\nf1 = 1.5",
        13,
        "account[111111111111].project[eu-west-1/inspector].version[v].f1",
        "from 0 to 1",
    ),
    (
        "[[account.project.version]]\nname = \"v\"\ncreated_ms = 1656611123456\nstatus = \"RUNNING\"\nf1 = nan",
        13,
        "account[111111111111].project[eu-west-1/inspector].version[v].f1",
        "from 0 to 1",
    ),
    (
        "[[account.project.version]]\nname = \"v\"\ncreated_ms = 1656611123456\nstatus = \"RUNNING\"\nlabels = [{ name = \"dent\", precision = 93.1, recall = 0.5, f1 = 0.5, threshold = 0.5 }]",
        13,
        "account[111111111111].project[eu-west-1/inspector].version[v].labels[dent].precision",
        "from 0 to 1",
    ),
    (
        "[[account.project.version]]\nname = \"v\"\ncreated_ms = 1656611123456\nstatus = \"RUNNING\"\nlabels = [{ name = \"dent\", precision = 0.5, recall = -0.1, f1 = 0.5, threshold = 0.5 }]",
        13,
        "account[111111111111].project[eu-west-1/inspector].version[v].labels[dent].recall",
        "from 0 to 1",
    ),
    (
        "[[account.project.version]]\nname = \"v\"\ncreated_ms = 1656611123456\nstatus = \"RUNNING\"\nlabels = [{ name = \"dent\", precision = 0.5, recall = 0.5, f1 = 93.1, threshold = 0.5 }]",
        13,
        "account[111111111111].project[eu-west-1/inspector].version[v].labels[dent].f1",
        "from 0 to 1",
    ),
    (
        "[[account.project.version]]\nname = \"v\"\ncreated_ms = 1656611123456\nstatus = \"RUNNING\"\nlabels = [{ name = \"dent\", precision = 0.5, recall = 0.5, f1 = 0.5, threshold = -0.1 }]",
        13,
        "account[111111111111].project[eu-west-1/inspector].version[v].labels[dent].threshold",
        "from 0 to 1",
    ),
    (
        "[[account.project.version]]\nname = \"v\"\ncreated_ms = 1656611123456\nstatus = \"RUNNING\"\noutput = { bucket = \"nobodys\" }",
        13,
        "account[111111111111].project[eu-west-1/inspector].version[v].output",
        "no account has the bucket \"nobodys\"",
    ),
    (
        "[[account.role]]\nname = \"r\"\ntrust_policy = '{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:user/gone\"}}]}'",
        11,
        "account[111111111111].role[r].trust_policy",
        "MalformedPolicyDocument",
    ),
    (
        "[[account]]\nid = \"111111111111\"",
        10,
        "account[111111111111].id",
        "stands twice",
    ),
    (
        "[[account]]\nid = 222222222222",
        10,
        "account[0].id",
        "string",
    ),
    ("[[account]]\nid = \"12\"", 10, "account[12].id", "12"),
    ("[[account]]\nalias = \"x\"", 9, "account[0]", "id"),
    ("[quota]\nprojects = 1", 9, "quota", "unknown field"),
    (
        "[quotas]\nprojects = \"many\"",
        10,
        "quotas.projects",
        "string",
    ),
];

/// Whole files: the line, the key and a part of the text.
const BROKEN_FILES: &[(&str, usize, &str, &str)] = &[
    ("copy_secs = 1", 1, "copy_secs", "unknown field"),
    ("\nquota_tps = -1", 2, "quota_tps", "-1"),
    ("copy_seconds = -1.0", 1, "copy_seconds", "0 to 1000000000"),
    (
        "[assumptions]\nunknown = 1",
        2,
        "assumptions.unknown",
        "unknown field",
    ),
    (
        "[assumptions]\n\ncopied_details = \"some\"",
        3,
        "assumptions.copied_details",
        "`carried` or `blank`",
    ),
    ("[account]\nid = \"111111111111\"", 1, "account", "sequence"),
    (
        "account = [{ id = \"111111111111\" },\n{ id = \"111111111111\" }]",
        2,
        "account[111111111111].id",
        "stands twice",
    ),
];

#[test]
fn an_error_names_file_line_and_key() {
    let accounts = BROKEN_ACCOUNTS
        .iter()
        .map(|(rest, line, key, part)| (format!("{ACCOUNT}{rest}"), *line, *key, *part));
    let files = BROKEN_FILES
        .iter()
        .map(|(text, line, key, part)| ((*text).to_owned(), *line, *key, *part));
    for (text, line, key, part) in accounts.chain(files) {
        let problem = problem(&text);
        assert!(
            problem.starts_with(&format!("world.toml:{line}: {key}: ")),
            "{text}\n→ {problem}\n→ wanted line {line}, {key}"
        );
        assert!(problem.contains(part), "{text}\n→ {problem}");
    }
}

/// A role of account 1 that trusts `principal`, and account 2 with a user and a role.
fn trusting(principal: &str) -> String {
    format!(
        "[[account]]\nid = \"111111111111\"\n[[account.role]]\nname = \"r\"\ntrust_policy = \
         '{{\"Statement\":[{{\"Effect\":\"Allow\",\"Action\":\"sts:AssumeRole\",\
         \"Principal\":{{\"AWS\":[\"111111111111\",\"{principal}\"]}}}}]}}'\n\
         [[account]]\nid = \"222222222222\"\n[[account.user]]\nname = \"u\"\n\
         access_key_id = \"ANACCESSKEYOFUSER1\"\nsecret_access_key = \"0123456789abcdef\"\n\
         [[account.role]]\nname = \"s\"\npath = \"/team/\"\ntrust_policy = '{{\"Statement\":[]}}'\n"
    )
}

#[test]
fn a_trust_policy_names_only_users_and_roles_that_are_there() {
    for there in [
        "222222222222",
        "arn:aws:iam::222222222222:root",
        "arn:aws:iam::222222222222:user/u",
        "arn:aws:iam::222222222222:role/team/s",
        "arn:aws:sts::222222222222:assumed-role/s/session",
        // An account of which the world says nothing.
        "arn:aws:iam::333333333333:role/r",
    ] {
        World::parse(&trusting(there)).unwrap();
    }
    for missing in [
        "arn:aws:iam::222222222222:user/U",
        "arn:aws:iam::222222222222:role/s",
        "arn:aws:iam::222222222222:role/*",
        "arn:aws:iam::111111111111:role/gone",
    ] {
        let problem = problem(&trusting(missing));
        let place = "world.toml:5: account[111111111111].role[r].trust_policy: ";
        assert!(problem.starts_with(place), "{problem}");
        assert!(problem.contains(missing), "{problem}");
    }
}

#[test]
fn what_another_account_has_may_stand_before_or_after_it() {
    let output = "[[account]]\nid = \"111111111111\"\n[[account.project]]\nregion = \"eu-west-1\"\n\
                  name = \"p\"\ncreated_ms = 16565123456\n[[account.project.version]]\nname = \"v\"\n\
                  created_ms = 16565123456\nstatus = \"RUNNING\"\noutput = { bucket = \"models\" }\n";
    let bucket = "[[account]]\nid = \"222222222222\"\n[[account.bucket]]\nname = \"models\"\n\
                  region = \"eu-north-1\"\n";
    World::parse(&format!("{output}{bucket}")).unwrap();
    World::parse(&format!("{bucket}{output}")).unwrap();
}

#[test]
fn a_text_that_is_no_toml_is_refused_with_its_line() {
    for (text, line) in [
        ("a = ", 1),
        ("quota_tps = 5\n[[account]]\nid = \"111111111111", 3),
        ("[[account]]\nid = \"111111111111\"\n\n[[account]\n", 4),
        (
            "[[account]]\nid = \"111111111111\"\nid = \"111111111111\"",
            3,
        ),
    ] {
        let problem = problem(text);
        assert!(
            problem.starts_with(&format!("world.toml:{line}: ")),
            "{text}\n→ {problem}"
        );
    }
}

#[tokio::test]
async fn an_error_of_a_fragment_names_its_key() {
    let aws = start_world(&demo()).await;
    let account = |rest: Value| {
        let mut account = json!({ "id": DEV });
        account
            .as_object_mut()
            .unwrap()
            .extend(rest.as_object().unwrap().clone());
        json!({ "account": [account] })
    };
    let cases = [
        (json!([]), ""),
        (json!({ "unknown": 1 }), "unknown: "),
        (json!({ "account": {} }), "account: "),
        (json!({ "account": [{ "alias": "x" }] }), "account[0].id: "),
        (json!({ "account": [{ "id": "12" }] }), "account[12].id: "),
        (
            account(json!({ "role": [{ "name": "customhouse-reader", "trust_policy": "{" }] })),
            "account[111111111111].role[customhouse-reader].trust_policy: ",
        ),
        (
            account(json!({ "role": [{ "max_session_seconds": 3600 }] })),
            "account[111111111111].role[0].name: ",
        ),
        (
            account(json!({ "role": [{ "name": "new" }] })),
            "account[111111111111].role[new]: ",
        ),
        (
            account(json!({ "bucket": [{ "name": "vision-prod-models", "region": "eu-west-1" }] })),
            "account[111111111111].bucket[vision-prod-models].name: ",
        ),
        (
            account(
                json!({ "project": [{ "region": "eu-west-1", "name": "inspector",
                "version": [{ "name": "v7", "status": "BETTER" }] }] }),
            ),
            "account[111111111111].project[eu-west-1/inspector].version[v7].status: ",
        ),
        (
            account(
                json!({ "project": [{ "region": "eu-west-1", "name": "inspector",
                "version": [{ "name": "v7", "output": { "bucket": "nobodys" } }] }] }),
            ),
            "account[111111111111].project[eu-west-1/inspector].version[v7].output: ",
        ),
        (
            account(
                json!({ "role": [{ "name": "new", "trust_policy": json!({ "Statement": [{
                "Effect": "Allow", "Action": "sts:AssumeRole",
                "Principal": { "AWS": "arn:aws:iam::222222222222:user/nobody" },
            }] }).to_string() }] }),
            ),
            "account[111111111111].role[new].trust_policy: ",
        ),
        (
            json!({ "assumptions": { "tags_visible": "no" } }),
            "assumptions.tags_visible: ",
        ),
    ];
    for (fragment, key) in cases {
        let answer = aws.post("world", fragment.clone()).await;
        assert_eq!(answer.status().as_u16(), 400, "{fragment}");
        let answer: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        let problem = answer["error"].as_str().unwrap();
        assert!(problem.starts_with(key), "{fragment}\n→ {problem}");
    }
}

#[tokio::test]
async fn a_fragment_names_an_account_twice_and_both_count() {
    let aws = start_world("[[account]]\nid = \"111111111111\"").await;
    aws.merge(json!({ "account": [
        { "id": DEV, "bucket": [{ "name": "one", "region": "eu-west-1" }] },
        { "id": DEV, "bucket": [{ "name": "two", "region": "eu-west-1" }] },
    ] }))
    .await;
    let state = aws.get("state").await;
    assert_eq!(state["accounts"][0]["buckets"], json!(["one", "two"]));
}
