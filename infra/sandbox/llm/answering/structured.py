"""Values that a JSON schema asks for: the same for the same schema, and plainly made up."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
_STRINGS = {
    "date-time": "2026-01-01T10:00:00Z",
    "date": "2026-01-01",
    "time": "10:00:00Z",
    "email": "anna@example.com",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uri": "https://example.com/",
}
_MAX_DEPTH = 16  # schemas may name themselves


def example(schema: Json) -> Any:
    """A value that the schema allows, as far as its ordinary words go."""
    return _value(schema, schema, 0)


def _value(schema: Json, whole: Json, depth: int) -> Any:
    schema = _resolved(schema, whole)
    if depth > _MAX_DEPTH:
        return None
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    for several in ("anyOf", "oneOf", "allOf"):
        if schema.get(several):
            return _value(schema[several][0], whole, depth + 1)
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: _value(part, whole, depth + 1) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        count = max(1, schema.get("minItems", 0)) if schema.get("maxItems", 1) else 0
        return [_value(schema.get("items") or {}, whole, depth + 1) for _ in range(count)]
    if kind in ("integer", "number"):
        return _number(schema)
    return {"boolean": True, "null": None}.get(kind, _string(schema))


def _resolved(schema: Json, whole: Json) -> Json:
    found: Any = schema
    for _ in range(_MAX_DEPTH):
        reference = found.get("$ref")
        if not isinstance(reference, str):
            break
        found = whole
        for step in reference.removeprefix("#/").split("/") if reference != "#" else []:
            found = found.get(step, {})
    return found if isinstance(found, dict) else {}


def _number(schema: Json) -> int | float:
    least, most = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1), schema.get("maximum")
    value: int | float = min(max(least, 1), most) if most is not None else max(least, 1)
    return value


def _string(schema: Json) -> str:
    made_up = _STRINGS.get(schema.get("format", ""), "sandbox")
    made_up = made_up.ljust(schema.get("minLength", 0), "x")
    return made_up[: schema["maxLength"]] if "maxLength" in schema else made_up
