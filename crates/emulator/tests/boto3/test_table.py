"""The table of operations is whole: what it does not hold, the emulator does not have."""

import pytest
import strict
from botocore.exceptions import ClientError
from emulated import DEV
from operations import OPERATIONS

# S3 is left out: it knows operations by their paths, not by a name.
SERVICES = ["iam", "kms", "rekognition", "sts"]


@pytest.mark.parametrize("service", SERVICES)
def test_every_other_operation_is_refused_by_name(aws, service):
    client = aws.client(service, aws.add_user(DEV, "*"), validated=False)
    table = {operation.name for operation in OPERATIONS if operation.service == service}
    emulated = set()
    model = strict.service_model(service)
    for name in model.operation_names:
        # Those that AWS takes unsigned get no further than every call without a signature.
        if model.operation_model(name).auth_type == "none":
            continue
        try:
            client._make_api_call(name, {})
        except ClientError as error:
            answer = error.response
            if answer["Error"]["Code"] == "NotEmulated":
                assert answer["ResponseMetadata"]["HTTPStatusCode"] == 501
                assert name in answer["Error"]["Message"]
                continue
        emulated.add(name)
    assert emulated == table


@pytest.mark.parametrize(("service", "code"), [("rekognition", "UnknownOperationException")])
def test_an_operation_that_aws_does_not_have(aws, service, code):
    client = aws.client(service, aws.add_user(DEV, "*"))

    def rename(request, **_):
        request.headers.replace_header("X-Amz-Target", "RekognitionService.DescribeEverything")

    client.meta.events.register("before-sign", rename)
    with pytest.raises(ClientError) as raised:
        client.describe_projects()
    assert raised.value.response["Error"]["Code"] == code
