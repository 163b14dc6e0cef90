"""Every operation succeeds, and gives each error that AWS's model lists for it.

The table comes from botocore's model: an error that nothing here brings about fails a test.
Answers are judged by `strict` as they arrive.
"""

import json

import pytest
from calling import call, client, not_permitted, refusal, under_fault
from emulated import DEV, PROD
from operations import OPERATIONS, put_policy
from strict import errors


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


def _tagged_too_long(aws, operation):
    """More session tags than fit, for a role that permits session tags."""
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{DEV}:root"},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = {"name": "tagged", "trust_policy": document}
    aws.control("world", {"account": [{"id": DEV, "role": [role]}]})
    parameters = {"RoleArn": f"arn:aws:iam::{DEV}:role/tagged", "RoleSessionName": "boto3"}
    somebody = aws.client("sts", aws.add_user(DEV, "*"))
    short = [{"Key": "team", "Value": "vision"}]
    call(somebody, operation, parameters | {"Tags": short})
    long = [{"Key": f"{number:0128}", "Value": "x" * 256} for number in range(50)]
    return somebody, parameters | {"Tags": long}


EVERYWHERE = {
    "AccessDeniedException": not_permitted,
    "InternalServerError": under_fault("internal_error"),
    "InvalidPaginationTokenException": _changed(NextToken="zz"),
    "InvalidParameterException": _broken,
    "ProvisionedThroughputExceededException": _too_fast,
    "ResourceNotFoundException": _absent,
    "ThrottlingException": under_fault("throttle"),
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
    ("AssumeRole", "PackedPolicyTooLargeException"): _tagged_too_long,
    ("HeadBucket", "NoSuchBucket"): _changed(Bucket="no-such-bucket"),
    ("GetObject", "NoSuchKey"): _changed(Key="no-such-key"),
    ("DescribeKey", "NotFoundException"): _changed(KeyId="alias/none"),
    ("DescribeKey", "InvalidArnException"): _changed(KeyId="arn:aws:s3:::vision-prod-models"),
    ("DescribeKey", "KMSInternalException"): under_fault("internal_error"),
    ("SimulatePrincipalPolicy", "NoSuchEntityException"): _changed(
        PolicySourceArn=f"arn:aws:iam::{PROD}:role/none"
    ),
    ("SimulatePrincipalPolicy", "InvalidInputException"): _changed(ActionNames=["no-action"]),
}
# What the model lists and the emulator has no cause for, each with its reason.
WITHOUT_CAUSE = {
    ("GetObject", "InvalidObjectState"): "no object of the emulator is archived",
    ("DescribeKey", "DependencyTimeoutException"): "nothing behind the emulator can time out",
    ("SimulatePrincipalPolicy", "PolicyEvaluationException"): "its evaluator refuses by name",
    ("AssumeRole", "RegionDisabledException"): "every Region of the emulator is enabled",
    ("AssumeRole", "ExpiredTokenException"): "it is about web identity tokens (STS API reference)",
}
EVERY_ERROR = [
    pytest.param(operation, shape, id=f"{operation.name}-{shape.name}")
    for operation in OPERATIONS
    for shape in operation.model.error_shapes
    if (operation.name, shape.name) not in WITHOUT_CAUSE
]


@pytest.mark.parametrize(("operation", "shape"), EVERY_ERROR)
def test_each_modelled_error(aws, operation, shape):
    prepare = FOR_ONE.get((operation.name, shape.name)) or EVERYWHERE[shape.name]
    somebody, parameters = prepare(aws, operation)
    documented = shape.metadata.get("error", {})
    code = documented.get("code", shape.name)
    server = code in errors.SERVER_FAULTS.get(operation.service, ())
    status = documented.get("httpStatusCode", 500 if server else 400)
    # A HEAD has no body to hold a code: botocore shows the status.
    head = operation.model.http["method"] == "HEAD"
    assert refusal(somebody, operation, parameters) == (str(status) if head else code, status)
    line = aws.control("ledger")["entries"][-1]
    assert (line["operation"], line["outcome"]["error"]) == (operation.name, code)
    assert not line["outcome"]["executed"]
