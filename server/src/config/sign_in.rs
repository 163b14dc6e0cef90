//! `[sign_in]`: how people sign in and for how long.

use std::collections::BTreeSet;
use std::path::PathBuf;

use domain::{EnvironmentName, Role, RoleAssignment};
use operations::people::SignInSettings;
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::environment::EnvironmentSection;
use super::error::Findings;
use super::secret::{self, Secret};

const MINUTE_MS: i64 = 60_000;
/// Longest that a sign-in may last, in hours.
const LONGEST_HOURS: u32 = 8;
/// Longest text of a key here, in characters.
const LONGEST: usize = 200;

/// How people sign in and for how long.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignInSection {
    /// After how many minutes without a request a sign-in ends.
    pub idle_minutes: u32,
    /// After how many hours it ends in any case.
    pub absolute_hours: u32,
    /// The provider that knows the people. Without it only local users sign in.
    pub oidc: Option<OidcSection>,
    /// Which roles the provider's groups give.
    pub group: Vec<GroupSection>,
}

/// An OpenID Connect provider.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OidcSection {
    /// Its issuer identifier, as its metadata have it to the letter.
    pub issuer: String,
    /// What people call it.
    #[serde(default = "usual_display_name")]
    pub display_name: String,
    /// What it calls this console.
    pub client_id: String,
    client_secret: Option<Secret>,
    client_secret_file: Option<PathBuf>,
    /// What is asked for, besides `openid`.
    #[serde(default = "usual_scopes")]
    pub scopes: Vec<String>,
    /// The claim that lists a person's groups.
    #[serde(default = "usual_groups_claim")]
    pub groups_claim: String,
    /// The claim that holds a person's name.
    #[serde(default = "usual_name_claim")]
    pub name_claim: String,
}

/// What members of a group may do.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GroupSection {
    /// The group, as the provider's claim has it.
    pub group: String,
    /// The role of its members.
    pub role: Role,
    /// Where they have it; everywhere when left out.
    pub environment: Option<EnvironmentName>,
}

impl Default for SignInSection {
    fn default() -> Self {
        Self {
            idle_minutes: 60,
            absolute_hours: LONGEST_HOURS,
            oidc: None,
            group: Vec::new(),
        }
    }
}

impl SignInSection {
    /// What the use cases are told.
    pub fn settings(&self) -> SignInSettings {
        SignInSettings {
            idle_ms: i64::from(self.idle_minutes) * MINUTE_MS,
            longest_ms: i64::from(self.absolute_hours) * 60 * MINUTE_MS,
            group_roles: self.group.iter().map(GroupSection::role).collect(),
        }
    }

    pub(super) fn resolve(&mut self, findings: &mut Findings) {
        if let Some(oidc) = &mut self.oidc {
            oidc.resolve(findings);
        }
    }

    pub(super) fn validate(&self, environments: &[EnvironmentSection], findings: &mut Findings) {
        if !(1..=LONGEST_HOURS).contains(&self.absolute_hours) {
            let problem = format!("must lie between 1 and {LONGEST_HOURS} hours");
            findings.add("sign_in.absolute_hours", problem);
        }
        let longest = self.absolute_hours.saturating_mul(60);
        if !(1..=longest).contains(&self.idle_minutes) {
            let problem = "must be at least 1 and no more than sign_in.absolute_hours";
            findings.add("sign_in.idle_minutes", problem);
        }
        match &self.oidc {
            Some(oidc) => oidc.validate(findings),
            None if !self.group.is_empty() => findings.add(
                "sign_in.group",
                "is of no use without [sign_in.oidc]: groups come from the provider",
            ),
            None => {}
        }
        validate_groups(&self.group, environments, findings);
    }
}

impl GroupSection {
    fn role(&self) -> (String, RoleAssignment) {
        let assignment = match &self.environment {
            Some(name) => RoleAssignment::within(self.role, name.clone()),
            None => RoleAssignment::everywhere(self.role),
        };
        (self.group.clone(), assignment)
    }
}

fn validate_groups(
    groups: &[GroupSection],
    environments: &[EnvironmentSection],
    findings: &mut Findings,
) {
    let mut seen = BTreeSet::new();
    for (index, section) in groups.iter().enumerate() {
        let key = |name: &str| format!("sign_in.group[{index}].{name}");
        check_text(key("group"), &section.group, findings);
        let environment = section.environment.as_ref();
        if !seen.insert((&section.group, section.role, environment)) {
            findings.add(format!("sign_in.group[{index}]"), "is there twice");
        }
        // Without environments in the file they come from the database, which is not open yet.
        let unknown = environment.is_some_and(|name| {
            !environments.is_empty() && !environments.iter().any(|one| one.name == *name)
        });
        if unknown {
            findings.add(key("environment"), "names no [[environment]]");
        }
    }
}

impl OidcSection {
    /// What the console proves itself with; `None` for a public client.
    pub fn client_secret(&self) -> Option<&Secret> {
        self.client_secret.as_ref()
    }

    /// Whether the provider runs on this machine and may do without TLS.
    pub fn is_loopback(&self) -> bool {
        Url::parse(&self.issuer).is_ok_and(|url| is_loopback(&url))
    }

    fn resolve(&mut self, findings: &mut Findings) {
        const KEY: &str = "sign_in.oidc.client_secret";
        let Some(file) = &self.client_secret_file else {
            return;
        };
        if self.client_secret.is_some() {
            secret::refuse_both(KEY, findings);
        } else {
            self.client_secret = secret::read_twin(KEY, file, findings).map(Secret::new);
        }
    }

    fn validate(&self, findings: &mut Findings) {
        if !Url::parse(&self.issuer).is_ok_and(|url| is_issuer(&url)) {
            findings.add(
                "sign_in.oidc.issuer",
                "must be https:// (http:// only on a loopback address) and hold no user, query or fragment",
            );
        }
        for (name, text) in [
            ("display_name", &self.display_name),
            ("client_id", &self.client_id),
            ("groups_claim", &self.groups_claim),
            ("name_claim", &self.name_claim),
        ] {
            check_text(format!("sign_in.oidc.{name}"), text, findings);
        }
        if self.client_secret.as_ref().is_some_and(Secret::is_empty) {
            findings.add("sign_in.oidc.client_secret", "is empty");
        }
        for (index, scope) in self.scopes.iter().enumerate() {
            if !is_scope(scope) {
                findings.add(
                    format!("sign_in.oidc.scopes[{index}]"),
                    "must be one scope without spaces or quotes, such as \"profile\"",
                );
            }
        }
    }
}

fn check_text(key: String, text: &str, findings: &mut Findings) {
    let length = text.chars().count();
    if text.trim() != text || !(1..=LONGEST).contains(&length) || text.contains(char::is_control) {
        findings.add(
            key,
            format!("must hold 1 to {LONGEST} characters, none of them at the edge a space"),
        );
    }
}

/// OpenID Connect Discovery 1.0, section 3: `https`, no query and no fragment.
fn is_issuer(url: &Url) -> bool {
    (url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url)))
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// RFC 6749, section 3.3: `scope-token`.
fn is_scope(text: &str) -> bool {
    (1..=LONGEST).contains(&text.len())
        && text
            .bytes()
            .all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

fn usual_display_name() -> String {
    "single sign-on".to_owned()
}

fn usual_scopes() -> Vec<String> {
    vec!["profile".to_owned()]
}

fn usual_groups_claim() -> String {
    "groups".to_owned()
}

fn usual_name_claim() -> String {
    "name".to_owned()
}
