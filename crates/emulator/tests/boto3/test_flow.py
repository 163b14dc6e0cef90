"""One promotion from dev to prod, the way a script would write it with boto3."""

from emulated import DEV, PROD, REGION
from operations import grant as grant_to

PROMOTER = f"arn:aws:iam::{PROD}:role/customhouse-promoter"


def grant(version):
    return grant_to(version, PROMOTER)


def copy_request(aws, **changes):
    return {
        "SourceProjectArn": aws.project(DEV, "inspector"),
        "SourceProjectVersionArn": aws.version(DEV, "inspector", "v7"),
        "DestinationProjectArn": aws.project(PROD, "inspector"),
        "VersionName": "v7",
        "OutputConfig": {"S3Bucket": "vision-prod-models", "S3KeyPrefix": "inspector/p1/"},
    } | changes


def test_the_whole_flow(aws):
    source = aws.version(DEV, "inspector", "v7")
    project = aws.project(DEV, "inspector")

    dev = aws.rekognition(DEV, "promoter")
    revision = dev.put_project_policy(
        ProjectArn=project, PolicyName="grant", PolicyDocument=grant(source)
    )["PolicyRevisionId"]

    credentials = aws.assume(PROD, "promoter")
    identity = aws.client("sts", credentials).get_caller_identity()
    assert identity["Account"] == PROD
    assert identity["Arn"] == f"arn:aws:sts::{PROD}:assumed-role/customhouse-promoter/boto3"

    head = aws.client("s3", credentials).head_bucket(Bucket="vision-prod-models")
    assert head["BucketRegion"] == REGION

    prod = aws.client("rekognition", credentials)
    arn = prod.copy_project_version(
        **copy_request(aws, Tags={"team": "vision"}, KmsKeyId="alias/vision-prod-models")
    )["ProjectVersionArn"]

    reader = aws.rekognition(PROD, "reader")

    def described():
        answer = reader.describe_project_versions(
            ProjectArn=aws.project(PROD, "inspector"), VersionNames=["v7"]
        )
        [version] = answer["ProjectVersionDescriptions"]
        return version

    copying = described()
    assert copying["Status"] == "COPYING_IN_PROGRESS"
    assert copying["ProjectVersionArn"] == arn
    assert copying["SourceProjectVersionArn"] == source
    aws.control("advance", {"seconds": 9})
    done = described()
    assert done["Status"] == "COPYING_COMPLETED"
    assert done["EvaluationResult"]["F1Score"] == 0.931
    assert reader.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"team": "vision"}

    [policy] = dev.list_project_policies(ProjectArn=project)["ProjectPolicies"]
    assert policy["PolicyDocument"] == grant(source)
    dev.delete_project_policy(ProjectArn=project, PolicyName="grant", PolicyRevisionId=revision)
    assert dev.list_project_policies(ProjectArn=project)["ProjectPolicies"] == []

    copies = [
        entry
        for entry in aws.control("ledger")["entries"]
        if entry["operation"] == "CopyProjectVersion" and entry["outcome"]["executed"]
    ]
    assert len(copies) == 1
