"""Every operation succeeds, and gives each error that AWS's model lists for it.

The table comes from botocore's model: an error that nothing here brings about fails a test.
Answers are judged by `strict` as they arrive.
"""

import botocore.exceptions
import pytest
from botocore import xform_name
from emulated import DEV, HOME, PROD
from operations import OPERATIONS, put_policy
from strict import errors


def client(aws, operation):
    if operation.name == "AssumeRole":
        return aws.client("sts")
    return aws.client(operation.service, aws.add_user(operation.account, "*"))


def call(client, operation, parameters):
    return getattr(client, xform_name(operation.name))(**parameters)


def refusal(client, operation, parameters):
    """The code and status of a call that must be refused."""
    with pytest.raises(botocore.exceptions.ClientError) as raised:
        call(client, operation, parameters)
    answer = raised.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_success(aws, operation):
    parameters = operation.arrange(aws)
    assert call(client(aws, operation), operation, parameters)
    line = aws.control("ledger")["entries"][-1]
    assert (line["operation"], line["outcome"]["executed"]) == (operation.name, True)


# Each entry gives the client and the parameters of a call that is refused.


def _changed(**changes):
    return lambda aws, operation: (
        client(aws, operation),
        operation.arrange(aws) | changes,
    )


def _in_world(fragment, **changes):
    def prepare(aws, operation):
        parameters = operation.arrange(aws) | changes
        aws.control("world", fragment)
        return client(aws, operation), parameters

    return prepare


def _under_fault(kind):
    def prepare(aws, operation):
        parameters = operation.arrange(aws)
        rule = {"operation": operation.name, "effect": {"kind": kind}}
        aws.control("faults", {"rules": [rule]})
        return client(aws, operation), parameters

    return prepare


def _not_permitted(aws, operation):
    parameters = operation.arrange(aws)
    nobody = aws.add_user(operation.account, "sts:GetCallerIdentity")
    return aws.client(operation.service, nobody), parameters


def _too_fast(aws, operation):
    """The quota holds one second's calls: the call after as many is refused."""
    parameters = operation.arrange(aws)
    nobody = aws.add_user(operation.account, "sts:GetCallerIdentity")
    hasty = aws.client(operation.service, nobody)
    aws.control("world", {"quota_tps": 1})
    somebody = client(aws, operation)
    for _ in range(20):
        code, _ = refusal(hasty, operation, parameters)
        if code == "ProvisionedThroughputExceededException":
            break
    return somebody, parameters


def _broken(aws, operation):
    return client(aws, operation), operation.arrange(aws) | operation.broken


def _absent(aws, operation):
    return client(aws, operation), operation.arrange(aws) | operation.absent


def _second_copy(aws, operation):
    parameters = operation.arrange(aws)
    aws.control("world", {"assumptions": {"concurrent_copies": 1}})
    somebody = client(aws, operation)
    call(somebody, operation, parameters)
    return somebody, parameters | {"VersionName": "v7-again"}


def _one_policy_too_many(error):
    def prepare(aws, operation):
        put_policy(aws, "first")
        aws.control(
            "world",
            {"quotas": {"policies_per_project": 1}, "assumptions": {"sixth_policy": error}},
        )
        return client(aws, operation), operation.arrange(aws)

    return prepare


def _policy_again(aws, operation):
    put_policy(aws)
    return client(aws, operation), operation.arrange(aws)


def _deleted_twice(aws, operation):
    parameters = operation.arrange(aws)
    somebody = client(aws, operation)
    call(somebody, operation, parameters)
    return somebody, parameters


def _tagged_in_full(aws, operation):
    parameters = operation.arrange(aws)
    somebody = client(aws, operation)
    many = {f"key-{number}": "" for number in range(199)}
    call(somebody, operation, parameters | {"Tags": many})
    return somebody, parameters | {"Tags": {"one": "", "too-many": ""}}


