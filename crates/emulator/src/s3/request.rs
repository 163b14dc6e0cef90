//! What a request asks of S3.

use crate::request::Request;
use http::Method;
use serde_json::{Value, json};

/// A bucket and whose the caller takes it for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The bucket's name as sent.
    pub(crate) bucket: String,
    /// `x-amz-expected-bucket-owner`.
    pub(crate) expected_owner: Option<String>,
}

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    /// `HEAD /BUCKET`.
    HeadBucket(Place),
    /// `GET /BUCKET/KEY`. Holds the key, decoded.
    GetObject(Place, String),
    /// Something that S3 has and the emulator has not. Holds what it looks like.
    NotEmulated(String),
}

/// Headers of `GetObject` that change what is answered.
const NOT_TAKEN: &[&str] = &[
    "range",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
    "x-amz-server-side-encryption-customer-algorithm",
    "x-amz-server-side-encryption-customer-key",
    "x-amz-server-side-encryption-customer-key-md5",
];

/// The operations that are played.
pub(crate) const PLAYED: [&str; 2] = ["GetObject", "HeadBucket"];

impl Operation {
    /// Reads what `request` asks for.
    pub(crate) fn read(request: &Request) -> Self {
        let path = request.path.strip_prefix('/').unwrap_or(&request.path);
        let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
        let place = Place {
            bucket: bucket.to_owned(),
            expected_owner: request
                .header("x-amz-expected-bucket-owner")
                .map(str::to_owned),
        };
        let query = request.query.as_str();
        match (&request.method, bucket, key) {
            (_, "", _) => {}
            (&Method::HEAD, _, "") if query.is_empty() => return Self::HeadBucket(place),
            (&Method::GET, _, key)
                if !key.is_empty() && ["", "x-id=GetObject"].contains(&query) =>
            {
                let refused = NOT_TAKEN
                    .iter()
                    .find(|name| request.headers.contains_key(**name));
                return match (refused, decoded(key)) {
                    (Some(name), _) => {
                        Self::NotEmulated(format!("the header {name} of s3:GetObject"))
                    }
                    (None, Some(key)) => Self::GetObject(place, key),
                    (None, None) => Self::NotEmulated("object keys that are not UTF-8".to_owned()),
                };
            }
            _ => {}
        }
        let query = match query {
            "" => String::new(),
            query => format!("?{}", members(query)),
        };
        let Request { method, path, .. } = request;
        Self::NotEmulated(format!("the S3 operation {method} {path}{query}"))
    }

    /// The name for ledger and fault rules.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::HeadBucket(_) => "HeadBucket",
            Self::GetObject(..) => "GetObject",
            Self::NotEmulated(_) => "NotEmulated",
        }
    }

    /// For the ledger.
    pub(crate) fn parameters(&self, request: &Request) -> Value {
        match self {
            Self::HeadBucket(place) => json!({ "Bucket": place.bucket }),
            Self::GetObject(place, key) => json!({ "Bucket": place.bucket, "Key": key }),
            Self::NotEmulated(_) => json!({
                "Method": request.method.as_str(),
                "Path": request.path,
                "Query": members(&request.query),
            }),
        }
    }
}

/// The names of a query's members. Values can be secrets, such as a session's token.
fn members(query: &str) -> String {
    let names = query
        .split('&')
        .map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name));
    names.collect::<Vec<_>>().join("&")
}

/// A key without its percent signs; a plus sign stands for itself in a path.
fn decoded(key: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(key.len());
    let mut rest = key.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.extend(hex::decode(digits).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;

    fn read(method: Method, path: &str, query: &str) -> Operation {
        Operation::read(&Request {
            method,
            path: path.to_owned(),
            query: query.to_owned(),
            headers: http::HeaderMap::new(),
            body: Bytes::new(),
        })
    }

    #[test]
    fn an_object_key_is_decoded_once_and_other_operations_are_refused_by_name() {
        let key = |path, query| match read(Method::GET, path, query) {
            Operation::GetObject(place, key) => format!("{}|{key}", place.bucket),
            other => other.name().to_owned(),
        };
        assert_eq!(key("/models/a/b.json", "x-id=GetObject"), "models|a/b.json");
        assert_eq!(key("/models/a%20b+c%2525", ""), "models|a b+c%25");
        assert_eq!(key("/models/%C3%A9", ""), "models|é");
        for (path, query) in [
            ("/models/%FF", ""),
            ("/models/%4", ""),
            ("/models/a", "acl"),
            ("/models/a", "versionId=1"),
            ("/models", ""),
            ("/", ""),
        ] {
            assert_eq!(key(path, query), "NotEmulated", "{path}?{query}");
        }
        let on_bucket = |path| read(Method::HEAD, path, "").name();
        assert_eq!(on_bucket("/models"), "HeadBucket");
        assert_eq!(on_bucket("/models/"), "HeadBucket");
        assert_eq!(on_bucket("/models/a"), "NotEmulated", "HeadObject");
    }

    #[test]
    fn a_refusal_names_members_of_the_query_without_their_values() {
        let query = "versionId=1&X-Amz-Security-Token=secret&acl";
        let Operation::NotEmulated(what) = read(Method::GET, "/models/a", query) else {
            panic!("it is not played");
        };
        let names = "?versionId&X-Amz-Security-Token&acl";
        assert_eq!(what, format!("the S3 operation GET /models/a{names}"));
    }
}
