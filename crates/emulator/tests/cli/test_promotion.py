"""One promotion from dev to prod, typed into a shell."""

import json

import pytest
from emulated import DEV, EXTERNAL_IDS, PROD
from operations import grant

PROMOTER = f"arn:aws:iam::{PROD}:role/customhouse-promoter"


def become(cli, account, role):
    answer = cli.answer(
        "sts",
        "assume-role",
        role_arn=f"arn:aws:iam::{account}:role/customhouse-{role}",
        role_session_name="cli",
        external_id=EXTERNAL_IDS[account],
    )
    return cli.become(answer["Credentials"])


def test_a_whole_promotion(aws, cli):
    dev = become(cli, DEV, "promoter")
    prod = become(cli, PROD, "promoter")
    reader = become(cli, PROD, "reader")
    assert prod.answer("sts", "get-caller-identity")["Account"] == PROD
    assert prod.answer("s3api", "head-bucket", bucket="vision-prod-models")

    def project(shell, *names):
        found = shell.answer("rekognition", "describe-projects", "--project-names", *names)
        [one] = found["ProjectDescriptions"]
        return one["ProjectArn"]

    source, destination = project(dev, "inspector"), project(reader, "inspector")
    [version] = become(cli, DEV, "reader").answer(
        "rekognition", "describe-project-versions", project_arn=source, version_names="v7"
    )["ProjectVersionDescriptions"]

    revision = dev.answer(
        "rekognition",
        "put-project-policy",
        project_arn=source,
        policy_name="grant",
        policy_document=grant(version["ProjectVersionArn"], PROMOTER),
    )["PolicyRevisionId"]
    copy = {
        "source_project_arn": source,
        "source_project_version_arn": version["ProjectVersionArn"],
        "destination_project_arn": destination,
        "version_name": "v7",
        "output_config": {"S3Bucket": "vision-prod-models", "S3KeyPrefix": "inspector/p1/"},
        "tags": {"team": "vision"},
    }
    arn = prod.answer("rekognition", "copy-project-version", **copy)["ProjectVersionArn"]
    assert prod.refusal("rekognition", "copy-project-version", **copy) == "ResourceInUseException"

    def status():
        [one] = reader.answer(
            "rekognition",
            "describe-project-versions",
            project_arn=destination,
            version_names="v7",
        )["ProjectVersionDescriptions"]
        assert one["ProjectVersionArn"] == arn
        assert one["SourceProjectVersionArn"] == version["ProjectVersionArn"]
        return one["Status"]

    assert status() == "COPYING_IN_PROGRESS"
    aws.control("advance", {"seconds": 9})
    assert status() == "COPYING_COMPLETED"
    tags = reader.answer("rekognition", "list-tags-for-resource", resource_arn=arn)["Tags"]
    assert tags == {"team": "vision"}

    policies = dev.answer("rekognition", "list-project-policies", project_arn=source)
    [policy] = policies["ProjectPolicies"]
    assert json.loads(policy["PolicyDocument"])["Statement"][0]["Principal"]["AWS"] == PROMOTER
    dev.answer(
        "rekognition",
        "delete-project-policy",
        project_arn=source,
        policy_name="grant",
        policy_revision_id=revision,
    )
    left = dev.answer("rekognition", "list-project-policies", project_arn=source)
    assert left["ProjectPolicies"] == []


def test_the_waiters_see_a_trained_model_and_wait_for_no_copy(aws, cli):
    """AWS has no waiter for copies; the one for training must know its good and its bad end."""
    reader = become(cli, DEV, "reader")
    projects = reader.answer("rekognition", "describe-projects", "--project-names", "inspector")
    arn = projects["ProjectDescriptions"][0]["ProjectArn"]

    def wait(version):
        return reader.run(
            "rekognition",
            "wait",
            "project-version-training-completed",
            project_arn=arn,
            version_names=version,
        )

    assert wait("v7")[0] == 0
    code, _, error = wait("v4")
    assert code != 0
    assert "TRAINING_FAILED" in error or "terminal failure state" in error


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"external_id": "another"}, "AccessDenied"),
        ({"duration_seconds": "3601"}, "ValidationError"),
    ],
)
def test_refusals_of_a_role(cli, changes, code):
    request = {
        "role_arn": PROMOTER,
        "role_session_name": "cli",
        "external_id": EXTERNAL_IDS[PROD],
    } | changes
    assert cli.refusal("sts", "assume-role", **request) == code


def test_pages_are_put_together(aws, cli):
    """The CLI pages by itself, with the size that it is told."""
    reader = become(cli, DEV, "reader")
    arn = aws.project(DEV, "inspector")
    answer = reader.answer(
        "rekognition", "describe-project-versions", project_arn=arn, page_size="2"
    )
    names = [one["ProjectVersionArn"].split("/")[3] for one in answer["ProjectVersionDescriptions"]]
    assert names == ["v8", "v7", "v6", "v5", "v4"]
    calls = [
        line
        for line in aws.control("ledger")["entries"]
        if line["operation"] == "DescribeProjectVersions"
    ]
    assert len(calls) == 3
