//! Why a job failed or needs a person, in words that say cause, consequence and next step.

use crate::job::Step;
use serde::{Deserialize, Serialize};

/// A failure as it is stored and shown: our reason, and AWS's own words where AWS gave any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The reason.
    pub code: FailureCode,
    /// The step that it happened in.
    pub step: Step,
    /// AWS's error code, such as `AccessDeniedException`. Untrusted text.
    pub aws_code: Option<String>,
    /// AWS's message, at most 1,000 characters. Untrusted text.
    pub aws_message: Option<String>,
    /// AWS's request id, for its support.
    pub request_id: Option<String>,
}

impl Failure {
    /// A failure that AWS had no part in.
    pub fn new(code: FailureCode, step: Step) -> Self {
        Self {
            code,
            step,
            aws_code: None,
            aws_message: None,
            request_id: None,
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident: $cause:literal, $consequence:literal, $next:literal;)*) => {
        /// The closed list of reasons.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum FailureCode { $($(#[$doc])* $name,)* }

        impl FailureCode {
            /// Every reason.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// What happened, as one sentence.
            pub fn cause(self) -> &'static str {
                match self { $(Self::$name => $cause,)* }
            }

            /// What that means for the job, as one sentence.
            pub fn consequence(self) -> &'static str {
                match self { $(Self::$name => $consequence,)* }
            }

            /// What a person can do about it, as one sentence.
            pub fn next_step(self) -> &'static str {
                match self { $(Self::$name => $next,)* }
            }
        }
    };
}

