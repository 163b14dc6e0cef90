"""The headers that every answer of a protocol carries."""

import re

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

CONTENT_TYPES = {
    "json": "application/x-amz-json-1.1",
    "query": "text/xml",
    "rest-xml": "application/xml",
}


def check(model, headers, body):
    """Request ids as the service writes them, and a type for every body that is one document."""
    protocol = model.metadata["protocol"]
    problems = []
    if protocol == "rest-xml":
        for name in ("x-amz-request-id", "x-amz-id-2"):
            if not headers.get(name):
                problems.append(f"no header {name}")
    elif not UUID.fullmatch(headers.get("x-amzn-requestid", "")):
        problems.append("the header x-amzn-requestid holds no UUID")
    # What S3 answers with is somebody's object, of any type.
    if body and protocol != "rest-xml":
        kind = headers.get("content-type", "")
        if kind.split(";")[0] != CONTENT_TYPES[protocol]:
            problems.append(f"content-type is {kind!r}")
    return problems
