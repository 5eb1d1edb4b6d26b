"""What platforms make of a request, in the shapes that they document, and how to read what a function answers them."""

import base64
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs

TEXT = ("text/", "application/json", "application/xml", "application/javascript")


@dataclass(frozen=True)
class Call:
    """A request as its caller sent it."""

    method: str = "GET"
    path: str = "/"
    query: str = ""  # as it stands in the address
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    client: str = "192.0.2.1"

    def header(self, name: str) -> str:
        """The values of a header, joined as HTTP allows."""
        return ",".join(value for key, value in self.headers if key.lower() == name)


@dataclass(frozen=True)
class Answer:
    """What the caller gets."""

    status: int
    headers: dict[str, str]
    body: bytes
    cookies: list[str] = field(default_factory=list)


def function_url_event(call: Call) -> dict[str, Any]:
    """AWS Lambda, function URL, version 2.0: cookies apart, repeated headers joined, what is no text in base64."""
    names = {name.lower() for name, _ in call.headers}
    headers = {name: call.header(name) for name in sorted(names - {"cookie"})}
    headers |= {"x-forwarded-for": call.client, "x-forwarded-proto": "https", "x-forwarded-port": "443"}
    headers["host"] = "abcdefghij.lambda-url.eu-central-1.on.aws"
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": call.path,
        "rawQueryString": call.query,
        "headers": headers,
        "requestContext": {
            "accountId": "anonymous",
            "apiId": "abcdefghij",
            "domainName": headers["host"],
            "domainPrefix": "abcdefghij",
            "http": {
                "method": call.method, "path": call.path, "protocol": "HTTP/1.1",
                "sourceIp": call.client, "userAgent": call.header("user-agent"),
            },
            "requestId": "00000000-0000-4000-8000-000000000000",
            "routeKey": "$default",
            "stage": "$default",
            "time": "15/Jan/2026:12:00:00 +0000",
            "timeEpoch": 1768478400000,
        },
        "isBase64Encoded": False,
    }  # fmt: skip
    if "cookie" in names:
        event["cookies"] = [cookie.strip() for cookie in call.header("cookie").split(";")]
    return {**event, **_body(call)}


def api_gateway_event(call: Call) -> dict[str, Any]:
    """AWS, an HTTP API with a stage of its own: the same as a function URL's, but the path begins with the stage."""
    event = function_url_event(call)
    path = f"/prod{call.path}"
    context = {**event["requestContext"], "stage": "prod", "http": {**event["requestContext"]["http"], "path": path}}
    return {**event, "rawPath": path, "requestContext": context}


def rest_api_event(call: Call) -> dict[str, Any]:
    """AWS, a REST API: version 1.0, without a version. Parameters are parsed, values listed; the stage is left out."""
    headers = {name: call.header(name.lower()) for name, _ in call.headers}
    several = {name: [value for key, value in call.headers if key == name] for name in headers}
    parameters = parse_qs(call.query, keep_blank_values=True)
    return {
        "resource": "/{proxy+}",
        "path": call.path,
        "httpMethod": call.method,
        "headers": {**headers, "X-Forwarded-For": call.client},
        "multiValueHeaders": {**several, "X-Forwarded-For": [call.client]},
        "queryStringParameters": {name: values[-1] for name, values in parameters.items()} or None,
        "multiValueQueryStringParameters": parameters or None,
        "requestContext": {
            "stage": "prod", "path": f"/prod{call.path}", "httpMethod": call.method,
            "identity": {"sourceIp": call.client, "userAgent": call.header("user-agent")},
        },
        "body": None,
        "isBase64Encoded": False,
        **_body(call),
    }  # fmt: skip


def yandex_gateway_event(call: Call) -> dict[str, Any]:
    """Yandex Cloud, API gateway with payload 1.0: alike, and Authorization and Cookie are taken away."""
    kept = tuple(item for item in call.headers if item[0].lower() not in ("authorization", "cookie"))
    event = rest_api_event(replace(call, headers=kept))
    context = {"identity": event["requestContext"]["identity"], "httpMethod": call.method, "requestId": "1"}
    return {
        **event,
        "requestContext": {**context, "requestTime": "15/Jan/2026:12:00:00 +0000", "requestTimeEpoch": 1768478400},
        "pathParameters": {"proxy": call.path.removeprefix("/")},
        "operationId": "any",
        "body": event["body"] or "",
    }


def google_headers(call: Call) -> list[tuple[str, str]]:
    """Google Cloud Run: the request itself, with what its front end adds; a header that comes twice stays twice."""
    return [
        *call.headers,
        ("X-Forwarded-For", call.client), ("X-Forwarded-Proto", "https"),
        ("Forwarded", f'for="{call.client}";proto=https'),
        ("X-Cloud-Trace-Context", "105445aa7843bc8bf206b12000100000/1;o=1"),
        ("Traceparent", "00-105445aa7843bc8bf206b12000100000-0000000000000001-01"),
    ]  # fmt: skip


def _body(call: Call) -> dict[str, Any]:
    """A body, in base64 when its type is none of a text."""
    if not call.body:
        return {}
    if call.header("content-type").startswith(TEXT):
        return {"body": call.body.decode(), "isBase64Encoded": False}
    return {"body": base64.b64encode(call.body).decode(), "isBase64Encoded": True}


def answer_of(answer: dict[str, Any]) -> Answer:
    """What the platform makes of a handler's answer, of either version."""
    text = answer.get("body") or ""
    body = base64.b64decode(text) if answer.get("isBase64Encoded") else text.encode()
    several = {name.lower(): values for name, values in (answer.get("multiValueHeaders") or {}).items()}
    cookies = list(answer.get("cookies") or several.get("set-cookie", []))
    headers = {name.lower(): value for name, value in (answer.get("headers") or {}).items()}
    return Answer(answer["statusCode"], headers | {name: values[-1] for name, values in several.items()}, body, cookies)
