"""Refusals: code, status and body."""

import json
from xml.etree import ElementTree

from . import json_walk, xml_walk

# AWS's documents give these to services' own exceptions ("CopyProjectVersion", API reference).
SERVER_FAULTS = {
    "rekognition": {"InternalServerError", "ThrottlingException"},
    "kms": {"KMSInternalException", "DependencyTimeoutException"},
}

# botocore's models leave out what the exceptions of AWS's own (Smithy) models carry.
EXCEPTION_MEMBERS = {
    "rekognition": ("Message", "Code", "Logref"),
    "kms": ("message",),
}

# Errors of the layer in front of a service, which no operation's model lists.
COMMON_JSON = {
    "AccessDeniedException": 400,
    "ExpiredTokenException": 400,
    "IncompleteSignatureException": 400,
    "InvalidSignatureException": 400,
    "MissingAuthenticationTokenException": 400,
    "NotEmulated": 501,
    "SerializationException": 400,
    "ThrottlingException": 400,
    "UnknownOperationException": 400,
    "UnrecognizedClientException": 400,
    "ValidationException": 400,
}
COMMON_QUERY = {
    "AccessDenied": 403,
    "ExpiredToken": 403,
    "IncompleteSignature": 400,
    "InternalFailure": 500,
    "InvalidAction": 400,
    "InvalidClientTokenId": 403,
    "InvalidParameterValue": 400,
    "MissingAction": 400,
    "MissingAuthenticationToken": 403,
    "NotEmulated": 501,
    "ServiceFailure": 500,
    "SignatureDoesNotMatch": 403,
    "Throttling": 400,
    "ValidationError": 400,
}
S3_CODES = {
    "AccessDenied": 403,
    "AuthorizationHeaderMalformed": 400,
    "AuthorizationQueryParametersError": 400,
    "ExpiredToken": 400,
    "InternalError": 500,
    "InvalidAccessKeyId": 403,
    "InvalidArgument": 400,
    "InvalidRequest": 400,
    "InvalidToken": 400,
    "MissingSecurityHeader": 400,
    "NoSuchBucket": 404,
    "NoSuchKey": 404,
    "NotEmulated": 501,
    "PermanentRedirect": 301,
    "RequestTimeTooSkewed": 403,
    "SignatureDoesNotMatch": 403,
    "SlowDown": 503,
    "XAmzContentSHA256Mismatch": 400,
}


def check(model, operation, status, headers, body):
    """The error's shape, and whether its status is the one that goes with its code."""
    match model.metadata["protocol"]:
        case "json":
            return _json(model, operation, status, body)
        case "query":
            return _query(model, operation, status, body)
        case "rest-xml":
            return _rest(operation, status, body)
    raise AssertionError(f"no rules for {model.metadata['protocol']}")


def _json(model, operation, status, body):
    try:
        value = json.loads(body)
    except ValueError as error:
        return [f"the error's body is no JSON: {error}"]
    if not isinstance(value, dict) or not isinstance(value.get("__type"), str):
        return [f"the error has no __type: {value!r}"]
    code = value.pop("__type").rpartition("#")[2]
    shapes = operation.error_shapes if operation else []
    shape = next((shape for shape in shapes if shape.name == code), None)
    if shape is None:
        return _common(COMMON_JSON, code, status) + [
            f"{code}: a common error has no member {name}" for name in value if name != "message"
        ]
    for name in EXCEPTION_MEMBERS.get(model.service_name, ("message",)):
        text = value.pop(name, "") if name not in shape.members else ""
        if not isinstance(text, str):
            return [f"{code}.{name}: {text!r} is no text"]
    fault = code in SERVER_FAULTS.get(model.service_name, ())
    problems = [] if status == (500 if fault else 400) else [f"{code} with status {status}"]
    return problems + json_walk.walk(shape, value, code)


def _query(model, operation, status, body):
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        return [f"the error's body is no XML: {error}"]
    if root.tag != f"{{{model.metadata['xmlNamespace']}}}ErrorResponse":
        return [f"the root is {root.tag}, not ErrorResponse"]
    if [xml_walk.local(child) for child in root] != ["Error", "RequestId"]:
        return ["ErrorResponse does not hold Error and RequestId"]
    error = {xml_walk.local(child): child.text or "" for child in root[0]}
    if list(error) != ["Type", "Code", "Message"]:
        return [f"Error holds {list(error)}"]
    code = error["Code"]
    sender = "Sender" if status < 500 else "Receiver"
    problems = [] if error["Type"] == sender else [f"{code} of type {error['Type']}"]
    modelled = {}
    for shape in operation.error_shapes if operation else []:
        documented = shape.metadata.get("error", {})
        status_code = documented.get("httpStatusCode", 400)
        modelled[documented.get("code", shape.name)] = status_code
    return problems + _common(COMMON_QUERY | modelled, code, status)


def _rest(operation, status, body):
    if operation and operation.http.get("method") == "HEAD":
        return ["a HEAD was answered with a body"] if body else []
    if not body:
        # The request's method is not known for what names no operation; HEAD has no body.
        return [] if operation is None else ["the error has no body"]
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        return [f"the error's body is no XML: {error}"]
    if root.tag != "Error":
        return [f"the root is {root.tag}, not Error"]
    found = {xml_walk.local(child): child.text or "" for child in root}
    missing = [name for name in ("Code", "Message", "RequestId", "HostId") if name not in found]
    if missing:
        return [f"Error lacks {missing}"]
    return _common(S3_CODES, found["Code"], status)


def _common(table, code, status):
    if code not in table:
        return [f"{code} is an error neither of the operation nor of its service"]
    return [] if table[code] == status else [f"{code} with status {status}"]
