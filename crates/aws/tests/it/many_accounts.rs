//! More accounts than the SDK's own credential cache holds.

use domain::{ExternalId, Millis, RoleAccess, RolePurpose};
use futures::future::join_all;
use operations::ports::aws::AwsReads as _;
use std::fmt::Write as _;
use std::sync::Arc;
use testkit::{EmulatedAws, ManualClock};

const ACCOUNTS: usize = 80;

fn world() -> String {
    let mut text = String::from(
        r#"
quota_tps = 0
[[account]]
id = "999999999999"
alias = "home"
[[account.user]]
name = "customhouse"
access_key_id = "CHEMULATORDEV0000001"
secret_access_key = "customhouse-emulator-secret-0000000000001"
policy = '''{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]}'''
"#,
    );
    for n in 0..ACCOUNTS {
        write!(
            text,
            r#"
[[account]]
id = "{n:012}"
alias = "account-{n}"
[[account.role]]
name = "customhouse-reader"
trust_policy = '''{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::999999999999:user/customhouse"}},"Action":"sts:AssumeRole","Condition":{{"StringEquals":{{"sts:ExternalId":"ch-{n}"}}}}}}]}}'''
policy = '''{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"rekognition:DescribeProjects","Resource":"*"}}]}}'''
[[account.project]]
region = "eu-west-1"
name = "project-{n}"
created_ms = {created}
"#,
            created = 1_656_565_123_456_u64 + n as u64,
        )
        .unwrap();
    }
    text
}

fn reader(n: usize) -> RoleAccess {
    RoleAccess {
        account: format!("{n:012}").parse().unwrap(),
        role: format!("arn:aws:iam::{n:012}:role/customhouse-reader")
            .parse()
            .unwrap(),
        external_id: ExternalId::new(format!("ch-{n}")).unwrap(),
        purpose: RolePurpose::Reader,
    }
}

#[tokio::test]
async fn eighty_accounts_have_one_session_each_however_many_ask_at_once() {
    let emulated = EmulatedAws::start(&world()).await.unwrap();
    let clock = ManualClock::new(Millis::new(1_795_515_254_000));
    let aws = emulated.adapter(Arc::new(clock)).await;
    let region = "eu-west-1".parse().unwrap();
    for _round in 0..2 {
        let reads = (0..ACCOUNTS * 3).map(|n| {
            let (aws, region, access) = (&aws, &region, reader(n % ACCOUNTS));
            async move {
                let projects = aws.describe_projects(&access, region).await.unwrap().value;
                assert_eq!(projects.len(), 1);
                let name = format!("project-{}", n % ACCOUNTS);
                assert_eq!(
                    projects[0].arn.name().as_str(),
                    name,
                    "another account's session"
                );
            }
        });
        join_all(reads).await;
    }
    assert_eq!(
        emulated.calls_of("AssumeRole").await.unwrap().len(),
        ACCOUNTS
    );
}
