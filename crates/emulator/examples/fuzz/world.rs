//! The world that is fuzzed: the demo's, with users who may do everything.

use crate::message::Signer;
use crate::seed::Seed;
use crate::sign::Identity;
use domain::{Clock, Millis};
use emulator::{Assumption, Takes};
use std::fmt::Write as _;

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

/// The demo's world file without limits on calls, with a user in dev and in prod, and with some
/// assumptions other than their defaults.
pub(crate) fn text(demo: &str, seed: &Seed) -> String {
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
    with(&text, "vision-prod", 2).replacen(
        "quota_tps = 5",
        &format!("quota_tps = 0\n[assumptions]\n{}", assumptions(seed)),
        1,
    )
}

/// A value that the product must bear, and that AWS's model does not list for any operation which
/// the assumption is about: botocore would refuse it.
const UNMODELLED: (&str, &str) = ("duplicate_version_name", "ResourceAlreadyExistsException");

fn assumptions(seed: &Seed) -> String {
    let mut lines = String::new();
    for assumption in Assumption::all() {
        if !seed.chance(25) {
            continue;
        }
        let value = match assumption.takes {
            Takes::Words(words) => {
                let word = *seed.pick(words);
                if (assumption.key, word) == UNMODELLED {
                    continue;
                }
                format!("\"{word}\"")
            }
            Takes::Flag => seed.chance(50).to_string(),
            Takes::Number => seed.below(4).to_string(),
        };
        let _ = writeln!(lines, "{} = {value}", assumption.key);
    }
    lines
}

/// A clock that stands still, so that a seed always meets the same moment.
pub(crate) struct Still;

impl Clock for Still {
    fn now(&self) -> Millis {
        Millis::new(1_795_515_254_000)
    }
}
