import os
import time

import boto3

port = os.environ.get("EMULATOR_PORT", "4599")
emulator = {"endpoint_url": f"http://127.0.0.1:{port}", "region_name": "eu-west-1"}
sts = boto3.client(
    "sts",
    aws_access_key_id="SAMPLERELEASE0000001",
    aws_secret_access_key="sample-secret-of-the-release-manager-001",
    **emulator,
)
session = sts.assume_role(
    RoleArn="arn:aws:iam::222222222222:role/promoter",
    RoleSessionName="promotion-1",
    ExternalId="sample-external-id",
)["Credentials"]
rekognition = boto3.client(
    "rekognition",
    aws_access_key_id=session["AccessKeyId"],
    aws_secret_access_key=session["SecretAccessKey"],
    aws_session_token=session["SessionToken"],
    **emulator,
)

source = "arn:aws:rekognition:eu-west-1:111111111111:project/inspector"
destination = "arn:aws:rekognition:eu-west-1:222222222222:project/inspector/1656565223456"
copy = rekognition.copy_project_version(
    SourceProjectArn=f"{source}/1656565123456",
    SourceProjectVersionArn=f"{source}/version/v7/1656611123456",
    DestinationProjectArn=destination,
    VersionName="v7-python",
    OutputConfig={"S3Bucket": "vision-prod-models", "S3KeyPrefix": "inspector/v7-python"},
)
print(copy["ProjectVersionArn"])

status = "COPYING_IN_PROGRESS"
while status == "COPYING_IN_PROGRESS":
    time.sleep(1)
    versions = rekognition.describe_project_versions(
        ProjectArn=destination, VersionNames=["v7-python"]
    )["ProjectVersionDescriptions"]
    status = versions[0]["Status"]
    print(status)
