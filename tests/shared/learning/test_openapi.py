"""OpenAPI documents, made of models."""

import re
from collections.abc import Callable

import openapi_spec_validator
import pytest
from pydantic import BaseModel, Field

from functions.agent_reply import openapi as agents
from functions.learning_api import openapi as front
from shared.learning.openapi import DEVICE, KEY, SESSION, Json, Operation, document


class Part(BaseModel):
    size: int


class Asked(BaseModel):
    parts: list[Part] = Field(max_length=2)
    name: str = "all"


class Told(BaseModel):
    name: str = ""


OPERATIONS = (
    Operation("get", "/names", "All names", {200: Told}, is_open=True),
    Operation(
        "post", "/sessions/{id}/names", "Add one", {200: Told, 201: Told},
        body=Asked, parameters=(SESSION, DEVICE, KEY), problems=(404, 429), events="deltas",
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def made() -> Json:
    return document("Names", "What they are", OPERATIONS)


def test_what_is_open_needs_nothing_and_fails_never(made: Json) -> None:
    operation = made["paths"]["/names"]["get"]

    assert (operation["security"], list(operation["responses"])) == ([], ["200"])
    assert made["security"] == [{"token": []}]


def test_an_operation_says_what_it_takes_and_how_it_fails(made: Json) -> None:
    operation = made["paths"]["/sessions/{id}/names"]["post"]

    assert set(operation["responses"]) == {"200", "201", "400", "401", "404", "413", "415", "422", "429", "503"}
    assert [(one["name"], one["in"], one["required"]) for one in operation["parameters"]] == [
        ("id", "path", True), ("X-Device-Id", "header", False), ("Idempotency-Key", "header", False),
    ]  # fmt: skip
    assert set(operation["responses"]["200"]["content"]) == {"application/json", "text/event-stream"}
    assert set(operation["responses"]["404"]["content"]) == {"application/problem+json"}
    assert (
        set(operation["responses"]["429"]["headers"])
        == set(operation["responses"]["503"]["headers"])
        == {"Retry-After"}
    )
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    assert body == {"$ref": "#/components/schemas/Asked"}


def test_models_inside_models_are_named_once(made: Json) -> None:
    schemas = made["components"]["schemas"]

    assert set(schemas) == {"Problem", "Asked", "Part", "Told"}
    assert schemas["Asked"]["properties"]["parts"]["items"] == {"$ref": "#/components/schemas/Part"}
    assert schemas["Asked"]["required"] == ["parts"]


@pytest.mark.parametrize("described", [front.document, agents.document], ids=["learning_api", "agent_reply"])
def test_the_functions_documents_are_valid(described: Callable[[], Json]) -> None:
    made = described()

    openapi_spec_validator.validate(made, cls=openapi_spec_validator.OpenAPIV31SpecValidator)
    ids = [one["operationId"] for methods in made["paths"].values() for one in methods.values()]
    assert len(ids) == len(set(ids)) > 0
    for path, methods in made["paths"].items():
        for one in methods.values():
            named = {given["name"] for given in one.get("parameters", []) if given["in"] == "path"}
            assert named == set(re.findall(r"\{(\w+)\}", path))


def test_what_is_no_document_would_be_found() -> None:
    made = document("Names", "What they are", OPERATIONS[1:])
    made["paths"]["/sessions/{id}/names"]["post"]["parameters"][0]["in"] = "nowhere"

    with pytest.raises(Exception, match="nowhere"):
        openapi_spec_validator.validate(made, cls=openapi_spec_validator.OpenAPIV31SpecValidator)
