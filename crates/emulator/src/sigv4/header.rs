//! The `Authorization` header: who claims to call, for which Region and service.

use super::{ALGORITHM, Scope, SignatureRefusal};
use http::HeaderMap;

/// A parsed `Authorization` header. Nothing in it is proven yet.
#[derive(Clone, Debug)]
pub(crate) struct Authorization {
    pub(crate) access_key_id: String,
    pub(crate) scope: Scope,
    /// Lower-case names, in the sender's order.
    pub(crate) signed_headers: Vec<String>,
    pub(crate) signature: String,
}

impl Authorization {
    /// Reads the header. A request without one is [`SignatureRefusal::Missing`]; one whose
    /// parts are absent or out of shape is [`SignatureRefusal::Incomplete`].
    pub(crate) fn read(headers: &HeaderMap) -> Result<Self, SignatureRefusal> {
        let value = headers
            .get(http::header::AUTHORIZATION)
            .ok_or(SignatureRefusal::Missing)?;
        let text = value
            .to_str()
            .map_err(|_| incomplete("it is not plain text"))?;
        let parts = text
            .strip_prefix(ALGORITHM)
            .ok_or_else(|| incomplete(&format!("its algorithm is not {ALGORITHM}")))?;
        let part = |name: &str| {
            parts
                .split(',')
                .filter_map(|part| part.trim().split_once('='))
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.to_owned())
                .ok_or_else(|| incomplete(&format!("it requires '{name}' parameter")))
        };
        let credential = part("Credential")?;
        let signed_headers: Vec<String> = part("SignedHeaders")?
            .split(';')
            .map(str::to_owned)
            .collect();
        if signed_headers
            .iter()
            .any(|name| name.is_empty() || *name != name.to_lowercase())
        {
            return Err(incomplete(
                "'SignedHeaders' is not a list of lower-case names",
            ));
        }
        let (access_key_id, scope) = read_credential(&credential)?;
        Ok(Self {
            access_key_id,
            scope,
            signed_headers,
            signature: part("Signature")?,
        })
    }
}

fn read_credential(credential: &str) -> Result<(String, Scope), SignatureRefusal> {
    let [access_key_id, date, region, service, end] = credential
        .split('/')
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| incomplete("'Credential' is not KEY/DATE/REGION/SERVICE/aws4_request"))?;
    let good_date = date.len() == 8 && date.bytes().all(|byte| byte.is_ascii_digit());
    let filled = !access_key_id.is_empty() && !region.is_empty() && !service.is_empty();
    if !good_date || !filled || end != "aws4_request" {
        return Err(incomplete(
            "'Credential' is not KEY/DATE/REGION/SERVICE/aws4_request",
        ));
    }
    let scope = Scope {
        date: date.to_owned(),
        region: region.to_owned(),
        service: service.to_owned(),
    };
    Ok((access_key_id.to_owned(), scope))
}

fn incomplete(what: &str) -> SignatureRefusal {
    SignatureRefusal::Incomplete(format!("The Authorization header cannot be read: {what}."))
}
