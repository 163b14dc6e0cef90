"""parliament, a linter of IAM policies, on every policy that Customhouse generates.

It knows each action's resources and condition keys from AWS's Service Authorization Reference.
Trust policies are not among them: it takes none.
"""

import json
import os
import pathlib
import subprocess

import parliament
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[4]
PROGRAM = ROOT / os.environ.get("GENERATED_POLICIES_BIN", "target/debug/examples/generated")
GENERATED = json.loads(subprocess.run([PROGRAM], check=True, capture_output=True).stdout)

# Findings that stand although the policy is right: which issue about which actions, and why.
ON_KEYS = ("PERMISSIONS_MANAGEMENT_ACTIONS", "kms:creategrant")
ON_ROLES = ("CREDENTIALS_EXPOSURE", "sts:assumerole")
EXCEPTIONS = {
    # "Copying an Amazon Rekognition Custom Labels model (SDK)": a copy under a customer's key
    # needs kms:CreateGrant, here on that key alone.
    "promoter": {ON_KEYS},
    "copy session with a key": {ON_KEYS},
    # The same for whoever names no key: all keys of the role's own account.
    "promoter, everywhere": {ON_KEYS},
    # Becoming the roles is all that the console's own user may do.
    "console": {ON_ROLES},
}


def findings(document):
    """The issues that parliament has with a policy, the community's auditors included."""
    analysed = parliament.analyze_policy_string(
        json.dumps(document), include_community_auditors=True
    )
    return [(finding.issue, finding.location) for finding in analysed.findings]


def test_every_kind_of_policy_is_there():
    assert len(GENERATED) >= 11
    assert {policy["kind"] for policy in GENERATED} == {"identity", "project"}


@pytest.mark.parametrize("policy", GENERATED, ids=lambda policy: policy["name"])
def test_nothing_is_wrong(policy):
    found = {
        (issue, action)
        for issue, location in findings(policy["document"])
        for action in location.get("actions", [None])
    }
    assert found == EXCEPTIONS.get(policy["name"], set())


def _spoiled(**changes):
    [grant] = [policy for policy in GENERATED if policy["name"] == "grant with an end"]
    statement = grant["document"]["Statement"][0] | changes
    return grant["document"] | {"Statement": [statement]}


@pytest.mark.parametrize(
    ("changes", "issue"),
    [
        ({"Action": "rekognition:CopyModel"}, "UNKNOWN_ACTION"),
        ({"Resource": "arn:aws:s3:::vision-dev-models"}, "RESOURCE_MISMATCH"),
        ({"Resource": "inspector"}, "INVALID_ARN"),
        ({"Condition": {"DateLess": {"aws:CurrentTime": "2026-11-24"}}}, "UNKNOWN_OPERATOR"),
        ({"Condition": {"DateLessThan": {"aws:CurrentTime": "tomorrow"}}}, "MISMATCHED_TYPE"),
        (
            {"Condition": {"StringEquals": {"rekognition:Region": "eu"}}},
            "UNKNOWN_CONDITION_FOR_ACTION",
        ),
        ({"Effect": "ALLOW"}, "MALFORMED"),
    ],
)
def test_a_mistake_is_seen(changes, issue):
    assert issue in [found for found, _ in findings(_spoiled(**changes))]
