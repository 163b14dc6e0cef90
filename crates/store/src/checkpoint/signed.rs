//! Checkpoints with a signature, for keeping where whoever can write to the database cannot.
//!
//! Signed with Ed25519 (RFC 8032) are the bytes `customhouse checkpoint 1`, a line feed, and the
//! canonical JSON (RFC 8785) of all members but `signature`. The members are those of
//! [`Checkpoint`], `at` and `key`.

use super::Checkpoint;
use crate::error::StoreError;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::canonical::to_canonical_json;
use domain::{Millis, Random};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What is signed begins with this, so that no other text that the key may sign one day is taken for
/// a checkpoint.
const PURPOSE: &str = "customhouse checkpoint 1\n";
/// What stands before the 32 bytes of a key in a `SubjectPublicKeyInfo` (RFC 8410, section 4).
const SPKI: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// A checkpoint as it is written to files and logs: one line of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// How far the database was.
    #[serde(flatten)]
    pub checkpoint: Checkpoint,
    /// When, and who vouches for it. None in files of former versions.
    #[serde(flatten)]
    pub seal: Option<Seal>,
}

/// Who vouches for a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// When it was signed.
    pub at: Millis,
    /// With the other half of this key.
    pub key: PublicKey,
    /// The signature: 128 lower-case hexadecimal digits.
    pub signature: String,
}

/// What is signed.
#[derive(Serialize)]
struct Statement<'a> {
    #[serde(flatten)]
    checkpoint: &'a Checkpoint,
    at: Millis,
    key: &'a PublicKey,
}

/// Why a signature proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealFault {
    /// There is none.
    #[error("it is not signed")]
    Missing,
    /// It was made with another key.
    #[error("it is signed with another key")]
    OtherKey,
    /// It does not belong to this checkpoint.
    #[error("its signature is not one of this checkpoint")]
    Wrong,
}

/// The half of a key that signs. Prints without it.
pub struct SigningKey(Ed25519KeyPair);

/// The half of a key that everybody may know.
///
/// Prints as 64 lower-case hexadecimal digits, and is read from exactly that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey([u8; 32]);

/// Text that is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a key, which is 64 lower-case hexadecimal digits")]
pub struct InvalidKey;

impl SigningKey {
    /// The text of a new key: 64 lower-case hexadecimal digits, a secret.
    pub fn generate(random: &dyn Random) -> String {
        let mut seed = [0; 32];
        random.fill(&mut seed);
        hex::encode(seed)
    }

    /// The key of this text, the seed of RFC 8032 in hexadecimal digits.
    pub fn from_text(text: &str) -> Result<Self, InvalidKey> {
        let seed = hex::decode(text).map_err(|_| InvalidKey)?;
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| InvalidKey)?;
        Ok(Self(pair))
    }

    /// The other half.
    pub fn public_key(&self) -> PublicKey {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.0.public_key().as_ref());
        PublicKey(bytes)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningKey(…)")
    }
}

impl PublicKey {
    /// The key as other tools read it: a `SubjectPublicKeyInfo` in PEM (RFC 7468).
    pub fn to_pem(&self) -> String {
        let bytes = BASE64.encode([&SPKI[..], &self.0].concat());
        format!("-----BEGIN PUBLIC KEY-----\n{bytes}\n-----END PUBLIC KEY-----\n")
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(self.0))
    }
}

impl FromStr for PublicKey {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        let bytes = hex::decode(text).map_err(|_| InvalidKey)?;
        let key = Self(bytes.try_into().map_err(|_| InvalidKey)?);
        (key.to_string() == text).then_some(key).ok_or(InvalidKey)
    }
}

impl TryFrom<String> for PublicKey {
    type Error = InvalidKey;

    fn try_from(text: String) -> Result<Self, InvalidKey> {
        text.parse()
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> Self {
        key.to_string()
    }
}

impl Noted {
    /// A checkpoint that nobody vouches for.
    pub fn unsigned(checkpoint: Checkpoint) -> Self {
        Self {
            checkpoint,
            seal: None,
        }
    }

    /// Signs a checkpoint. Fails if it holds a number that canonical JSON cannot.
    pub fn signed(
        checkpoint: Checkpoint,
        at: Millis,
        key: &SigningKey,
    ) -> Result<Self, StoreError> {
        let public = key.public_key();
        let bytes = statement(&checkpoint, at, &public).ok_or(StoreError::Unwritable {
            table: "audit",
            column: "hash",
        })?;
        let signature = hex::encode(key.0.sign(&bytes));
        Ok(Self {
            checkpoint,
            seal: Some(Seal {
                at,
                key: public,
                signature,
            }),
        })
    }

