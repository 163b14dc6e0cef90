//! What the provider sends back with the browser.

use openidconnect::{AuthorizationCode, IssuerUrl};
use serde::Deserialize;

use super::error::{Refused, short};

/// The query of the return (OpenID Connect Core 1.0, sections 3.1.2.5 and 3.1.2.6). Any web page
/// can send a browser here with any of it.
#[derive(Clone, Default, Deserialize)]
pub struct Returned {
    /// What went to the provider.
    #[serde(default)]
    pub state: String,
    code: Option<String>,
    /// Who answers (RFC 9207).
    iss: Option<String>,
    error: Option<String>,
}

impl Returned {
    /// The code, if the answer is this issuer's and a good one.
    ///
    /// Whoever sends the code of another provider here wants it redeemed where it does not belong
    /// (RFC 9207, section 1). So a wrong `iss` is refused, a missing one too where the provider
    /// promised it, and an error of somebody else is none.
    pub(super) fn code(
        &self,
        issuer: &IssuerUrl,
        names_itself: bool,
    ) -> Result<AuthorizationCode, Refused> {
        match &self.iss {
            Some(iss) if iss != issuer.as_str() => return Err(Refused::WrongIssuer),
            None if names_itself => return Err(Refused::MissingIssuer),
            _ => {}
        }
        match (&self.error, &self.code) {
            (Some(error), _) if error == "access_denied" => Err(Refused::Cancelled),
            (Some(error), _) => Err(Refused::Declined(short(error))),
            (None, Some(code)) => Ok(AuthorizationCode::new(code.clone())),
            (None, None) => Err(Refused::Malformed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(query: &[(&str, &str)], names_itself: bool) -> String {
        let find = |name| {
            let found = query.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let returned = Returned {
            state: String::new(),
            code: find("code"),
            iss: find("iss"),
            error: find("error"),
        };
        let issuer = IssuerUrl::new("https://login.example.org".to_owned()).unwrap();
        match returned.code(&issuer, names_itself) {
            Ok(code) => code.secret().clone(),
            Err(error) => format!("{error:?}"),
        }
    }

    #[test]
    fn a_code_is_taken_from_the_right_issuer_only() {
        const OWN: (&str, &str) = ("iss", "https://login.example.org");
        let code = ("code", "c");
        for (query, names_itself, expected) in [
            (&[code, OWN][..], true, "c"),
            (&[code, OWN], false, "c"),
            (&[code], false, "c"),
            (&[code], true, "MissingIssuer"),
            (
                &[code, ("iss", "https://login.example.org/")],
                false,
                "WrongIssuer",
            ),
            (
                &[code, ("iss", "https://other.example.org")],
                false,
                "WrongIssuer",
            ),
            (&[code, ("iss", "")], false, "WrongIssuer"),
            (&[OWN], true, "Malformed"),
            (&[OWN, ("error", "access_denied")], true, "Cancelled"),
            (&[("error", "access_denied")], true, "MissingIssuer"),
            (
                &[OWN, code, ("error", "login_required")],
                true,
                "Declined(\"login_required\")",
            ),
            (
                &[OWN, ("error", "a\nb\u{1b}[0m")],
                true,
                "Declined(\"ab[0m\")",
            ),
        ] {
            assert_eq!(outcome(query, names_itself), expected, "{query:?}");
        }
    }
}
