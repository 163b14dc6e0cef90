"""Answers to calls that were carried out."""

import json
from xml.etree import ElementTree

from . import json_walk, scalars, xml_walk


def check(model, operation, headers, body):
    """The answer's members against the operation's output shape."""
    match model.metadata["protocol"]:
        case "json":
            return _json(operation.output_shape, body)
        case "query":
            return _query(model, operation, body)
        case "rest-xml":
            return _rest(operation, headers, body)
    raise AssertionError(f"no rules for {model.metadata['protocol']}")


def _json(shape, body):
    try:
        value = json.loads(body)
    except ValueError as error:
        return [f"the body is no JSON: {error}"]
    if shape is None:
        return [] if value == {} else [f"{value!r} instead of an empty object"]
    return json_walk.walk(shape, value)


def _query(model, operation, body):
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        return [f"the body is no XML: {error}"]
    namespace = model.metadata["xmlNamespace"]
    expected = f"{{{namespace}}}{operation.name}Response"
    if root.tag != expected:
        return [f"the root is {root.tag}, not {expected}"]
    if any(not one.tag.startswith(f"{{{namespace}}}") for one in root.iter()):
        return ["an element stands outside the service's namespace"]
    wrapper = operation.output_shape.serialization.get("resultWrapper", f"{operation.name}Result")
    children = [xml_walk.local(child) for child in root]
    if children != [wrapper, "ResponseMetadata"]:
        return [f"the root holds {children}, not {wrapper} and ResponseMetadata"]
    metadata = [xml_walk.local(child) for child in root[1]]
    problems = [] if metadata == ["RequestId"] else [f"ResponseMetadata holds {metadata}"]
    return problems + xml_walk.walk(operation.output_shape, root[0])


def _rest(operation, headers, body):
    """The members that travel in headers; a streamed body is somebody's object."""
    problems = []
    if body and not operation.has_streaming_output:
        problems.append(f"{operation.name} answers without a body, but one came")
    for member in operation.output_shape.members.values():
        name = member.serialization.get("name", "").lower()
        in_header = member.serialization.get("location") == "header"
        if in_header and name in headers and member.type_name != "timestamp":
            problems += scalars.in_text(member, headers[name], name)
    return problems
