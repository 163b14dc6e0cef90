"""The judge itself: it must refuse what botocore passes over."""

import json

import pytest
import strict

ID = {
    "x-amzn-requestid": "6bca42a3-cf74-6de0-56a6-378bedc61a4c",
    "content-type": "application/x-amz-json-1.1",
}
XML = ID | {"content-type": "text/xml"}
S3 = {"x-amz-request-id": "1", "x-amz-id-2": "2"}
PROJECT = {
    "ProjectArn": "arn:aws:rekognition:eu-west-1:111111111111:project/inspector/1756890000000",
    "CreationTimestamp": 1756890000.123,
    "Status": "CREATED",
    "Datasets": [],
    "Feature": "CUSTOM_LABELS",
}
NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"


def projects(**changes):
    project = {name: value for name, value in (PROJECT | changes).items() if value is not None}
    return json.dumps({"ProjectDescriptions": [project]}).encode()


def identity(inside="<Arn>arn:aws:iam::1:user/a</Arn>", namespace=NAMESPACE):
    return (
        f'<GetCallerIdentityResponse xmlns="{namespace}"><GetCallerIdentityResult>{inside}'
        "</GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
        "</GetCallerIdentityResponse>"
    ).encode()


def problems(body, status=200, service="rekognition", operation="DescribeProjects", headers=ID):
    return strict.check(service, operation, status, headers, body)


def test_a_good_answer_is_good():
    assert problems(projects()) == []
    assert problems(identity(), service="sts", operation="GetCallerIdentity", headers=XML) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"ProjectName": "inspector"},
        {"ProjectArn": 5},
        {"ProjectArn": "arn:aws:rekognition:eu-west-1:1:project/inspector/1"},
        {"ProjectArn": PROJECT["ProjectArn"] + "٣"},
        {"CreationTimestamp": "2026-11-24T00:00:00Z"},
        {"CreationTimestamp": True},
        {"Status": "created"},
        {"Datasets": {}},
        {"Datasets": [{"DatasetType": "TRAIN", "Name": "x"}]},
        {"Feature": None, "feature": "CUSTOM_LABELS"},
    ],
)
def test_a_wrong_member_is_seen(changes):
    assert problems(projects(**changes))


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"NextToken":null}', b'{"NextToken":"' + b"x" * 1025 + b'"}']
)
def test_a_wrong_body_is_seen(body):
    assert problems(body)


@pytest.mark.parametrize(
    "body",
    [
        identity("<Arn>arn:aws:iam::1:user/a</Arn><Name>a</Name>"),
        identity("<Arn>a</Arn>"),
        identity("<Arn>arn:aws:iam::1:user/a</Arn><Arn>arn:aws:iam::1:user/a</Arn>"),
        identity(namespace="https://iam.amazonaws.com/doc/2010-05-08/"),
        identity().replace(b"GetCallerIdentityResult", b"Result"),
        identity().replace(b"RequestId", b"Id"),
    ],
)
def test_wrong_xml_is_seen(body):
    assert problems(body, service="sts", operation="GetCallerIdentity", headers=XML)


def error(code, **members):
    return json.dumps({"__type": code, **members}).encode()


@pytest.mark.parametrize(
    ("body", "status", "good"),
    [
        (error("AccessDeniedException", Message="no", Code="c", Logref="l"), 400, True),
        (error("AccessDeniedException", Message="no"), 403, False),
        (error("AccessDeniedException", Message="no", Reason="r"), 400, False),
        (error("AccessDeniedException", Message=5), 400, False),
        (error("ThrottlingException", Message="no"), 500, True),
        (error("ThrottlingException", Message="no"), 400, False),
        (error("ValidationException", message="no"), 400, True),
        (error("ValidationException", Message="no"), 400, False),
        (error("MalformedPolicyDocumentException", Message="of another operation"), 400, False),
        (error("NoSuchError", message="no"), 400, False),
        (b"{}", 400, False),
        (b"garbage", 400, False),
    ],
)
def test_errors(body, status, good):
    assert (problems(body, status) == []) is good, problems(body, status)


def test_headers():
    for wrong in (
        {"content-type": ID["content-type"]},
        ID | {"x-amzn-requestid": "1"},
        ID | {"content-type": "application/json"},
    ):
        assert problems(projects(), headers=wrong), wrong


def test_s3():
    def judged(body, status, headers=S3, operation="HeadBucket"):
        return problems(body, status, "s3", operation, headers)

    assert judged(b"", 200, S3 | {"x-amz-bucket-region": "eu-west-1"}) == []
    assert judged(b"", 404) == []
    assert judged(b"<Error/>", 404)
    assert judged(b"", 404, {})
    assert judged(b"", 404, operation="GetObject")
    wrong = b"<Error><Code>Gone</Code><Message/><RequestId/><HostId/></Error>"
    assert judged(wrong, 404, operation="GetObject")
    good = wrong.replace(b"Gone", b"NoSuchKey")
    assert judged(good, 404, operation="GetObject") == []
    assert judged(good, 403, operation="GetObject")
