"""botocore's paginators read whole lists, in AWS's order and whatever the size of a page."""

import pytest
from botocore.exceptions import ClientError
from emulated import DEV, PROD
from operations import put_policy


def names(aws, operation, key, pick, account=DEV, size=None, **parameters):
    """What the paginator of `operation` finds, and how many pages that took."""
    client = aws.client("rekognition", aws.add_user(account, "rekognition:*"))
    pages = client.get_paginator(operation).paginate(
        **parameters, PaginationConfig={"PageSize": size} if size else {}
    )
    pages = [[pick(one) for one in page[key]] for page in pages]
    return [name for page in pages for name in page], len(pages)


def versions(aws, size):
    return names(
        aws,
        "describe_project_versions",
        "ProjectVersionDescriptions",
        lambda one: one["ProjectVersionArn"].split("/")[3],
        size=size,
        ProjectArn=aws.project(DEV, "inspector"),
    )


@pytest.mark.parametrize(("size", "pages"), [(1, 5), (2, 3), (4, 2), (5, 1), (100, 1), (None, 1)])
def test_versions_newest_first(aws, size, pages):
    assert versions(aws, size) == (["v8", "v7", "v6", "v5", "v4"], pages)


def test_a_version_made_between_two_pages_disturbs_neither(aws):
    client = aws.client("rekognition", aws.add_user(DEV, "rekognition:*"))
    project = aws.project(DEV, "inspector")
    first = client.describe_project_versions(ProjectArn=project, MaxResults=2)
    version = {"name": "v9", "created_ms": 1790000000000, "status": "TRAINING_COMPLETED"}
    place = {"region": "eu-west-1", "name": "inspector", "version": [version]}
    aws.control("world", {"account": [{"id": DEV, "project": [place]}]})
    second = client.describe_project_versions(
        ProjectArn=project, MaxResults=2, NextToken=first["NextToken"]
    )
    found = [
        one["ProjectVersionArn"].split("/")[3]
        for page in (first, second)
        for one in page["ProjectVersionDescriptions"]
    ]
    assert found == ["v8", "v7", "v6", "v5"]


@pytest.mark.parametrize(("size", "pages"), [(1, 2), (2, 1), (None, 1)])
def test_projects(aws, size, pages):
    def name(project):
        return project["ProjectArn"].split("/")[1]

    found = names(aws, "describe_projects", "ProjectDescriptions", name, size=size)
    assert (sorted(found[0]), found[1]) == (["gauges", "inspector"], pages)


@pytest.mark.parametrize(("size", "pages"), [(1, 7), (3, 3), (5, 2), (None, 2)])
def test_policies_of_a_raised_quota(aws, size, pages):
    aws.control("world", {"quotas": {"policies_per_project": 7}})
    put = [f"policy-{index}" for index in range(7)]
    for policy in put:
        put_policy(aws, policy)
    found = names(
        aws,
        "list_project_policies",
        "ProjectPolicies",
        lambda one: one["PolicyName"],
        size=size,
        ProjectArn=aws.project(DEV, "inspector"),
    )
    assert (sorted(found[0]), found[1]) == (put, pages)


def test_a_token_is_good_for_its_own_query_alone(aws):
    client = aws.client("rekognition", aws.add_user(DEV, "rekognition:*"))
    inspector, gauges = (aws.project(DEV, name) for name in ("inspector", "gauges"))
    token = client.describe_project_versions(ProjectArn=inspector, MaxResults=1)["NextToken"]
    prod = aws.client("rekognition", aws.add_user(PROD, "rekognition:*"))
    strangers = [
        lambda: client.describe_project_versions(ProjectArn=gauges, NextToken=token),
        lambda: client.describe_project_versions(
            ProjectArn=inspector, VersionNames=["v7"], NextToken=token
        ),
        lambda: client.describe_projects(NextToken=token),
        lambda: client.list_project_policies(ProjectArn=inspector, NextToken=token),
        lambda: prod.describe_projects(NextToken=token),
    ]
    for stranger in strangers:
        with pytest.raises(ClientError) as raised:
            stranger()
        assert raised.value.response["Error"]["Code"] == "InvalidPaginationTokenException"


def test_simulations(aws):
    """IAM pages by marker."""
    client = aws.client("iam", aws.add_user(PROD, "iam:*"))
    actions = [f"rekognition:{name}Project" for name in ("Create", "Delete", "Copy", "Stop")]
    pages = client.get_paginator("simulate_principal_policy").paginate(
        PolicySourceArn=f"arn:aws:iam::{PROD}:role/customhouse-promoter",
        ActionNames=actions,
        PaginationConfig={"PageSize": 3},
    )
    found = [[one["EvalActionName"] for one in page["EvaluationResults"]] for page in pages]
    assert found == [actions[:3], actions[3:]]
