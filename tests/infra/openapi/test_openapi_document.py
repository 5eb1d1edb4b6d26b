"""OpenAPI documents: made of routes and their models, and committed as they are made."""

import re
from collections.abc import Callable

import openapi_spec_validator
import pytest
from pydantic import BaseModel, Field

from infra.openapi import functions
from infra.openapi.document import Json, document
from shared.http.routing import Route


class Part(BaseModel):
    size: int


class NewName(BaseModel):
    parts: list[Part] = Field(max_length=2)
    name: str = "all"


class Name(BaseModel):
    name: str = ""


ROUTES = (
    Route("GET", "/names", "All names", None, {200: Name}),
    Route(
        "POST", "/sessions/{id}/names", "Add one", None, {200: Name, 201: Name},
        body=NewName, parameters=("X-Device-Id", "Idempotency-Key"), problems=(404, 429), events="deltas",
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def made() -> Json:
    return document("Names", "What they are", ROUTES)


def test_an_operation_without_a_body_needs_a_token_and_little_else(made: Json) -> None:
    operation = made["paths"]["/names"]["get"]

    assert (operation.keys() & {"security", "parameters", "requestBody"}, list(operation["responses"])) == (
        set(), ["200", "401", "503"],
    )  # fmt: skip
    assert made["security"] == [{"token": []}]


def test_an_operation_says_what_it_takes_and_how_it_fails(made: Json) -> None:
    operation = made["paths"]["/sessions/{id}/names"]["post"]

    assert set(operation["responses"]) == {"200", "201", "400", "401", "404", "408", "413", "415", "422", "429", "503"}
    assert [(given["name"], given["in"], given["required"]) for given in operation["parameters"]] == [
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
    assert body == {"$ref": "#/components/schemas/NewName"}


def test_models_inside_models_are_named_once(made: Json) -> None:
    schemas = made["components"]["schemas"]

    assert set(schemas) == {"Problem", "NewName", "Part", "Name"}
    assert schemas["NewName"]["properties"]["parts"]["items"] == {"$ref": "#/components/schemas/Part"}
    assert schemas["NewName"]["required"] == ["parts"]


@pytest.mark.parametrize(
    "described", [functions.learning_api, functions.agent_reply], ids=["learning_api", "agent_reply"]
)
def test_the_functions_documents_are_valid(described: Callable[[], Json]) -> None:
    made = described()

    openapi_spec_validator.validate(made, cls=openapi_spec_validator.OpenAPIV31SpecValidator)
    ids = [operation["operationId"] for methods in made["paths"].values() for operation in methods.values()]
    assert len(ids) == len(set(ids)) > 0
    for path, methods in made["paths"].items():
        for operation in methods.values():
            named = {given["name"] for given in operation.get("parameters", []) if given["in"] == "path"}
            assert named == set(re.findall(r"\{(\w+)\}", path))


@pytest.mark.parametrize("name", ["learning_api", "agent_reply"])
def test_the_committed_document_is_the_one_that_the_routes_make(name: str) -> None:
    [(path, text)] = [file for file in functions.files().items() if file[0].parent.name == name]

    assert path.read_text(encoding="utf-8") == text, "run make openapi"


def test_a_document_that_is_not_valid_would_be_found() -> None:
    made = document("Names", "What they are", ROUTES[1:])
    made["paths"]["/sessions/{id}/names"]["post"]["parameters"][0]["in"] = "nowhere"

    with pytest.raises(Exception, match="nowhere"):
        openapi_spec_validator.validate(made, cls=openapi_spec_validator.OpenAPIV31SpecValidator)