codes! {
    /// A role could not be assumed.
    RoleRefused: "AWS refused to let Customhouse assume a role of this job.",
        "Nothing was changed in that account by this step.",
        "Test the role on the Accounts page; it names the call that fails and the policy to mend.";
    /// A role landed in another account than configured.
    RoleElsewhere: "A role of this job leads into another account than the one configured.",
        "Customhouse does not act in an account that it does not expect.",
        "Correct the account's role ARN, then promote again.";
    /// An account of the job is not registered.
    AccountMissing: "An account of this job is not registered any more.",
        "Customhouse acts only in registered accounts.",
        "Register the account again; the step goes on by itself.";
    /// The source project or version is not there.
    SourceMissing: "The source version no longer exists in its project.",
        "There is nothing to copy.",
        "Refresh the Models page and promote a version that exists.";
    /// The source version cannot be copied in its status.
    SourceNotReady: "The source version is not in a status that can be copied.",
        "AWS copies only versions whose training or copy has finished.",
        "Wait until the version is trained, or choose another one.";
    /// The destination project is not there.
    DestinationMissing: "The destination project does not exist.",
        "There is no place for the copy.",
        "Create the project in the destination account, then promote again.";
    /// The version name stands already in the destination.
    NameTaken: "A version of this name already stands in the destination project.",
        "AWS takes each name once in a project; that version was not touched.",
        "Promote again under another version name.";
    /// The bucket cannot be reached.
    BucketUnusable: "The output bucket does not exist or the promoter role may not see it.",
        "AWS would have no place for the training results.",
        "Check the bucket's name and the promoter's s3 permissions, then promote again.";
    /// The bucket lies in another Region.
    BucketElsewhere: "The output bucket lies in another Region than the models.",
        "AWS copies within one Region.",
        "Choose a bucket in the Region of the destination project.";
    /// All policies of the project are in use, or the document has no room.
    PolicyFull: "The source project has no room for another grant.",
        "AWS allows five policies for a project and 2,000 characters in each; nothing was granted.",
        "Remove a policy that is no longer needed on the Policies page, then promote again.";
    /// A policy of the project cannot be read as IAM JSON.
    PolicyUnreadable: "The project policy that holds Customhouse's grants is not readable any more.",
        "Customhouse does not overwrite what it cannot read; the policy is as it was.",
        "Mend or remove the policy on the source project, then promote again.";
    /// AWS refused the grant.
    GrantRefused: "AWS refused the grant on the source project.",
        "The destination account has no permission to copy; no copy was started.",
        "Read AWS's answer below, mend the promoter role of the source account, then promote again.";
    /// Somebody else changed the policy again and again.
    PolicyContended: "The project policy was changed by somebody else each time it was written.",
        "Customhouse never overwrites another edit; nothing of theirs was lost.",
        "Find out who edits the policy, then promote again.";
    /// AWS refused the copy for want of permission.
    CopyDenied: "AWS denied the copy.",
        "No version was made in the destination.",
        "Read AWS's answer below: the promoter role of the destination needs the copy, S3 and KMS permissions that “customhouse roles” prints.";
    /// AWS refused the copy as invalid.
    CopyInvalid: "AWS refused the copy as invalid.",
        "No version was made in the destination.",
        "Read AWS's answer below, then promote again with other values.";
    /// The destination project holds as many models as allowed.
    ModelQuota: "The destination project holds as many model versions as AWS allows.",
        "No version was made in the destination.",
        "Delete versions that are no longer needed or ask AWS for a higher quota.";
    /// Too many copies run at once.
    TooManyCopies: "AWS takes no further copy at present.",
        "No version was made in the destination.",
        "Wait until running copies end, then promote again.";
    /// The copy ended in `COPYING_FAILED`.
    CopyFailed: "AWS ended the copy with COPYING_FAILED.",
        "The failed version stays in the destination project and holds its name.",
        "Read AWS's message below, then promote again under the next free name.";
    /// The copied version vanished while it was watched.
    RemovedOutside: "The new version was removed outside Customhouse.",
        "The copy cannot be proven and is not in the destination any more.",
        "Find out who removed it, then promote again.";
    /// The copy does not descend from the planned source.
    LineageDiffers: "The new version does not name the planned version as its source.",
        "The copy is not what was approved.",
        "Do not use the version; look into it and promote again.";
    /// The plan as stored no longer has the approved digest.
    PlanChanged: "The plan no longer has the digest that was approved.",
        "What was not approved is not run.",
        "Look at the audit log, then propose again.";
    /// The approvals do not meet the rule any more.
    RuleNotMet: "The approvals no longer meet the environment's rule.",
        "What is not approved is not run; nothing was changed.",
        "Look at the proposal's approvals, then propose again.";
    /// The time to run had passed.
    RunBeforePassed: "The time before which the plan had to run has passed.",
        "Nothing more is sent; a grant that was put is removed.",
        "Promote again.";
    /// It could not be found out whether a copy was made.
    CopyUnclear: "It is not clear whether AWS took the copy.",
        "Customhouse goes on looking. It sends only the same name again, which AWS takes once, so that there are never two.",
        "Wait about a minute while it is looked for. If that decides nothing, this page asks you to look again, adopt the version, send the same copy again, or give up.";
    /// The name is taken by a version that is not provably ours.
    ForeignVersion: "A version of the planned name appeared, and it is not provably this job's copy.",
        "Customhouse neither uses nor changes it.",
        "Find out who made it. If it is this job's copy, adopt it below; if not, give up and promote again under another name.";
    /// An operator gave the job up.
    GivenUp: "An operator gave the job up while it was not clear whether AWS took the copy.",
        "The grant is removed. A version that AWS made all the same stays in the destination project.",
        "Look at the destination project in AWS, then promote again under another name.";
    /// AWS refused a project policy change.
    PolicyRefused: "AWS refused the change of the project policy.",
        "The project's policies are as they were.",
        "Read AWS's answer below, mend the document or the promoter role, then propose again.";
    /// The policy did not read back as sent.
    PolicyDiffers: "The project policy does not read back as it was sent.",
        "Somebody may have changed it meanwhile.",
        "Open the Policies page, look at the present document, then propose again.";
    /// AWS could not be reached in time.
    AwsUnreachable: "AWS did not answer, however often it was asked.",
        "The step could not be finished.",
        "Check the network and the endpoint, then promote again.";
    /// AWS refused a call in a way none of the above names.
    AwsRefused: "AWS refused a call of this step.",
        "The step could not be finished.",
        "Read AWS's answer below.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_three_sentences() {
        for code in FailureCode::ALL {
            for text in [code.cause(), code.consequence(), code.next_step()] {
                assert!(text.len() > 10 && text.ends_with('.'), "{code:?}: {text:?}");
            }
        }
    }
}
