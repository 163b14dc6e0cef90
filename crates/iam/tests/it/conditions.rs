//! Condition operators, keys and policy variables, each through a whole decision.

mod keys;
mod operators;
mod several_values;
mod variables;

use crate::world::decide;
use iam::ConditionContext;

/// Rows of an operator with the values it asks for, the values of the key, and the word expected.
fn check(rows: &[(&str, &[&str], &str)]) {
    for (test, values, expected) in rows {
        let (operator, wanted) = test.split_once(' ').expect("operator and values");
        let context = ConditionContext::new()
            .with_all("test:key", values.iter().map(|value| (*value).to_owned()));
        let condition = format!(r#"{{"{operator}":{{"test:KEY":{wanted}}}}}"#);
        assert_eq!(
            decide(&condition, context),
            *expected,
            "{condition} on {values:?}"
        );
    }
}
