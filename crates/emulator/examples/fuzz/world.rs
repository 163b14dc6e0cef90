//! The world that is fuzzed: the demo's, with users who may do everything.

use crate::message::Signer;
use crate::sign::Identity;
use domain::{Clock, Millis};

pub(crate) const REGION: &str = "eu-west-1";
pub(crate) const SOURCE: &str =
    "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/1756890000000";
pub(crate) const VERSION: &str =
    "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/version/v7/1780304400000";
pub(crate) const DESTINATION: &str =
    "arn:aws:rekognition:eu-west-1:333333333333:project/inspector/1757408400000";
pub(crate) const PROMOTER: &str = "arn:aws:iam::333333333333:role/customhouse-promoter";
pub(crate) const EXTERNAL_ID: &str = "ch-5d3a7e1c9f2b46c48a6d1e0f3b7c5a92";

/// The places of the identities below; the last is the session that a case makes.
pub(crate) const HOME: Signer = 0;
pub(crate) const DEV: Signer = 1;
pub(crate) const PROD: Signer = 2;

const SECRET: &str = "customhouse-emulator-secret-0000000000001";

pub(crate) fn identities() -> Vec<Identity> {
    let of = |access_key_id: &str| Identity {
        access_key_id: access_key_id.to_owned(),
        secret: SECRET.to_owned(),
        token: None,
        region: REGION,
    };
    let stranger = of("CHEMULATORNOBODY0000");
    let elsewhere = Identity {
        region: "us-east-1",
        ..of("CHEMULATORFUZZ00000001")
    };
    vec![
        of("CHEMULATORDEV0000001"),
        of("CHEMULATORFUZZ00000001"),
        of("CHEMULATORFUZZ00000002"),
        elsewhere,
        stranger,
    ]
}

/// The demo's world file without limits on calls, and with a user in dev and in prod.
pub(crate) fn text(demo: &str) -> String {
    let user = |number: u8| {
        format!(
            "\n[[account.user]]\nname = \"fuzz\"\naccess_key_id = \"CHEMULATORFUZZ0000000{number}\"\n\
             secret_access_key = \"{SECRET}\"\npolicy = '{{\"Version\":\"2012-10-17\",\"Statement\":\
             [{{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}]}}'\n"
        )
    };
    let with = |text: &str, alias: &str, number| {
        let line = format!("alias = \"{alias}\"\n");
        text.replacen(&line, &format!("{line}{}", user(number)), 1)
    };
    let text = with(demo, "vision-dev", 1);
    with(&text, "vision-prod", 2).replacen("quota_tps = 5", "quota_tps = 0", 1)
}

/// A clock that stands still, so that a seed always meets the same moment.
pub(crate) struct Still;

impl Clock for Still {
    fn now(&self) -> Millis {
        Millis::new(1_795_515_254_000)
    }
}
