"""Every function on one port."""

from pathlib import Path

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from infra.local import server
from infra.local.web_server import listen
from shared.http import requests
from shared.http.function import Function
from tests.helpers.serving import ROOT


async def echo_path(request: Request) -> Response:
    path = requests.path(request, "echo")
    return PlainTextResponse(f"{request.method} {path}?{requests.query(request)}")


async def ask(method: str, path: str) -> httpx.Response:
    served = {"ring": Function(echo_path), "toll": Function(echo_path)}
    async with (
        server.serving(served, listen(0)) as url,
        httpx.AsyncClient(base_url=url, trust_env=False) as client,
    ):
        return await client.request(method, path)


def test_every_folder_with_a_main_is_found() -> None:
    assert server.names() == sorted(path.parent.name for path in (ROOT / "functions").glob("*/main.py"))


def test_a_new_folder_is_found_without_being_named_anywhere(tmp_path: Path) -> None:
    for name in ("ring", "toll", "notes"):
        (tmp_path / name).mkdir()
    (tmp_path / "ring" / "main.py").touch()
    (tmp_path / "toll" / "main.py").touch()

    assert server.names(tmp_path) == ["ring", "toll"]


async def test_a_function_sees_its_path_as_if_it_were_alone() -> None:
    answer = await ask("POST", "/ring/getcourse/school?secret=x%20y")

    assert answer.text == "POST /getcourse/school?secret=x%20y"


async def test_a_function_is_reached_with_and_without_a_slash_and_by_any_method() -> None:
    assert (await ask("PUT", "/toll/")).text == "PUT /?"
    assert (await ask("DELETE", "/toll")).is_success


async def test_the_index_names_all_functions_and_nothing_else_is_there() -> None:
    index = await ask("GET", "/")

    assert [line.split()[0] for line in index.text.splitlines()] == ["ring", "toll"]
    assert index.text.splitlines()[0].endswith("/ring/")
    assert (await ask("GET", "/rings")).status_code == 404
