//! Keys that hold several values at once.

/// Multivalued keys of the services that are judged here, in lower case. Source: "AWS global
/// condition context keys" and the keys of AWS STS and AWS KMS in the Service Authorization
/// Reference (types that begin with `ArrayOf`).
const MULTIVALUED: [&str; 12] = [
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
