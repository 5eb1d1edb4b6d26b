"""Keys and passwords are taken out of what is kept unparsed or raw: Evolution, for one, names its API key in each call.

By the whole name of a field, however deep it lies, also in JSON inside of a string, in forms and in queries. Bytes go
in and out: what cannot be parsed keeps its secrets no more than what can, and all else stays as it came.
"""

import re

NAMES = ("apikey", "api_key", "token", "access_token", "secret", "password", "authorization")

_NAMES = b"|".join(name.encode() for name in NAMES)
_STRING = rb'"(?:[^"\\]++|(?!\2")\\.)*+'  # without its end; \2: the backslashes before the quotes of this depth
# A field with its value: a text, a number, or a flat list or object of texts, as headers are.
_JSON = re.compile(
    rb'(?i)((?<!\\)(\\{0,7})"(?:' + _NAMES + rb')\2"[ \t\r\n]{0,64}:[ \t\r\n]{0,64})'
    rb"(?:\2" + _STRING + rb'|-?[0-9][0-9.eE+-]*+|[\[{](?:[^\[\]{}"\\]++|\2' + _STRING + rb'\2")*+[\]}])',
    re.DOTALL,
)
_FORM = re.compile(rb"(?i)((?:^|[&?;])(?:" + _NAMES + rb")=)[^&;\s\"]*+")
_JSON_IN_FORM = re.compile(rb"(?i)(%22(?:" + _NAMES + rb")%22(?:%20|\+)?%3A(?:%20|\+)?%22)(?:(?!%22)[^&\s])*+")


def may_be_in(content: bytes) -> bool:
    """Whether `content` may have a name of ours anywhere: some microseconds, and False for nearly all that comes."""
    lowered = content.lower()
    return (
        b"token" in lowered
        or b"api" in lowered
        or b"secret" in lowered
        or b"passw" in lowered
        or b"authoriz" in lowered
    )


def without_secrets(content: bytes) -> bytes:
    """`content` with an empty text for the value of every field that is called like a secret."""
    if not may_be_in(content):
        return content
    return _JSON_IN_FORM.sub(rb"\1", _FORM.sub(rb"\1", _JSON.sub(_emptied, content)))


def _emptied(found: re.Match[bytes]) -> bytes:
    """The field with an empty text; of a text that goes on after the match its end is there already."""
    field, quote = found[1], found[2] + b'"'
    return field + quote if found[0].startswith(quote, len(field)) else field + quote + quote
