"""Calling operations of the table, and being refused."""

import botocore.exceptions
import pytest
from botocore import xform_name


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


def under_fault(kind):
    def prepare(aws, operation):
        parameters = operation.arrange(aws)
        rule = {"operation": operation.name, "effect": {"kind": kind}}
        aws.control("faults", {"rules": [rule]})
        return client(aws, operation), parameters

    return prepare


def not_permitted(aws, operation):
    parameters = operation.arrange(aws)
    nobody = aws.add_user(operation.account, "sts:GetCallerIdentity")
    return aws.client(operation.service, nobody), parameters
