"""Sessions with everything that `AssumeRole` takes, and the limits of chains."""

import json

import pytest
from botocore.exceptions import ClientError
from emulated import DEV

ROLE = f"arn:aws:iam::{DEV}:role/session"
TAGGED = {
    "Tags": [{"Key": "team", "Value": "vision"}, {"Key": "stage", "Value": "dev"}],
    "TransitiveTagKeys": ["team"],
    "SourceIdentity": "requester",
}


@pytest.fixture
def sts(aws):
    """A client of a user who may become a role that trusts its whole account."""
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{DEV}:root"},
        "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
    }
    every = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    role = {
        "name": "session",
        "max_session_seconds": 43200,
        "trust_policy": document(trust),
        "policy": document(every),
    }
    aws.control("world", {"account": [{"id": DEV, "role": [role]}]})
    return aws.client("sts", aws.add_user(DEV, "*"))


def document(statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def assume(sts, **parameters):
    return sts.assume_role(RoleArn=ROLE, RoleSessionName="boto3", **parameters)


def credentials(answer):
    given = answer["Credentials"]
    return {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }


def refused(sts, **parameters):
    with pytest.raises(ClientError) as raised:
        assume(sts, **parameters)
    answer = raised.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_a_session_with_everything(aws, sts):
    policy = document({"Effect": "Allow", "Action": "rekognition:Describe*", "Resource": "*"})
    answer = assume(sts, DurationSeconds=43200, Policy=policy, **TAGGED)
    assert answer["SourceIdentity"] == "requester"
    assert 0 < answer["PackedPolicySize"] <= 100
    session = aws.client("rekognition", credentials(answer))
    assert session.describe_projects()["ProjectDescriptions"]
    with pytest.raises(ClientError, match="not authorized"):
        session.list_project_policies(ProjectArn=aws.project(DEV, "inspector"))


def test_a_chain_is_capped_at_one_hour(aws, sts):
    chained = aws.client("sts", credentials(assume(sts)))
    assert refused(chained, DurationSeconds=3601) == ("ValidationError", 400)
    assert assume(chained, DurationSeconds=3600)["Credentials"]


@pytest.mark.parametrize(
    "changes",
    [
        {"Tags": [{"Key": "team", "Value": "a"}, {"Key": "TEAM", "Value": "b"}]},
        {"Tags": [{"Key": "aws:team", "Value": "a"}]},
        {"Tags": [{"Key": "team", "Value": "a"}], "TransitiveTagKeys": ["stage"]},
    ],
)
def test_tags_that_do_not_go_together(sts, changes):
    assert refused(sts, **changes) == ("InvalidParameterValue", 400)


@pytest.mark.parametrize(
    "changes",
    [
        {"RoleSessionName": "a b"},
        {"DurationSeconds": 43201},
        {"ExternalId": "a b"},
        {"SourceIdentity": "a b"},
        {"Policy": "\u4e00"},
    ],
)
def test_values_out_of_shape(sts, changes):
    request = {"RoleArn": ROLE, "RoleSessionName": "boto3"} | changes
    with pytest.raises(ClientError) as raised:
        sts.assume_role(**request)
    assert raised.value.response["Error"]["Code"] == "ValidationError"
