//! Fields of forms, what can be wrong with them, and the one place of the texts about it.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$each])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// Every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word used for it in forms, sessions and the API.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

words!(
    /// A field of a form; its word is the name of the input.
    Field {
        /// The version that is copied.
        SourceVersion = "source_version",
        /// The project that it leaves.
        SourceProject = "source_project",
        /// The project that receives the copy.
        DestinationProject = "destination_project",
        /// The copy's name.
        VersionName = "version_name",
        /// The bucket of the results.
        Bucket = "bucket",
        /// The prefix of their keys.
        Prefix = "prefix",
        /// The key that encrypts them.
        KmsKey = "kms_key",
        /// The tags.
        Tags = "tags",
        /// Why it is asked for.
        Reason = "reason",
        /// The hidden id of the form, or the `Idempotency-Key` header.
        FormId = "form_id",
        /// The project whose policies change.
        Project = "project",
        /// The policy.
        PolicyName = "policy_name",
        /// The account whose promoter may copy.
        Account = "account",
        /// The versions that it may copy.
        Versions = "versions",
        /// The version that is a job's copy.
        AdoptedVersion = "version",
        /// What a token, a service account or a person is called.
        Name = "name",
        /// The roles of a token or a service account.
        Scope = "scope",
        /// How many days a token lives.
        Days = "days",
        /// What a local user types to say who they are.
        AccountName = "account_name",
        /// The present password.
        CurrentPassword = "current_password",
        /// The new password, or the one to sign in with.
        Password = "password",
        /// The new password once more.
        PasswordAgain = "password_again",
    }
);

/// One thing that is wrong with one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field.
    pub field: Field,
    /// What is wrong.
    pub code: FieldCode,
    /// The line of the field that it is about, from 1; only where each line stands for itself.
    pub line: Option<u32>,
}

impl FieldError {
    /// An error about the whole of a field.
    pub fn new(field: Field, code: FieldCode) -> Self {
        Self {
            field,
            code,
            line: None,
        }
    }

