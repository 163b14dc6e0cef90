//! What Rekognition takes as a project policy.

use crate::world::{PROMOTER, VERSION};
use iam::{LintFinding, ProjectPolicyRules, lint_project_policy, lint_project_policy_under};

fn policy(statement: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#)
}

fn statement(principal: &str, action: &str, resource: &str) -> String {
    format!(
        r#"{{"Effect":"Allow","Principal":{principal},"Action":"{action}","Resource":"{resource}"}}"#
    )
}

fn findings(text: &str) -> Vec<String> {
    let found = lint_project_policy(text).err().unwrap_or_default();
    found.iter().map(LintFinding::to_string).collect()
}

/// The sample of "Creating a project policy document", with its accounts.
#[test]
fn awss_own_sample_is_taken() {
    let text = r#"{
      "Version": "2012-10-17",
      "Statement": [
        {
          "Effect": "Allow",
          "Principal": { "AWS": "arn:aws:iam::111111111111:role/Admin" },
          "Action": "rekognition:CopyProjectVersion",
          "Resource": "arn:aws:rekognition:us-east-1:111111111111:project/my_project/version/test_1/1627045542080"
        }
      ]
    }"#;
    assert_eq!(findings(text), Vec::<String>::new());
}

#[test]
fn principals_and_resources_of_every_documented_form_are_taken() {
    let role = format!(r#"{{"AWS":"{PROMOTER}"}}"#);
    for (principal, resource) in [
        (role.as_str(), VERSION),
        (
            role.as_str(),
            "arn:aws:rekognition:us-east-1:111111111111:project/p/version/*",
        ),
        (role.as_str(), "*"),
        (r#""*""#, VERSION),
        (r#"{"AWS":"*"}"#, VERSION),
        (
            r#"{"AWS":["333333333333","arn:aws:iam::333333333333:root"]}"#,
            VERSION,
        ),
        (
            r#"{"AWS":"arn:aws:iam::333333333333:user/team/a"}"#,
            VERSION,
        ),
        (
            r#"{"AWS":"arn:aws:sts::333333333333:assumed-role/r/s"}"#,
            VERSION,
        ),
        (
            r#"{"AWS":["arn:aws:iam::333333333333:role/odd!path/r","arn:aws:sts::333333333333:federated-user/a@b"]}"#,
            VERSION,
        ),
        (r#"{"AWS":"AROAEXAMPLE123"}"#, VERSION),
        (r#"{"Service":"x.amazonaws.com"}"#, VERSION),
    ] {
        let text = policy(&statement(
            principal,
            "rekognition:CopyProjectVersion",
            resource,
        ));
        assert_eq!(findings(&text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn near_misses_of_principals_and_resources_are_refused() {
    let version = |arn: &str| statement(r#""*""#, "rekognition:CopyProjectVersion", arn);
    let principal = |name: &str| {
        let listed = format!(r#"{{"AWS":"{name}"}}"#);
        statement(&listed, "rekognition:CopyProjectVersion", VERSION)
    };
    for text in [
        principal(""),
        principal("33333333333"),
        principal("arn:aws:iam::33333333333:root"),
        principal("arn:aws:iam::333333333333:role/"),
        principal("arn:aws:iam::333333333333:role/a/"),
        principal("arn:aws:iam::333333333333:role/a b"),
        principal("arn:aws:iam::333333333333:role/a b/c"),
        principal("arn:aws:iam::333333333333:user/ä"),
        principal("arn:aws:iam::333333333333:role/a:b"),
        principal("arn:aws:iam::333333333333:group/a"),
        principal("arn:aws:iam:eu-west-1:333333333333:role/a"),
        principal("arn::iam::333333333333:role/a"),
        principal("arn:aws:sts::33333333333:assumed-role/a/b"),
        principal("arn:aws:sts::333333333333:assumed-role/a"),
        principal("arn:aws:sts::333333333333:assumed-role/a/b c"),
        principal("arn:aws:sts::333333333333:assumed-role/a!/b"),
        principal("arn:aws:sts::333333333333:federated-user/b c"),
        principal("AROAexample"),
        principal("XROA1"),
        version(""),
        version("arn:aws:rekognition:eu-west-1:111111111111:project/p/version/v7"),
        version("arn:aws:rekognition:eu-west-1:111111111111:project/p/*"),
        version("arn:aws:rekognition::111111111111:project/p/version/v7/1"),
        version("arn:aws:rekognition:eu-west-1:111111111111:project/p q/version/v7/1"),
        version("rn:aws:rekognition:eu-west-1:111111111111:project/p/version/v7/1"),
    ] {
        assert_eq!(findings(&policy(&text)).len(), 1, "{text}");
    }
}

#[test]
fn length_and_characters_come_first() {
    let good = policy(&statement(
        r#""*""#,
        "rekognition:CopyProjectVersion",
        VERSION,
    ));
    let filled = |length: usize| format!("{good}{}", " ".repeat(length - good.len()));
    assert!(lint_project_policy(&filled(2000)).is_ok());
    let latin = good.replace("2012-10-17\"", "2012-10-17\",\"Id\":\"\u{e9}\u{ff}\"");
    assert!(lint_project_policy(&latin).is_ok());
    for (text, expected) in [
        (
            String::new(),
            "at $: a project policy has 1 to 2,000 characters, this one has 0",
        ),
        (
            filled(2001),
            "at $: a project policy has 1 to 2,000 characters, this one has 2001",
        ),
        (
            good.replace("inspector", "inspect\u{153}r"),
            "at $: character 184 (\\u{153}) is not allowed: use Latin-1 without control characters",
        ),
        (
            "\u{0}".to_owned(),
            "at $: character 1 (\\u{0}) is not allowed: use Latin-1 without control characters",
        ),
    ] {
        let found = lint_project_policy(&text).unwrap_err();
        assert_eq!(
            found.iter().map(LintFinding::to_string).collect::<Vec<_>>(),
            [expected]
        );
        assert!(found.iter().all(|finding| finding.problem.is_shape()));
    }
}

#[test]
fn every_broken_rule_is_named_with_its_place() {
    let text = policy(
        &[
            r#"{"Sid":"A b","Effect":"Allow","NotPrincipal":"*","NotAction":"s3:*","NotResource":"*"}"#,
            r#"{"Sid":"C","Effect":"Allow","Action":["rekognition:CopyProjectVersion","rekognition:*"]}"#,
            r#"{"Sid":"C","Effect":"Deny","Principal":{"AWS":["arn:aws:iam::333333333333:role/*","me"]},"Action":"rekognition:copyprojectversion","Resource":["arn:aws:rekognition:us-east-1:111111111111:project/p/1656565123456","arn:aws:s3:::x"]}"#,
        ]
        .join(","),
    );
    insta::assert_snapshot!(findings(&text).join("\n"), @r#"
    at $.Statement[0].Sid: a Sid takes only ASCII letters and digits, at least one
    at $.Statement[0].NotPrincipal: NotPrincipal is not allowed in a project policy
    at $.Statement[0].NotAction: NotAction is not allowed in a project policy
    at $.Statement[0].NotResource: NotResource is not allowed in a project policy
    at $.Statement[1]: Principal is missing
    at $.Statement[1].Action: the only action is rekognition:CopyProjectVersion, found "rekognition:*"
    at $.Statement[1]: Resource is missing
    at $.Statement[2].Sid: an earlier statement has the same Sid
    at $.Statement[2].Principal.AWS: "arn:aws:iam::333333333333:role/*" is not a principal: write "*", an account number, or the whole ARN of an account, user, role or session
    at $.Statement[2].Principal.AWS: "me" is not a principal: write "*", an account number, or the whole ARN of an account, user, role or session
    at $.Statement[2].Resource: "arn:aws:rekognition:us-east-1:111111111111:project/p/1656565123456" is not a model version: write its ARN, or the project's ARN without number and with /version/* at its end
    at $.Statement[2].Resource: "arn:aws:s3:::x" is not a model version: write its ARN, or the project's ARN without number and with /version/* at its end
    "#);
    assert_eq!(
        findings(&policy("")),
        ["at $.Statement: there is no statement"]
    );
    insta::assert_snapshot!(findings(r#"{"Statement":[{"Effect":"allow"}]}"#).join("\n"), @r#"at $.Statement[0].Effect: expected "Allow" or "Deny", found "allow""#);
}

#[test]
fn undocumented_choices_follow_the_rules_given() {
    let accepted = ProjectPolicyRules::default();
    let one = statement(
        &format!(r#"{{"AWS":"{PROMOTER}"}}"#),
        "rekognition:CopyProjectVersion",
        VERSION,
    );
    let conditional = one.replace(
        r#"{"Effect""#,
        r#"{"Condition":{"Bool":{"aws:SecureTransport":"true"}},"Effect""#,
    );
    let star = one.replace(VERSION, "*");
    let everyone = statement(r#""*""#, "rekognition:CopyProjectVersion", VERSION);
    let two = one
        .replace(PROMOTER, &format!(r#"{PROMOTER}","{PROMOTER}2"#))
        .replace(r#"{"AWS":"#, r#"{"AWS":["#)
        .replace(r#"2"},"#, r#"2"]},"#);
    let upper = one.replace("Allow", "ALLOW");
    for (statement, refused, expected) in [
        (
            &conditional,
            ProjectPolicyRules {
                conditions: false,
                ..accepted
            },
            "$.Statement[0].Condition",
        ),
        (
            &star,
            ProjectPolicyRules {
                resource_star: false,
                ..accepted
            },
            "$.Statement[0].Resource",
        ),
        (
            &everyone,
            ProjectPolicyRules {
                principals_beyond_one_role: false,
                ..accepted
            },
            "$.Statement[0].Principal",
        ),
        (
            &two,
            ProjectPolicyRules {
                principals_beyond_one_role: false,
                ..accepted
            },
            "$.Statement[0].Principal",
        ),
    ] {
        let text = policy(statement);
        assert!(
            lint_project_policy(&text).is_ok(),
            "{text} {:?}",
            findings(&text)
        );
        let found = lint_project_policy_under(&text, refused).unwrap_err();
        assert_eq!(
            found
                .iter()
                .map(|finding| finding.path.as_str())
                .collect::<Vec<_>>(),
            [expected]
        );
        assert!(lint_project_policy_under(&policy(&one), refused).is_ok());
    }
    let text = policy(&upper);
    assert!(lint_project_policy(&text).is_err());
    let loose = ProjectPolicyRules {
        upper_case_effect: true,
        ..accepted
    };
    assert!(lint_project_policy_under(&text, loose).is_ok());
}
