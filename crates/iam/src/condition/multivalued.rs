//! Keys that hold several values at once.

/// Multivalued keys of the services that are judged here, in lower case. Source: "AWS global
/// condition context keys" and the keys of AWS STS, AWS KMS and Amazon S3 in the Service Authorization
/// Reference (types that begin with `ArrayOf`).
const MULTIVALUED: [&str; 13] = [
    "aws:calledvia",
    "aws:principalorgpaths",
    "aws:principalservicenameslist",
    "aws:resourceorgpaths",
    "aws:sourceorgpaths",
    "aws:tagkeys",
    "aws:vpceorgpaths",
    "kms:encryptioncontextkeys",
    "kms:grantoperations",
    "kms:resourcealiases",
    "s3:requestobjecttagkeys",
    "sts:requestcontextproviders",
    "sts:transitivetagkeys",
];

/// Whether `key` is multivalued: only `ForAllValues` and `ForAnyValue` may test it, and it makes no
/// policy variable ("Single-valued vs. multivalued context keys", IAM User Guide).
pub(crate) fn is_multivalued(key: &str) -> bool {
    MULTIVALUED
        .iter()
        .any(|multivalued| multivalued.eq_ignore_ascii_case(key))
}
