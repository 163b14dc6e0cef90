"""What a script is refused, by the names that boto3 shows."""

import botocore.exceptions
import pytest
from emulated import DEV, HOME, PROD, STAGING
from test_flow import copy_request, grant


def refused(call, *arguments, **parameters):
    """The code and status of a call that must be refused."""
    with pytest.raises(botocore.exceptions.ClientError) as raised:
        call(*arguments, **parameters)
    answer = raised.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def put_grant(aws, document):
    aws.rekognition(DEV, "promoter").put_project_policy(
        ProjectArn=aws.project(DEV, "inspector"), PolicyName="grant", PolicyDocument=document
    )


@pytest.fixture
def prod(aws):
    return aws.rekognition(PROD, "promoter")


@pytest.fixture
def granted(aws):
    put_grant(aws, grant(aws.version(DEV, "inspector", "v7")))


def test_no_project_policy(aws, prod):
    assert refused(prod.copy_project_version, **copy_request(aws)) == (
        "AccessDeniedException",
        400,
    )


def test_a_policy_that_names_another_role(aws, prod):
    document = grant(aws.version(DEV, "inspector", "v7")).replace(PROD, STAGING)
    put_grant(aws, document)
    assert refused(prod.copy_project_version, **copy_request(aws)) == (
        "AccessDeniedException",
        400,
    )


@pytest.mark.parametrize("external_id", [None, "another-id"])
def test_a_wrong_external_id(aws, external_id):
    assert refused(aws.assume, PROD, "promoter", ExternalId=external_id) == ("AccessDenied", 403)


def test_a_wrong_region(aws, granted):
    virginia = aws.rekognition(PROD, "promoter", "us-east-1")
    assert refused(virginia.copy_project_version, **copy_request(aws)) == (
        "InvalidParameterException",
        400,
    )


def test_a_duplicate_version_name(aws, granted, prod):
    prod.copy_project_version(**copy_request(aws))
    assert refused(prod.copy_project_version, **copy_request(aws)) == (
        "ResourceInUseException",
        400,
    )


def test_a_tampered_signature(aws):
    wrong = HOME | {"aws_secret_access_key": "another-secret-of-sufficient-length-00000"}
    sts = aws.client("sts", wrong)
    assert refused(sts.get_caller_identity) == ("SignatureDoesNotMatch", 403)
    rekognition = aws.client("rekognition", wrong)
    assert refused(rekognition.describe_projects) == ("InvalidSignatureException", 400)
    unknown = HOME | {"aws_access_key_id": "CHEMULATORDEV9999999"}
    rekognition = aws.client("rekognition", unknown)
    assert refused(rekognition.describe_projects) == ("UnrecognizedClientException", 400)


def test_a_tampered_body(aws):
    reader = aws.rekognition(DEV, "reader")

    def tamper(request, **_):
        request.body = request.body.replace(b"inspector", b"inspectoR")

    reader.meta.events.register("before-send.rekognition", tamper)
    assert refused(
        reader.list_project_policies, ProjectArn=aws.project(DEV, "inspector")
    ) == ("InvalidSignatureException", 400)


def test_an_expired_session(aws):
    credentials = aws.assume(DEV, "reader")
    reader = aws.client("rekognition", credentials)
    reader.describe_projects()
    aws.control("advance", {"seconds": 3601})
    assert refused(reader.describe_projects) == ("ExpiredTokenException", 400)
    assert refused(aws.client("sts", credentials).get_caller_identity) == ("ExpiredToken", 403)


def test_limits_that_boto3_leaves_to_the_server(aws, granted, prod):
    wrong = [
        {"VersionName": "v 7"},
        {"VersionName": "x" * 256},
        {"OutputConfig": {"S3Bucket": "a/bc"}},
        {"OutputConfig": {}},
        {"Tags": {"aws:team": "vision"}},
        {"KmsKeyId": "a key"},
    ]
    for change in wrong:
        answer = refused(prod.copy_project_version, **copy_request(aws, **change))
        assert answer == ("InvalidParameterException", 400), change
    assert refused(prod.describe_projects, MaxResults=101) == ("ValidationException", 400)


def test_buckets(aws):
    s3 = aws.client("s3", aws.assume(PROD, "promoter"))
    assert refused(s3.head_bucket, Bucket="no-such-bucket") == ("404", 404)
    assert refused(s3.head_bucket, Bucket="vision-dev-models") == ("403", 403)


def test_what_the_emulator_does_not_have(aws, prod):
    assert refused(
        prod.start_project_version,
        ProjectVersionArn=aws.version(PROD, "inspector", "v6"),
        MinInferenceUnits=1,
    ) == ("NotEmulated", 501)
