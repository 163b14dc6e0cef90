//! The AWS services behind the one endpoint.

use crate::random;
use crate::request::Request;
use crate::sigv4::Authorization;
use crate::sts::input::Form;
use domain::Random;

/// A service that the emulator plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Service {
    /// Amazon Rekognition: AWS JSON 1.1.
    Rekognition,
    /// AWS STS: the Query protocol with XML answers.
    Sts,
    /// Amazon S3: REST.
    S3,
    /// AWS KMS: AWS JSON 1.1.
    Kms,
    /// AWS IAM: the Query protocol with XML answers.
    Iam,
}

impl Service {
    /// The name in a credential's scope, which is also the prefix of IAM actions.
    pub(crate) fn signing_name(self) -> &'static str {
        match self {
            Self::Rekognition => "rekognition",
            Self::Sts => "sts",
            Self::S3 => "s3",
            Self::Kms => "kms",
            Self::Iam => "iam",
        }
    }

    /// The service with this name in a credential's scope.
    pub(crate) fn from_signing_name(name: &str) -> Option<Self> {
        [Self::Rekognition, Self::Sts, Self::S3, Self::Kms, Self::Iam]
            .into_iter()
            .find(|service| service.signing_name() == name)
    }

    /// The service that a request is for: the one that it is signed for, and for want of a
    /// signature the likeliest one.
    pub(crate) fn meant(authorization: Option<&Authorization>, request: &Request) -> Self {
        authorization
            .and_then(|one| Self::from_signing_name(&one.scope.service))
            .unwrap_or_else(|| Self::guess(request))
    }

    /// An id for a request, in the shape of this service's ids.
    pub(crate) fn request_id(self, random: &dyn Random) -> String {
        match self {
            Self::S3 => random::text(random, b"0123456789ABCDEFGHJKMNPQRSTVWXYZ", 16),
            Self::Rekognition | Self::Sts | Self::Kms | Self::Iam => random::request_id(random),
        }
    }

    /// The service that an unsigned or unreadable request was most likely meant for, so that its
    /// refusal is written the way the sender expects.
    fn guess(request: &Request) -> Self {
        let form = request
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        if let Some(target) = request.header("x-amz-target") {
            if target.starts_with(crate::kms::TARGET_PREFIX) {
                Self::Kms
            } else {
                Self::Rekognition
            }
        } else if form || request.query.contains("Action=") {
            let form = Form::read(&request.query, &request.body);
            if form.get("Version") == Some(crate::iam_service::VERSION) {
                Self::Iam
            } else {
                Self::Sts
            }
        } else {
            Self::S3
        }
    }

    /// How far a signature's moment may lie from the machine's clock, in milliseconds.
    pub(crate) fn allowed_skew_ms(self) -> i64 {
        match self {
            Self::Rekognition | Self::Sts | Self::Kms | Self::Iam => 5 * 60 * 1000,
            Self::S3 => 15 * 60 * 1000,
        }
    }
}
