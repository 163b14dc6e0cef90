"""A JSON value against a shape of the model."""

from . import scalars

NUMBERS = ("integer", "long", "float", "double")


def walk(shape, value, place="answer"):
    """Everything in `value` that the shape does not permit."""
    kind = shape.type_name
    if kind == "structure":
        return _structure(shape, value, place)
    if kind == "list":
        return _list(shape, value, place)
    if kind == "map":
        return _map(shape, value, place)
    if kind in NUMBERS:
        return scalars.number(shape, value, place)
    if kind == "timestamp":
        return scalars.number(shape, value, place)
    if kind == "boolean":
        return [] if isinstance(value, bool) else [f"{place}: {value!r} is no boolean"]
    if not isinstance(value, str):
        return [f"{place}: {value!r} is no text"]
    return scalars.text(shape, value, place)


def _structure(shape, value, place):
    if not isinstance(value, dict):
        return [f"{place}: {value!r} is no object"]
    members = {
        member.serialization.get("name", name): member for name, member in shape.members.items()
    }
    problems = [
        f"{place}: the model has no member {name}" for name in value if name not in members
    ]
    problems += [
        f"{place}: the required member {name} is missing"
        for name in shape.required_members
        if name not in value
    ]
    for name, member in members.items():
        if name in value:
            problems += walk(member, value[name], f"{place}.{name}")
    return problems


def _list(shape, value, place):
    if not isinstance(value, list):
        return [f"{place}: {value!r} is no list"]
    problems = scalars.bounds(shape, len(value), place)
    for index, one in enumerate(value):
        problems += walk(shape.member, one, f"{place}[{index}]")
    return problems


def _map(shape, value, place):
    if not isinstance(value, dict):
        return [f"{place}: {value!r} is no map"]
    problems = scalars.bounds(shape, len(value), place)
    for key, one in value.items():
        problems += walk(shape.key, key, f"{place} key")
        problems += walk(shape.value, one, f"{place}[{key!r}]")
    return problems
