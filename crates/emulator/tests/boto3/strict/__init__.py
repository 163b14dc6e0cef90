"""Judges whole answers of the emulator by botocore's API models, more strictly than botocore.

botocore reads what it knows and passes over the rest. Here every member of an answer must be in
the model, and every value must have the model's type, enumeration, pattern and length. `check`
takes an answer as it came over the wire and gives everything that is wrong with it.
"""

import functools

import botocore.parsers
import botocore.session

from . import errors, header, successes


@functools.cache
def service_model(service):
    """The API model that this version of botocore has of a service, such as `rekognition`."""
    return botocore.session.get_session().get_service_model(service)


@functools.cache
def _parser(protocol):
    return botocore.parsers.create_parser(protocol)


def check(service, operation, status, headers, body):
    """What is wrong with one answer: a list of sentences, empty for a good one.

    `operation` is the name in AWS's spelling, or None where the request named none; `headers` is
    a dict; `body` holds the bytes as they came.
    """
    model = service_model(service)
    headers = {name.lower(): value for name, value in headers.items()}
    known = operation in model.operation_names
    operation_model = model.operation_model(operation) if known else None
    problems = header.check(model, headers, body)
    if status < 300:
        if operation_model is None:
            return [*problems, f"success for {operation}, which {service} does not have"]
        problems += successes.check(model, operation_model, headers, body)
    else:
        problems += errors.check(model, operation_model, status, headers, body)
    return problems + _parse(model, operation_model, status, headers, body)


def _parse(model, operation_model, status, headers, body):
    """botocore's own parser must read the answer and find the request id and any error's code."""
    protocol = model.metadata["protocol"]
    shape = operation_model.output_shape if operation_model else None
    answer = {"status_code": status, "headers": headers, "body": body, "context": {}}
    try:
        if operation_model and operation_model.has_streaming_output and status < 300:
            return []
        parsed = _parser(protocol).parse(answer, shape)
    except Exception as error:  # noqa: BLE001 - whatever botocore raises, the answer is unreadable
        return [f"botocore cannot parse it: {error!r}"]
    problems = []
    # botocore takes a server's error without a body for a proxy's and reads no headers.
    from_proxy = status >= 500 and not body
    if not from_proxy and not parsed.get("ResponseMetadata", {}).get("RequestId"):
        problems.append("botocore finds no request id")
    if status >= 300 and not parsed.get("Error", {}).get("Code"):
        problems.append("botocore finds no error code")
    return problems
