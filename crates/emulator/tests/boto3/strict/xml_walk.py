"""An XML element against a shape of the model."""

from . import scalars


def local(element):
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def walk(shape, element, place="answer"):
    """Everything in `element` that the shape does not permit."""
    kind = shape.type_name
    if kind == "structure":
        return _structure(shape, element, place)
    if kind == "list":
        return _list(shape, list(element), place, _item_name(shape))
    if len(element):
        return [f"{place}: elements inside a {kind}"]
    return scalars.in_text(shape, element.text or "", place)


def _item_name(shape):
    return shape.member.serialization.get("name", "member")


def _structure(shape, element, place):
    if (element.text or "").strip():
        return [f"{place}: text beside the members"]
    names = {
        member.serialization.get("name", name): (name, member)
        for name, member in shape.members.items()
    }
    problems = []
    found = {}
    for child in element:
        if local(child) in names:
            found.setdefault(local(child), []).append(child)
        else:
            problems.append(f"{place}: the model has no member {local(child)}")
    for wire, children in found.items():
        _, member = names[wire]
        inner = f"{place}.{wire}"
        if member.type_name == "list" and member.serialization.get("flattened"):
            problems += _list(member, children, inner, wire)
        elif len(children) > 1:
            problems.append(f"{inner}: stands {len(children)} times")
        else:
            problems += walk(member, children[0], inner)
    present = {names[wire][0] for wire in found}
    problems += [
        f"{place}: the required member {name} is missing"
        for name in shape.required_members
        if name not in present
    ]
    return problems


def _list(shape, children, place, item):
    problems = scalars.bounds(shape, len(children), place)
    for index, child in enumerate(children):
        if local(child) != item:
            problems.append(f"{place}: {local(child)} instead of {item}")
        else:
            problems += walk(shape.member, child, f"{place}[{index}]")
    return problems
