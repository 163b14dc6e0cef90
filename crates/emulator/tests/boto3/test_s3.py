"""Buckets and objects: REST, with refusals that S3 writes in its own way."""

import json

import pytest
from botocore.exceptions import ClientError
from emulated import DEV, PROD

SUMMARY = "inspector/v7/EvaluationResultSummary-inspector-v7.json"


@pytest.fixture
def dev(aws):
    return aws.client("s3", aws.add_user(DEV, "*"))


def refused(call, **parameters):
    with pytest.raises(ClientError) as raised:
        call(**parameters)
    answer = raised.value.response
    return answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]


def test_a_summary_is_the_one_that_the_description_names(aws, dev):
    reader = aws.rekognition(DEV, "reader")
    [version] = reader.describe_project_versions(
        ProjectArn=aws.project(DEV, "inspector"), VersionNames=["v7"]
    )["ProjectVersionDescriptions"]
    place = version["EvaluationResult"]["Summary"]["S3Object"]
    assert place == {"Bucket": "vision-dev-models", "Name": SUMMARY}
    answer = dev.get_object(Bucket=place["Bucket"], Key=place["Name"])
    body = answer["Body"].read()
    assert answer["ContentLength"] == len(body)
    assert json.loads(body)


def test_refusals_of_buckets(aws, dev):
    """HEAD has no body, so a refusal is its status; S3's model calls 404 NoSuchBucket."""
    assert refused(dev.head_bucket, Bucket="no-such-bucket") == ("404", 404)
    assert refused(dev.head_bucket, Bucket="vision-prod-models") == ("403", 403)
    # botocore follows the 301 of a bucket in another Region by what the answer says of it.
    found = dev.head_bucket(Bucket="vision-dev-models-us-east-1")
    assert found["BucketRegion"] == "us-east-1"
    statuses = [line["outcome"]["status"] for line in aws.control("ledger")["entries"]]
    assert statuses[-2:] == [301, 200]


def test_refusals_of_objects(aws, dev):
    get = dev.get_object
    assert refused(get, Bucket="no-such-bucket", Key="a") == ("NoSuchBucket", 404)
    assert refused(get, Bucket="vision-dev-models", Key="a") == ("NoSuchKey", 404)
    assert refused(get, Bucket="vision-prod-models", Key="a") == ("AccessDenied", 403)
    # Whoever may not list the bucket is not told what is missing.
    blind = aws.client("s3", aws.add_user(DEV, "s3:GetObject"))
    assert refused(blind.get_object, Bucket="vision-dev-models", Key="a") == ("AccessDenied", 403)
    assert blind.get_object(Bucket="vision-dev-models", Key=SUMMARY)["Body"].read()


def test_prod_reads_its_own(aws):
    prod = aws.client("s3", aws.add_user(PROD, "*"))
    key = "inspector/v6/EvaluationResultSummary-inspector-v6.json"
    assert prod.get_object(Bucket="vision-prod-models", Key=key)["Body"].read()