    /// The sentence that stands beside the field.
    pub fn text(&self) -> String {
        match self.line {
            Some(line) => format!("Line {line}: {}", self.code.text()),
            None => self.code.text().to_owned(),
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $word:literal: $text:literal,)*) => {
        words!(
            /// What can be wrong with a field. The list is closed; the texts stand here and nowhere
            /// else.
            FieldCode { $($(#[$doc])* $name = $word,)* }
        );

        impl FieldCode {
            /// What to do about it, as a sentence that can stand beside the field.
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

codes! {
    /// The version does not lie in the job's destination project or has another name than planned.
    NotThePlannedVersion = "not_the_planned_version": "Enter the ARN of a version of the destination project that has the planned name.",
    /// Nothing was given.
    Required = "required": "Fill in this field.",
    /// Not a version ARN.
    NotAVersionArn = "not_a_version_arn": "Enter the ARN of a model version, such as arn:aws:rekognition:eu-west-1:111122223333:project/inspector/version/v7/1656611123456.",
    /// Not a project ARN.
    NotAProjectArn = "not_a_project_arn": "Enter the ARN of a project, such as arn:aws:rekognition:eu-west-1:111122223333:project/inspector/1656565123456.",
    /// The version is not one of the project's.
    OtherProject = "other_project": "This is not the project of the source version: account, Region and project name must be the same.",
    /// No project of the version's name has been seen.
    SourceProjectUnknown = "source_project_unknown": "No project of this version is known yet. Refresh the Models page, or enter the project's ARN: it cannot be told from a version's.",
    /// More than one project of the version's name has been seen.
    SourceProjectAmbiguous = "source_project_ambiguous": "Several projects of this name are known. Enter the ARN of the one that holds the version.",
    /// The account is not in the registry.
    AccountNotConfigured = "account_not_configured": "This account is not registered here. Choose a project of an account on the Accounts page.",
    /// The Region is not one of the account's.
    RegionNotConfigured = "region_not_configured": "This Region is not registered for the account. Choose a project in one of the Regions on the Accounts page.",
    /// Source and destination lie in different Regions.
    OtherRegion = "other_region": "Source and destination must be in the same Region: AWS copies within one Region only.",
    /// Source and destination lie in different partitions.
    OtherPartition = "other_partition": "Source and destination must be in the same partition: AWS does not copy between partitions.",
    /// The version was last seen in a status that cannot be copied.
    SourceNotReady = "source_not_ready": "This version cannot be copied in the status last seen. Choose a trained or copied version, or refresh the Models page.",
    /// Not a version name.
    NotAVersionName = "not_a_version_name": "Use 1 to 255 letters, digits, dots, dashes and underscores.",
    /// The destination has a version of this name.
    VersionNameTaken = "version_name_taken": "The destination project has a version of this name. AWS takes each name once: choose another one.",
    /// Another promotion has taken this name.
    VersionNameReserved = "version_name_reserved": "Another promotion into this project uses this name. Choose another one.",
    /// Not a bucket name.
    NotABucketName = "not_a_bucket_name": "Use 3 to 255 letters, digits, dots, dashes and underscores.",
    /// Not a prefix.
    NotAPrefix = "not_a_prefix": "Use printable characters only.",
    /// Too long a prefix.
    PrefixTooLong = "prefix_too_long": "Use at most 992 characters: the id of the promotion is added, and AWS takes 1,024.",
    /// Not a KMS key.
    NotAKmsKey = "not_a_kms_key": "Enter a key id, key ARN, alias or alias ARN: up to 2,048 letters, digits and : _ / + = , @ . -, beginning with a letter or digit.",
    /// The KMS key lies in another Region than the destination project.
    KmsKeyOtherRegion = "kms_key_other_region": "This key is in another Region than the destination project. Give a key of the destination's Region: its key id, key ARN, alias or alias ARN.",
    /// A line that is not a tag.
    TagWithoutValue = "tag_without_value": "Write one tag a line, as key=value.",
    /// A key that breaks AWS's limits.
    NotATag = "not_a_tag": "A key takes 1 to 128 characters, a value up to 256: letters, digits, spaces and _ . : / = + - @.",
    /// A key that is not the requester's to set.
    TagReserved = "tag_reserved": "Keys that begin with aws: or customhouse: are reserved.",
    /// The same key twice.
    TagTwice = "tag_twice": "This key stands on an earlier line; each key may stand once.",
    /// Too many tags.
    TooManyTags = "too_many_tags": "Give at most 198 tags: two are added, and AWS takes 200.",
    /// Not a reason.
    NotAReason = "not_a_reason": "Use up to 2,000 printable characters.",
    /// Not an idempotency key.
    NotAFormId = "not_a_form_id": "Use 1 to 200 visible ASCII characters.",
    /// The project has not been seen.
    ProjectUnknown = "project_unknown": "This project is not known. Refresh the Models page and choose one that it lists.",
    /// Not a policy name.
    NotAPolicyName = "not_a_policy_name": "Use 1 to 128 letters, digits, dots, dashes and underscores.",
    /// The project has a policy of this name.
    PolicyNameTaken = "policy_name_taken": "The project has a policy of this name. Choose another name, or remove that policy first.",
    /// The project has no policy of this name.
    PolicyChanged = "policy_changed": "Somebody has changed the policy since it was shown. Look at its document again, then remove it.",
    PolicyNameUnknown = "policy_name_unknown": "The project has no policy of this name.",
    /// The name is kept for grants.
    PolicyNameReserved = "policy_name_reserved": "Names that begin with customhouse- are kept for the grants of promotions.",
    /// All slots are taken.
    PolicySlotsFull = "policy_slots_full": "The project has five policies, as many as AWS allows. Remove one first.",
    /// No version chosen.
    NoVersions = "no_versions": "Choose at least one version, or every version of the project.",
    /// A version of another project.
    VersionOfOtherProject = "version_of_other_project": "Each version must belong to the project.",
    /// The document is too long or has characters that AWS does not take.
    DocumentRefused = "document_refused": "The document would break AWS's rules for project policies: at most 2,000 Latin-1 characters. Choose fewer versions.",
    /// Not a token's name.
    NotATokenName = "not_a_token_name": "Use 1 to 100 printable characters.",
    /// Not a service account's name.
    NotAServiceAccountName = "not_a_service_account_name": "Use 1 to 64 letters, digits, dots, dashes and underscores.",
    /// A service account has this name.
    NameTaken = "name_taken": "A service account of this name is there already. Choose another name, or make another token for it.",
    /// Too few or too many days.
    NotALifetime = "not_a_lifetime": "A person's token lives 1 to 90 days, a service account's 1 to 365.",
    /// A role in an environment that is not there.
    EnvironmentUnknown = "environment_unknown": "There is no such environment. Choose one of those on the Accounts page.",
    /// Not an account name.
    NotAnAccountName = "not_an_account_name": "Use 1 to 64 letters a to z, digits, dots, dashes and underscores, beginning with a letter or digit.",
    /// Somebody has this account name.
    AccountNameTaken = "account_name_taken": "Somebody has this account name. Choose another one.",
    /// Too short a password.
    PasswordTooShort = "password_too_short": "Use at least 12 characters: several words that do not belong together are easy to keep.",
    /// Too long a password.
    PasswordTooLong = "password_too_long": "Use at most 512 bytes.",
    /// A password that is guessed soon.
    PasswordCommon = "password_common": "This password is guessed soon: it is common, or made of common words, dates, rows of keys or repetitions. Choose another one.",
    /// A password that is its owner's name or little more.
    PasswordIsName = "password_is_name": "This password is little more than a name of the account. Choose another one.",
    /// Both passwords differ.
    PasswordsDiffer = "passwords_differ": "Type the same password in both fields.",
    /// Not the present password.
    CurrentPasswordWrong = "current_password_wrong": "This is not the present password.",
    /// The account cannot be granted anything.
    NotAnAccount = "not_an_account": "Choose an account of the Accounts page.",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_sentences_and_words_are_unique() {
        let mut words: Vec<_> = FieldCode::ALL.iter().map(|code| code.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), FieldCode::ALL.len());
        for code in FieldCode::ALL {
            assert!(code.text().ends_with('.'), "{code:?}");
            assert!(!code.text().contains("please"), "{code:?}");
            let json = serde_json::to_string(code).unwrap();
            assert_eq!(json, format!("\"{}\"", code.as_str()));
        }
    }

    #[test]
    fn a_line_is_named_before_the_text() {
        let error = FieldError {
            field: Field::Tags,
            code: FieldCode::TagTwice,
            line: Some(3),
        };
        assert!(error.text().starts_with("Line 3: This key"));
    }
}
