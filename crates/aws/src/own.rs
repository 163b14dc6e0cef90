//! Who Customhouse itself is.

use crate::clients::Aws;
use crate::trace::{Trace, clipped};
use domain::Region;
use operations::ports::aws::{Answer, AwsError, CallerIdentity, ErrorClass};

impl Aws {
    /// Asks STS in `region` whose the base credentials are, before any role is assumed.
    ///
    /// Fails like any read; without credentials nothing is sent.
    pub async fn own_identity(&self, region: &Region) -> Result<Answer<CallerIdentity>, AwsError> {
        let trace = Trace::start("GetCallerIdentity", &*self.inner.clock);
        let result = self
            .inner
            .sts(region)
            .get_caller_identity()
            .customize()
            .interceptor(trace.interceptor())
            .send()
            .await;
        let output = match result {
            Ok(output) => output,
            Err(error) => return Err(trace.error(&error)),
        };
        if let Some(account) = output.account().and_then(|account| account.parse().ok()) {
            let arn = clipped(output.arn().unwrap_or_default(), 2048);
            return Ok(trace.answer(CallerIdentity { account, arn }));
        }
        let message = "AWS answered without an account number".to_owned();
        Err(trace.failed(ErrorClass::Ambiguous, None, message))
    }
}
