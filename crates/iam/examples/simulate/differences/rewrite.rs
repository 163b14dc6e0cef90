//! Going through the texts of a document.

use iam::PolicyDocument;
use iam::document::{ResourceClause, Values};

/// Calls `change` with each value of a resource or condition.
pub(super) fn each_value(document: &mut PolicyDocument, mut change: impl FnMut(&mut String)) {
    for statement in &mut document.statements {
        if let Some(ResourceClause::Resource(values) | ResourceClause::NotResource(values)) =
            &mut statement.resource
        {
            values_mut(values).iter_mut().for_each(&mut change);
        }
        for (_, values) in statement
            .condition
            .iter_mut()
            .flat_map(|test| &mut test.keys)
        {
            values_mut(values).iter_mut().for_each(&mut change);
        }
    }
}

/// Calls `change` with the operator, the key and the values of each test.
pub(super) fn each_test(
    document: &mut PolicyDocument,
    mut change: impl FnMut(&str, &mut String, &mut [String]),
) {
    for statement in &mut document.statements {
        for test in &mut statement.condition {
            for (key, values) in &mut test.keys {
                change(&test.operator, key, values_mut(values));
            }
        }
    }
}

/// Puts another text in place of each variable `${…}` for which `other` has one; whether it had.
pub(super) fn replace_variables(
    value: &mut String,
    other: impl Fn(&str) -> Option<String>,
) -> bool {
    let mut found = false;
    let mut rewritten = String::new();
    let mut rest = value.as_str();
    while let Some((before, after)) = rest.split_once("${") {
        let (inside, behind) = after.split_once('}').expect("cases close their variables");
        rewritten.push_str(before);
        match other(inside) {
            Some(text) => {
                found = true;
                rewritten.push_str(&text);
            }
            None => rewritten.extend(["${", inside, "}"]),
        }
        rest = behind;
    }
    rewritten.push_str(rest);
    *value = rewritten;
    found
}

fn values_mut(values: &mut Values) -> &mut [String] {
    match values {
        Values::One(value) => std::slice::from_mut(value),
        Values::Many(values) => values,
    }
}
