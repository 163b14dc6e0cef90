"""Values without parts: text, numbers, truth, moments."""

import functools
import math

import regex

ISO_8601 = regex.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z")


@functools.cache
def _pattern(text):
    # AWS's \d and \w are ASCII; classes such as \p{L} are not.
    flags = 0 if r"\p{" in text else regex.ASCII
    return regex.compile(text, flags)


def bounds(shape, size, place):
    """The model's `min` and `max` for a length or a number."""
    problems = []
    if "min" in shape.metadata and size < shape.metadata["min"]:
        problems.append(f"{place}: {size} is below the minimum {shape.metadata['min']}")
    if "max" in shape.metadata and size > shape.metadata["max"]:
        problems.append(f"{place}: {size} is above the maximum {shape.metadata['max']}")
    return problems


def text(shape, value, place):
    """Length in characters, enumeration and pattern of a text."""
    problems = bounds(shape, len(value), place)
    if getattr(shape, "enum", None) and value not in shape.enum:
        problems.append(f"{place}: {value!r} is not one of {shape.enum}")
    pattern = shape.metadata.get("pattern")
    if pattern and not _pattern(pattern).fullmatch(value):
        problems.append(f"{place}: {value!r} does not match {pattern}")
    return problems


def number(shape, value, place):
    """A number as JSON or Python has it."""
    whole = shape.type_name in ("integer", "long")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return [f"{place}: {value!r} is no number"]
    if whole and not isinstance(value, int):
        return [f"{place}: {value!r} is no whole number"]
    if not math.isfinite(value):
        return [f"{place}: {value!r} is not finite"]
    return bounds(shape, value, place)


def number_in_text(shape, value, place):
    """A number as XML and headers write it."""
    read = int if shape.type_name in ("integer", "long") else float
    try:
        return number(shape, read(value), place)
    except ValueError:
        return [f"{place}: {value!r} is no {shape.type_name}"]


def in_text(shape, value, place):
    """Any value as XML and headers write it."""
    match shape.type_name:
        case "string" | "character":
            return text(shape, value, place)
        case "integer" | "long" | "float" | "double":
            return number_in_text(shape, value, place)
        case "boolean":
            return [] if value in ("true", "false") else [f"{place}: {value!r} is no boolean"]
        case "timestamp":
            good = ISO_8601.fullmatch(value)
            return [] if good else [f"{place}: {value!r} is no ISO 8601 moment in UTC"]
    return [f"{place}: the type {shape.type_name} is not expected here"]
