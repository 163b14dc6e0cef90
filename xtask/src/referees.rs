//! Programs that we did not write, as judges of the emulator and of `crates/iam`.
//!
//! Each referee runs against the debug programs, which must be built before.

pub(crate) mod javascript;
mod python;
pub(crate) mod simulate;

use anyhow::Result;

pub(crate) use python::REQUIREMENTS;

use crate::phases::Tally;

/// One judge.
pub(crate) struct Referee {
    /// The name of its phase.
    pub(crate) name: &'static str,
    /// The packages that it consists of, as their registry names them.
    pub(crate) packages: &'static [&'static str],
    pub(crate) run: fn() -> Result<Tally>,
}

/// Those that take seconds: part of every `cargo xtask test`.
pub(crate) const LIGHT: [Referee; 4] = [
    Referee {
        name: "boto3 against the emulator",
        packages: &["boto3", "botocore"],
        run: python::boto3,
    },
    Referee {
        name: "AWS CLI against the emulator",
        packages: &["awscli"],
        run: python::cli,
    },
    Referee {
        name: "JavaScript against the emulator",
        packages: &["@aws-sdk/client-rekognition", "@aws-sdk/client-sts"],
        run: javascript::run,
    },
    Referee {
        name: "parliament on generated policies",
        packages: &["parliament"],
        run: python::parliament,
    },
];
