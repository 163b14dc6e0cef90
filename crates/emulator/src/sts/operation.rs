//! The operations of STS's API model by name.

/// The operations that the emulator carries out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    AssumeRole,
    GetCallerIdentity,
}

impl Operation {
    /// Every one, by name.
    pub(crate) const ALL: [Self; 2] = [Self::AssumeRole, Self::GetCallerIdentity];

    /// The name as AWS spells it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::AssumeRole => "AssumeRole",
            Self::GetCallerIdentity => "GetCallerIdentity",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|operation| operation.name() == name)
    }
}

/// Whether AWS takes this operation without a signature: another token proves who calls
/// ("`AssumeRoleWithSAML`" and "`AssumeRoleWithWebIdentity`", AWS STS API reference).
pub(crate) fn taken_unsigned(name: &str) -> bool {
    ["AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"].contains(&name)
}

/// Whether AWS has an operation of this name that the emulator does not carry out.
pub(crate) fn known_to_aws(name: &str) -> bool {
    [
        "AssumeRoleWithSAML",
        "AssumeRoleWithWebIdentity",
        "AssumeRoot",
        "DecodeAuthorizationMessage",
        "GetAccessKeyInfo",
        "GetDelegatedAccessToken",
        "GetFederationToken",
        "GetSessionToken",
        "GetWebIdentityToken",
    ]
    .contains(&name)
}