    /// Whether whoever holds the other half of `key` has signed exactly this checkpoint.
    pub fn check(&self, key: &PublicKey) -> Result<(), SealFault> {
        let seal = self.seal.as_ref().ok_or(SealFault::Missing)?;
        if seal.key != *key {
            return Err(SealFault::OtherKey);
        }
        let bytes = statement(&self.checkpoint, seal.at, key).ok_or(SealFault::Wrong)?;
        let signature = hex::decode(&seal.signature).map_err(|_| SealFault::Wrong)?;
        let key = UnparsedPublicKey::new(&ED25519, &key.0);
        key.verify(&bytes, &signature).map_err(|_| SealFault::Wrong)
    }
}

fn statement(checkpoint: &Checkpoint, at: Millis, key: &PublicKey) -> Option<Vec<u8>> {
    let statement = Statement {
        checkpoint,
        at,
        key,
    };
    let text = to_canonical_json(&statement).ok()?;
    Some([PURPOSE.as_bytes(), text.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8032, section 7.1, test 1.
    const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    const PUBLIC: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    fn checkpoint() -> Checkpoint {
        Checkpoint {
            installation: None,
            epoch: 1,
            event_seq: 7,
            audit_seq: 42,
            audit_hash: "ab".repeat(32),
        }
    }

    fn noted() -> Noted {
        let key = SigningKey::from_text(SEED).unwrap();
        Noted::signed(checkpoint(), Millis::new(1_795_515_254_000), &key).unwrap()
    }

    #[test]
    fn a_signature_holds_for_what_was_signed_and_nothing_else() {
        let key: PublicKey = PUBLIC.parse().unwrap();
        let noted = noted();
        assert_eq!(noted.check(&key), Ok(()));
        let line = serde_json::to_string(&noted).unwrap();
        let read: Noted = serde_json::from_str(&line).unwrap();
        assert_eq!(read, noted);
        assert_eq!(read.check(&key), Ok(()));

        let other = SigningKey::from_text(&"11".repeat(32))
            .unwrap()
            .public_key();
        assert_eq!(noted.check(&other), Err(SealFault::OtherKey));
        let unsigned = Noted::unsigned(checkpoint());
        assert_eq!(unsigned.check(&key), Err(SealFault::Missing));
        for change in [
            |noted: &mut Noted| noted.checkpoint.audit_seq = 41,
            |noted: &mut Noted| noted.checkpoint.audit_hash = "ac".repeat(32),
            |noted: &mut Noted| noted.checkpoint.epoch = 2,
            |noted: &mut Noted| noted.checkpoint.event_seq = 8,
            |noted: &mut Noted| noted.seal.as_mut().unwrap().at = Millis::new(1),
            |noted: &mut Noted| noted.seal.as_mut().unwrap().signature = "00".repeat(64),
            |noted: &mut Noted| noted.seal.as_mut().unwrap().signature = String::new(),
        ] {
            let mut changed = noted.clone();
            change(&mut changed);
            assert_eq!(changed.check(&key), Err(SealFault::Wrong), "{changed:?}");
        }
    }

    /// What `openssl pkeyutl -verify -pubin -rawin` is given.
    #[test]
    fn what_is_signed_can_be_put_together_by_any_tool() {
        let noted = noted();
        let seal = noted.seal.as_ref().unwrap();
        let text = format!(
            "customhouse checkpoint 1\n{{\"at\":1795515254000,\"audit_hash\":\"{}\",\
             \"audit_seq\":42,\"epoch\":1,\"event_seq\":7,\"installation\":null,\
             \"key\":\"{PUBLIC}\"}}",
            "ab".repeat(32)
        );
        let key = hex::decode(PUBLIC).unwrap();
        let signature = hex::decode(&seal.signature).unwrap();
        UnparsedPublicKey::new(&ED25519, key)
            .verify(text.as_bytes(), &signature)
            .unwrap();
        let pem = seal.key.to_pem();
        let expected = "\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n";
        assert!(pem.contains(expected), "{pem}");
    }

    #[test]
    fn a_line_of_a_former_version_is_read_as_unsigned() {
        let line = serde_json::to_string(&checkpoint()).unwrap();
        let read: Noted = serde_json::from_str(&line).unwrap();
        assert_eq!(read, Noted::unsigned(checkpoint()));
    }

    #[test]
    fn keys_are_read_from_exactly_what_is_printed() {
        for text in ["", "d75a", &PUBLIC.to_uppercase(), &format!("{PUBLIC}00")] {
            assert_eq!(text.parse::<PublicKey>(), Err(InvalidKey), "{text}");
        }
        for text in ["", "9d61", &"zz".repeat(32)] {
            assert!(SigningKey::from_text(text).is_err(), "{text}");
        }
        let key = SigningKey::from_text(SEED).unwrap();
        assert_eq!(key.public_key().to_string(), PUBLIC);
        assert_eq!(format!("{key:?}"), "SigningKey(…)");
    }
}
