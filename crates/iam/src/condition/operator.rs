//! Reading an operator's name.

/// How values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    StringEquals,
    StringEqualsIgnoreCase,
    StringLike,
    /// `ArnEquals` and `ArnLike`, which AWS says are the same.
    Arn,
    Bool,
    Number(Order),
    Date(Order),
    Address,
    Binary,
}

/// The orders that numbers and dates are tested for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Which of a key's values must pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantifier {
    /// The key has one value, and it must.
    Single,
    ForAnyValue,
    ForAllValues,
}

/// An operator of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    /// Tests whether the key is there.
    Null,
    /// Compares values.
    Compare {
        comparison: Comparison,
        negated: bool,
        quantifier: Quantifier,
        if_exists: bool,
    },
}

impl Operator {
    /// Reads a name such as `ForAnyValue:StringNotLikeIfExists`; `None` for one not known here.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let (quantifier, name) = match name.split_once(':') {
            None => (Quantifier::Single, name),
            Some(("ForAnyValue", name)) => (Quantifier::ForAnyValue, name),
            Some(("ForAllValues", name)) => (Quantifier::ForAllValues, name),
            Some(_) => return None,
        };
        if name == "Null" {
            return (quantifier == Quantifier::Single).then_some(Self::Null);
        }
        let (name, if_exists) = match name.strip_suffix("IfExists") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let (comparison, negated) = comparison(name)?;
        Some(Self::Compare {
            comparison,
            negated,
            quantifier,
            if_exists,
        })
    }
}

fn comparison(name: &str) -> Option<(Comparison, bool)> {
    let plain = |comparison| Some((comparison, false));
    let negated = |comparison| Some((comparison, true));
    match name {
        "StringEquals" => plain(Comparison::StringEquals),
        "StringNotEquals" => negated(Comparison::StringEquals),
        "StringEqualsIgnoreCase" => plain(Comparison::StringEqualsIgnoreCase),
        "StringNotEqualsIgnoreCase" => negated(Comparison::StringEqualsIgnoreCase),
        "StringLike" => plain(Comparison::StringLike),
        "StringNotLike" => negated(Comparison::StringLike),
        "ArnEquals" | "ArnLike" => plain(Comparison::Arn),
        "ArnNotEquals" | "ArnNotLike" => negated(Comparison::Arn),
        "Bool" => plain(Comparison::Bool),
        "BinaryEquals" => plain(Comparison::Binary),
        "IpAddress" => plain(Comparison::Address),
        "NotIpAddress" => negated(Comparison::Address),
        "NumericNotEquals" => negated(Comparison::Number(Order::Equal)),
        "DateNotEquals" => negated(Comparison::Date(Order::Equal)),
        _ => {
            if let Some(order) = name.strip_prefix("Numeric") {
                plain(Comparison::Number(self::order(order)?))
            } else {
                plain(Comparison::Date(order(name.strip_prefix("Date")?)?))
            }
        }
    }
}

fn order(name: &str) -> Option<Order> {
    match name {
        "Equals" => Some(Order::Equal),
        "LessThan" => Some(Order::Less),
        "LessThanEquals" => Some(Order::LessOrEqual),
        "GreaterThan" => Some(Order::Greater),
        "GreaterThanEquals" => Some(Order::GreaterOrEqual),
        _ => None,
    }
}

impl Order {
    pub(super) fn holds(self, found: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => found.is_eq(),
            Self::Less => found.is_lt(),
            Self::LessOrEqual => found.is_le(),
            Self::Greater => found.is_gt(),
            Self::GreaterOrEqual => found.is_ge(),
        }
    }
}
