use serde_json::json;

use crate::world::{PROD, World};

const FORM: &str = "/api/accounts/test-role";

#[tokio::test]
async fn a_role_test_shows_each_call_with_its_evidence() {
    let world = World::start().await;
    for purpose in ["reader", "promoter"] {
        let answer = world
            .post(FORM, &[("account", PROD), ("purpose", purpose)])
            .await;
        assert_eq!(answer.path(), format!("/accounts/{PROD}#{purpose}"));
    }
    let page = world.get(&format!("/accounts/{PROD}")).await;
    let titles = page.texts("section[aria-labelledby=reader] .check summary");
    for part in [
        "Role assumed with ExternalId",
        "Account number confirmed",
        "Role refused without ExternalId",
        "Projects readable",
    ] {
        let title = titles.iter().find(|title| title.contains(part));
        assert!(
            title.is_some_and(|title| title.starts_with("Passed: ")),
            "{part}: {titles:?}"
        );
    }
    assert!(
        page.text("section[aria-labelledby=reader] .check-evidence")
            .contains("Request id")
    );
    assert_eq!(page.text("#reader .status"), "works");
}

#[tokio::test]
async fn a_role_that_asks_for_no_external_id_fails_with_a_way_to_mend_it() {
    let world = World::start().await;
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "AWS": "arn:aws:iam::999999999999:user/customhouse" },
            "Action": "sts:AssumeRole",
        }],
    });
    let role = json!({ "name": "customhouse-reader", "trust_policy": trust.to_string() });
    let fragment = json!({ "account": [{ "id": PROD, "role": [role] }] });
    world.aws.merge(fragment).await.expect("the world changes");
    let page = world
        .submit(FORM, &[("account", PROD), ("purpose", "reader")])
        .await;
    assert_eq!(page.text("#reader .status"), "fails");
    let failed = page.text(".check-failed");
    assert!(
        failed.contains("Role refused without ExternalId"),
        "{failed}"
    );
    assert!(failed.contains("Fix."), "{failed}");
    assert!(page.has(".check-failed[open]"));
    assert!(
        page.has(".check-failed pre"),
        "the policy to attach is shown"
    );
}

#[tokio::test]
async fn a_test_of_nothing_known_comes_back_with_a_message() {
    let world = World::start().await;
    for fields in [
        [("account", "000000000000"), ("purpose", "reader")],
        [("account", PROD), ("purpose", "owner")],
        [("account", ""), ("purpose", "")],
    ] {
        let answer = world.post(FORM, &fields).await;
        assert!(answer.path().contains("?form=frm_"), "{answer:?}");
    }
}
