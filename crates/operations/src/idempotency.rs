//! Sending the same request twice acts once.
//!
//! A form carries a hidden id, an API request an `Idempotency-Key`; both are the same key here. The
//! key is remembered in the transaction that acts on it, and writers take turns, so of two equal
//! requests at the same moment the later one finds the result of the earlier one.

use crate::context::OpContext;
use crate::error::{ConflictCode, OpError, OpResult};
use crate::field::{Field, FieldCode, FieldError};
use domain::{Millis, canonical};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use store::Tx;

/// A key together with what it was sent for.
pub(crate) struct Request {
    scope: &'static str,
    key: String,
    hash: String,
}

/// Checks a key as it came. An empty one is none: such a request acts each time it is sent.
pub(crate) fn check_key(text: &str) -> Option<FieldError> {
    let good = text.len() <= 200 && text.bytes().all(|byte| byte.is_ascii_graphic());
    (!good).then(|| FieldError::new(Field::FormId, FieldCode::NotAFormId))
}

impl Request {
    /// The request for `key`, unless that is empty. `scope` names the use case, `contents` is all
    /// that was asked for. A key is
    /// its person's own: nobody finds out, or gets in the way of, what another one used.
    pub(crate) fn new(
        cx: &OpContext,
        scope: &'static str,
        key: &str,
        contents: &impl Serialize,
    ) -> OpResult<Option<Self>> {
        if key.is_empty() {
            return Ok(None);
        }
        let hashed = |contents: Result<String, canonical::NotCanonical>| {
            let contents = contents.map_err(|_| OpError::stored("request to be hashed"))?;
            OpResult::Ok(hex::encode(Sha256::digest(contents.as_bytes())))
        };
        Ok(Some(Self {
            scope,
            key: hashed(canonical::to_canonical_json(&(cx.actor(), key)))?,
            hash: hashed(canonical::to_canonical_json(contents))?,
        }))
    }

    /// What the same request gave before, if it was sent before. The same key with other contents
    /// is a conflict.
    pub(crate) async fn earlier<T: DeserializeOwned>(&self, tx: &mut Tx) -> OpResult<Option<T>> {
        let Some(found) = store::idempotency::find(tx, self.scope, &self.key).await? else {
            return Ok(None);
        };
        if found.request_hash != self.hash {
            return Err(OpError::Conflict {
                code: ConflictCode::IdempotencyMismatch,
            });
        }
        let result = serde_json::from_value(found.result)
            .map_err(|_| OpError::stored("result of an idempotency key"))?;
        Ok(Some(result))
    }

    /// Keeps what the request gave.
    pub(crate) async fn remember(
        &self,
        tx: &mut Tx,
        result: &impl Serialize,
        at: Millis,
    ) -> OpResult<()> {
        let result = serde_json::to_value(result)
            .map_err(|_| OpError::stored("result of an idempotency key"))?;
        store::idempotency::remember(tx, self.scope, &self.key, &self.hash, &result, at).await?;
        Ok(())
    }
}