EVERYWHERE = {
    "AccessDeniedException": _not_permitted,
    "InternalServerError": _under_fault("internal_error"),
    "InvalidPaginationTokenException": _changed(NextToken="zz"),
    "InvalidParameterException": _broken,
    "ProvisionedThroughputExceededException": _too_fast,
    "ResourceNotFoundException": _absent,
    "ThrottlingException": _under_fault("throttle"),
}
FOR_ONE = {
    ("CopyProjectVersion", "LimitExceededException"): _second_copy,
    ("CopyProjectVersion", "ResourceInUseException"): _changed(VersionName="v6"),
    ("CopyProjectVersion", "ServiceQuotaExceededException"): _in_world(
        {"quotas": {"models_per_project": 1}}
    ),
    ("DeleteProjectPolicy", "InvalidPolicyRevisionIdException"): _changed(PolicyRevisionId="0"),
    ("PutProjectPolicy", "InvalidPolicyRevisionIdException"): _changed(PolicyRevisionId="0"),
    ("PutProjectPolicy", "LimitExceededException"): _one_policy_too_many("LimitExceededException"),
    ("PutProjectPolicy", "MalformedPolicyDocumentException"): _changed(PolicyDocument="{}"),
    ("PutProjectPolicy", "ResourceAlreadyExistsException"): _policy_again,
    ("PutProjectPolicy", "ServiceQuotaExceededException"): _one_policy_too_many(
        "ServiceQuotaExceededException"
    ),
    ("CreateProject", "LimitExceededException"): _in_world({"quotas": {"projects": 1}}),
    ("CreateProject", "ResourceInUseException"): _changed(ProjectName="inspector"),
    ("DeleteProjectVersion", "ResourceInUseException"): _deleted_twice,
    ("TagResource", "ServiceQuotaExceededException"): _tagged_in_full,
    ("AssumeRole", "MalformedPolicyDocumentException"): _changed(Policy="{}"),
    ("DescribeKey", "NotFoundException"): _changed(KeyId="alias/none"),
    ("DescribeKey", "InvalidArnException"): _changed(KeyId="arn:aws:s3:::vision-prod-models"),
    ("DescribeKey", "KMSInternalException"): _under_fault("internal_error"),
    ("SimulatePrincipalPolicy", "NoSuchEntityException"): _changed(
        PolicySourceArn=f"arn:aws:iam::{PROD}:role/none"
    ),
    ("SimulatePrincipalPolicy", "InvalidInputException"): _changed(ActionNames=["no-action"]),
}
# What the model lists and the emulator has no cause for, each with its reason.
WITHOUT_CAUSE = {
    ("DescribeKey", "DependencyTimeoutException"): "nothing behind the emulator can time out",
    ("SimulatePrincipalPolicy", "PolicyEvaluationException"): "its evaluator refuses by name",
    ("AssumeRole", "RegionDisabledException"): "every Region of the emulator is enabled",
    ("AssumeRole", "PackedPolicyTooLargeException"): "2048 characters never fill the packed form",
    ("AssumeRole", "ExpiredTokenException"): "it is about web identity tokens (STS API reference)",
}
EVERY_ERROR = [
    pytest.param(operation, shape, id=f"{operation.name}-{shape.name}")
    for operation in OPERATIONS
    for shape in operation.model.error_shapes
    if (operation.name, shape.name) not in WITHOUT_CAUSE and operation.service != "s3"
]


@pytest.mark.parametrize(("operation", "shape"), EVERY_ERROR)
def test_each_modelled_error(aws, operation, shape):
    prepare = FOR_ONE.get((operation.name, shape.name)) or EVERYWHERE[shape.name]
    somebody, parameters = prepare(aws, operation)
    documented = shape.metadata.get("error", {})
    code = documented.get("code", shape.name)
    server = code in errors.SERVER_FAULTS.get(operation.service, ())
    status = documented.get("httpStatusCode", 500 if server else 400)
    assert refusal(somebody, operation, parameters) == (code, status)
    line = aws.control("ledger")["entries"][-1]
    assert (line["operation"], line["outcome"]["error"]) == (operation.name, code)
    assert not line["outcome"]["executed"]


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
    somebody, parameters = _under_fault("throttle")(aws, operation)
    code, status = THROTTLED[operation.service]
    head = operation.model.http["method"] == "HEAD"
    assert refusal(somebody, operation, parameters) == (str(status) if head else code, status)
    assert call(somebody, operation, parameters), "the fault is over"


# STS asks nobody's permission for the one and the role's trust policy for the other.
PERMITTED = [operation for operation in OPERATIONS if operation.service != "sts"]


@pytest.mark.parametrize("operation", PERMITTED, ids=lambda one: one.name)
def test_nothing_is_done_without_permission(aws, operation):
    somebody, parameters = _not_permitted(aws, operation)
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
