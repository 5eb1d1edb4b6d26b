"""What forwarders put around a delivery is taken off, so that it is read and kept as its sender made it.

n8n's webhook node makes an item of a call, `{headers, params, query, body}`, and flows send it on as it is: alone, in
a list, under `json`. Others put JSON into a string or into the one field of a form.
"""

import codecs
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from functions.ingest_webhook import encodings
from functions.ingest_webhook.form import read_form
from functions.ingest_webhook.request import MIN_SECRET, WebhookRequest
from shared.getcourse.fields import FIELDS

MAX_LAYERS = 8
MAX_DIGITS = 400  # of a whole number; longer ones are out of every range

_MARKS = (b'"headers"', b'"params"', b'"webhookUrl"', b'"json"')
_BESIDE_JSON = {"json", "binary", "pairedItem", "index"}
_FORM_FIELDS = ("payload", "data", "json", "body")
_SECRETS = {"secret", "webhook_secret", "token", "access_token", "apikey", "api_key", "password"}
# Fields of the deliveries themselves: an object that has one is no forwarder's item.
_OWN_FIELDS = {
    *FIELDS, "answer", "eventType", "dialog_id", "event", "data", "instance", "metadata", "messageType", "message",
    "mediaData", "object", "entry", "resource", "resource_id",
}  # fmt: skip

Delivery = tuple[Any, Mapping[str, Any]]  # a body, and the query that came with it


def unwrap(webhook: WebhookRequest) -> WebhookRequest:
    """The request as its sender made it; `webhook` itself where nothing was put around it. Raises nothing."""
    for _ in range(MAX_LAYERS):
        inner = _without_layer(webhook)
        if inner is None:
            break
        webhook = inner
    return webhook


def without_headers(webhook: WebhookRequest) -> WebhookRequest:
    """The request as it may be kept: a forwarded item's headers may hold secrets of its sender."""
    return unwrap(webhook) if b"headers" in webhook.body else webhook


def _without_layer(webhook: WebhookRequest) -> WebhookRequest | None:
    body = webhook.body.removeprefix(codecs.BOM_UTF8).strip()
    match body[:1]:
        case b'"':
            return _from_text(webhook, _parse(body))
        case b"{" | b"[":
            return _from_items(webhook, _parse(body)) if any(mark in body for mark in _MARKS) else None
        case _:
            return _from_text(webhook, _only_field(webhook, body))


def _from_text(webhook: WebhookRequest, text: Any) -> WebhookRequest | None:
    """The request whose body is the JSON in `text`, if it is no mere number."""
    if not isinstance(text, str) or not isinstance(_parse(text), dict | list | str):
        return None
    return replace(webhook, body=_to_bytes(text), content_type="application/json")


def _only_field(webhook: WebhookRequest, body: bytes) -> str | None:
    """What stands in a form that has nothing but a field for a whole payload."""
    name, equals, _ = body.partition(b"=")
    if webhook.query or not equals or name.decode("latin-1") not in _FORM_FIELDS:
        return None
    fields = list(read_form(body, encodings.declared(webhook.content_type)).values())
    return fields[0] if len(fields) == 1 and fields[0].lstrip()[:1] in ("{", "[") else None


def _from_items(webhook: WebhookRequest, content: Any) -> WebhookRequest | None:
    """The request with what is inside its items; None where nothing was put around them."""
    deliveries = list(_deliveries(content))
    bodies, queries = [body for body, _ in deliveries], [query for _, query in deliveries]
    if bodies == (content if isinstance(content, list) else [content]):
        return None
    common = queries[0] if queries and all(query == queries[0] for query in queries) else {}
    if not common:
        bodies = [_filled_in(body, query) for body, query in deliveries]
    query = "&".join(filter(None, (webhook.query, _query_string(common))))
    return WebhookRequest(query, _dump(bodies[0] if len(bodies) == 1 else bodies), "application/json")


def _deliveries(node: Any, layers: int = MAX_LAYERS) -> Iterator[Delivery]:
    """Each delivery inside `node`, the very object where nothing was put around it."""
    if isinstance(node, list):
        for item in node:
            yield from _deliveries(item, layers) if isinstance(item, dict) else [(item, {})]
    elif layers and _is_n8n_wrapper(node):
        yield from _deliveries(node["json"], layers - 1)
    elif layers and _is_forwarded_item(node):
        yield from _inside(node, layers - 1)
    else:
        yield node, {}


def _is_n8n_wrapper(node: Any) -> bool:
    return isinstance(node, dict) and isinstance(node.get("json"), dict | list) and node.keys() <= _BESIDE_JSON


def _is_forwarded_item(node: Any) -> bool:
    """Whether `node` is a whole HTTP call: its contents, and how it was made."""
    if not isinstance(node, dict) or not node.keys().isdisjoint(_OWN_FIELDS):
        return False
    how = isinstance(node.get("headers"), dict | list) or isinstance(node.get("params"), dict | list)
    return ("body" in node or "query" in node) and (how or ("webhookUrl" in node and "executionMode" in node))


def _inside(item: Mapping[str, Any], layers: int) -> Iterator[Delivery]:
    """The call's body, with its query beside it; the query alone where the body is empty, as a GET's is."""
    query, body = _query_fields(item.get("query")), _body(item.get("body"))
    if body:
        for delivery, inner_query in _deliveries(body, layers):
            yield delivery, {**query, **inner_query}
    elif query:
        yield query, {}
    else:  # an item of another make, perhaps: people will look at it
        yield {name: value for name, value in item.items() if name not in {"headers", "params"}}, {}


def _body(body: Any) -> Any:
    """A body as its sender meant it: text is JSON or a form."""
    if not isinstance(body, str):
        return body
    parsed = _parse(body)
    if isinstance(parsed, dict | list):
        return parsed
    return read_form(_to_bytes(body)) if "=" in body else body


def _query_fields(query: Any) -> dict[str, Any]:
    """A call's query without the secret that let it in at the forwarder."""
    if isinstance(query, str):
        query = read_form(_to_bytes(query.removeprefix("?")))
    if not isinstance(query, dict):
        return {}
    return {
        name: encodings.unescape(value) if isinstance(value, str) else value
        for name, value in query.items()
        if name not in _SECRETS and not (name == "k" and len(str(value)) >= MIN_SECRET)
    }


def _filled_in(body: Any, query: Mapping[str, Any]) -> Any:
    """A body among others with other queries."""
    return {**query, **body} if isinstance(body, dict) else body


def _query_string(query: Mapping[str, Any]) -> str:
    scalars = {name: value for name, value in query.items() if isinstance(value, str | int | float)}
    return urlencode(scalars, errors="surrogatepass")


def _parse(text: str | bytes) -> Any:
    """The JSON value of `text`; None when it is none."""
    try:
        return json.loads(text, parse_int=_integer)
    except (ValueError, RecursionError):
        return None


def _integer(digits: str) -> float:
    return int(digits) if len(digits) <= MAX_DIGITS else math.inf  # is refused later, as it would be without forwarder


def _dump(content: Any) -> bytes:
    return _to_bytes(json.dumps(content, ensure_ascii=False))


def _to_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
