"""Every operation refuses what AWS's common layer refuses, in its service's own words."""

import pytest
from calling import call, client, not_permitted, refusal, under_fault
from emulated import HOME, PROD
from operations import OPERATIONS

PAGED = [
    operation
    for operation in OPERATIONS
    if operation.service == "rekognition" and "MaxResults" in operation.model.input_shape.members
]


@pytest.mark.parametrize("operation", PAGED, ids=lambda one: one.name)
def test_a_page_beyond_the_maximum(aws, operation):
    most = operation.model.input_shape.members["MaxResults"].metadata["max"]
    parameters = operation.arrange(aws)
    somebody = client(aws, operation)
    assert call(somebody, operation, parameters | {"MaxResults": most})
    above = parameters | {"MaxResults": most + 1}
    assert refusal(somebody, operation, above) == ("ValidationException", 400)


COMMON = {
    "rekognition": ("UnrecognizedClientException", 400, "InvalidSignatureException", 400),
    "kms": ("UnrecognizedClientException", 400, "InvalidSignatureException", 400),
    "sts": ("InvalidClientTokenId", 403, "SignatureDoesNotMatch", 403),
    "iam": ("InvalidClientTokenId", 403, "SignatureDoesNotMatch", 403),
    "s3": ("InvalidAccessKeyId", 403, "SignatureDoesNotMatch", 403),
}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_a_wrong_signature(aws, operation):
    parameters = operation.arrange(aws)
    key, key_status, signature, signature_status = COMMON[operation.service]
    if operation.model.http["method"] == "HEAD":
        # A HEAD has no body to hold a code: botocore shows the status.
        key, signature = str(key_status), str(signature_status)
    unknown = aws.client(operation.service, HOME | {"aws_access_key_id": "CHEMULATORNOBODY0000"})
    assert refusal(unknown, operation, parameters) == (key, key_status)
    wrong = aws.client(operation.service, HOME | {"aws_secret_access_key": "wrong" * 8})
    assert refusal(wrong, operation, parameters) == (signature, signature_status)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_an_ended_session(aws, operation):
    parameters = operation.arrange(aws)
    session = aws.assume(PROD, "promoter")
    aws.control("advance", {"seconds": 3601})
    code, status = refusal(aws.client(operation.service, session), operation, parameters)
    if operation.service in ("rekognition", "kms"):
        assert (code, status) == ("ExpiredTokenException", 400)
    elif operation.service == "s3":
        head = operation.model.http["method"] == "HEAD"
        assert (code, status) == ("400" if head else "ExpiredToken", 400)
    else:
        assert (code, status) == ("ExpiredToken", 403)


THROTTLED = {
    "rekognition": ("ThrottlingException", 500),
    "kms": ("ThrottlingException", 400),
    "sts": ("Throttling", 400),
    "iam": ("Throttling", 400),
    "s3": ("SlowDown", 503),
}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_throttling(aws, operation):
    somebody, parameters = under_fault("throttle")(aws, operation)
    code, status = THROTTLED[operation.service]
    head = operation.model.http["method"] == "HEAD"
    assert refusal(somebody, operation, parameters) == (str(status) if head else code, status)
    assert call(somebody, operation, parameters), "the fault is over"


# STS asks nobody's permission for the one and the role's trust policy for the other.
PERMITTED = [operation for operation in OPERATIONS if operation.service != "sts"]


@pytest.mark.parametrize("operation", PERMITTED, ids=lambda one: one.name)
def test_nothing_is_done_without_permission(aws, operation):
    somebody, parameters = not_permitted(aws, operation)
    code, status = refusal(somebody, operation, parameters)
    denied = {"s3": "AccessDenied", "iam": "AccessDenied"}
    if operation.model.http["method"] == "HEAD":
        assert (code, status) == ("403", 403)
    else:
        expected = denied.get(operation.service, "AccessDeniedException")
        assert (code, status) == (expected, 403 if operation.service in denied else 400)
    # The ledger says what was missing.
    line = aws.control("ledger")["entries"][-1]
    assert not line["outcome"]["executed"]
    assert any(not decision["allowed"] for decision in line["decisions"])
