"""Every operation that the emulator carries out: a call that succeeds, and how to spoil it."""

import json
from typing import NamedTuple

import strict
from emulated import DEV, PROD, REGION

MISSING_PROJECT = f"arn:aws:rekognition:{REGION}:{DEV}:project/none/1656565123456"
TAGS = {"team": "vision"}
MISSING_VERSION = f"arn:aws:rekognition:{REGION}:{DEV}:project/none/version/v1/1656565123456"


def grant(version, principal=f"arn:aws:iam::{PROD}:root"):
    """A project policy that lets `principal` copy `version`."""
    statement = {
        "Sid": "Grant",
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": "rekognition:CopyProjectVersion",
        "Resource": version,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def put_policy(aws, name="grant"):
    """Attaches the grant to dev's project and gives its revision."""
    client = aws.client("rekognition", aws.add_user(DEV, "*"))
    answer = client.put_project_policy(**_policy(aws) | {"PolicyName": name})
    return answer["PolicyRevisionId"]


def _policy(aws):
    return {
        "ProjectArn": aws.project(DEV, "inspector"),
        "PolicyName": "grant",
        "PolicyDocument": grant(aws.version(DEV, "inspector", "v7")),
    }


def _delete_policy(aws):
    revision = put_policy(aws)
    return {
        "ProjectArn": aws.project(DEV, "inspector"),
        "PolicyName": "grant",
        "PolicyRevisionId": revision,
    }


def _copy(aws):
    put_policy(aws)
    return {
        "SourceProjectArn": aws.project(DEV, "inspector"),
        "SourceProjectVersionArn": aws.version(DEV, "inspector", "v7"),
        "DestinationProjectArn": aws.project(PROD, "inspector"),
        "VersionName": "v7",
        "OutputConfig": {"S3Bucket": "vision-prod-models", "S3KeyPrefix": "inspector/p1/"},
        "KmsKeyId": "alias/vision-prod-models",
        "Tags": TAGS,
    }


def _project(aws):
    return {"ProjectArn": aws.project(DEV, "inspector")}


def _version_resource(aws):
    return {"ResourceArn": aws.version(DEV, "inspector", "v7")}


class Operation(NamedTuple):
    service: str
    name: str
    # The parameters of a call that succeeds; may prepare the world for it.
    arrange: object
    # A change that breaks a limit which boto3 leaves to the server.
    broken: dict | None = None
    # A change that names something that does not exist.
    absent: dict | None = None
    # Whose call it is.
    account: str = DEV

    @property
    def model(self):
        return strict.service_model(self.service).operation_model(self.name)


def _rekognition(name, arrange, **changes):
    return Operation("rekognition", name, arrange, **changes)


OPERATIONS = [
    _rekognition(
        "CopyProjectVersion",
        _copy,
        broken={"VersionName": "v 7"},
        absent={"DestinationProjectArn": MISSING_PROJECT.replace(DEV, PROD)},
        account=PROD,
    ),
    _rekognition(
        "DeleteProjectPolicy",
        _delete_policy,
        broken={"PolicyName": "a policy"},
        absent={"ProjectArn": MISSING_PROJECT},
    ),
    _rekognition("DescribeProjects", lambda aws: {}, broken={"ProjectNames": ["a name"]}),
    _rekognition(
        "DescribeProjectVersions",
        _project,
        broken={"VersionNames": ["v 7"]},
        absent={"ProjectArn": MISSING_PROJECT},
    ),
    _rekognition(
        "ListProjectPolicies",
        lambda aws: put_policy(aws) and _project(aws),
        broken={"ProjectArn": "not-an-arn-of-a-project"},
        absent={"ProjectArn": MISSING_PROJECT},
    ),
    _rekognition(
        "ListTagsForResource",
        _version_resource,
        broken={"ResourceArn": "x" * 2049},
        absent={"ResourceArn": MISSING_VERSION},
    ),
    _rekognition(
        "PutProjectPolicy",
        _policy,
        broken={"PolicyDocument": "{}" + " " * 2000},
        absent={"ProjectArn": MISSING_PROJECT},
    ),
    _rekognition(
        "CreateProject",
        lambda aws: {"ProjectName": "gauges-2", "Feature": "CUSTOM_LABELS", "Tags": TAGS},
        broken={"ProjectName": "a project"},
    ),
    _rekognition(
        "DeleteProjectVersion",
        lambda aws: {"ProjectVersionArn": aws.version(DEV, "inspector", "v5")},
        broken={"ProjectVersionArn": "not-an-arn-of-a-version"},
        absent={"ProjectVersionArn": MISSING_VERSION},
    ),
    _rekognition(
        "TagResource",
        lambda aws: _version_resource(aws) | {"Tags": TAGS},
        broken={"Tags": {"aws:team": "vision"}},
        absent={"ResourceArn": MISSING_VERSION},
    ),
    _rekognition(
        "UntagResource",
        lambda aws: _version_resource(aws) | {"TagKeys": ["team"]},
        broken={"TagKeys": ["a<b"]},
        absent={"ResourceArn": MISSING_VERSION},
    ),
    Operation(
        "kms",
        "DescribeKey",
        lambda aws: {"KeyId": "alias/vision-prod-models"},
        account=PROD,
    ),
    Operation(
        "iam",
        "SimulatePrincipalPolicy",
        lambda aws: {
            "PolicySourceArn": f"arn:aws:iam::{PROD}:role/customhouse-promoter",
            "ActionNames": ["rekognition:CopyProjectVersion", "rekognition:DeleteProject"],
            "ResourceArns": [aws.version(DEV, "inspector", "v7")],
        },
        account=PROD,
    ),
    Operation(
        "s3",
        "GetObject",
        lambda aws: {
            "Bucket": "vision-dev-models",
            "Key": "inspector/v7/EvaluationResultSummary-inspector-v7.json",
        },
    ),
    Operation("s3", "HeadBucket", lambda aws: {"Bucket": "vision-dev-models"}),
    Operation(
        "sts",
        "AssumeRole",
        lambda aws: {
            "RoleArn": f"arn:aws:iam::{DEV}:role/customhouse-reader",
            "RoleSessionName": "boto3",
            "ExternalId": "ch-8c1f0a6d3b5e47929d0e4f1a2b3c4d5e",
        },
        account="999999999999",
    ),
    Operation("sts", "GetCallerIdentity", lambda aws: {}),
]
