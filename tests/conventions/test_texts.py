"""What people read stands in Russian and in English, side by side: `Text(ru="…", en="…")`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conventions import tree

# A reason each: read by programs, or a part of what a program asks another.
DATA = {
    "functions/agent_reply/prompt.py": "a model's prompt",
    "functions/agent_reply/schema.py": "a pattern for the names of placeholders",
    "functions/ingest_webhook/encodings.py": "letters by which Russian is known",
    "shared/learning/variables.py": "a model's prompt",
    "shared/support/escalation.py": "the words that call a manager",
    "shared/support/opt_out.py": "how customers say no",
    "shared/support/tokens.py": "letters that are typed for others",
}
FILES = [path for house in ("functions", "shared") for path in tree.files(house, "*.py")]
TEXT_MODULES = [path for path in FILES if path.stem in ("texts", "words") and path.parent.name != "i18n"]
SHOWN_AS = ("text", "caption", "toast", "html")  # fields of messages, and arguments that become such

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"[^\W\d_]{2,}\W*\s")  # names of fields have no spaces
_FIELD = re.compile(r"\{(\w*)[^}]*\}")
_TAG = re.compile(r"</?\w+>")


def pairs(module: ast.Module) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The Russian and the English side of everything that has both."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            sides = {keyword.arg: keyword.value for keyword in node.keywords}
            if "ru" in sides and "en" in sides:
                yield sides["ru"], sides["en"]


def strings(node: ast.AST) -> dict[ast.Constant, str]:
    """The string literals below `node`, the parts of f-strings among them, without docstrings; what they say."""
    prose = {each.value for each in ast.walk(node) if isinstance(each, ast.Expr)}
    return {
        each: each.value
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and each not in prose
    }


def one_language_only(module: ast.Module) -> list[int]:
    """Lines with a Russian literal that has no English beside it, or an English one in a message's place for text."""
    paired = {string for both in pairs(module) for side in both for string in strings(side)}
    lonely = [string for string, text in strings(module).items() if _CYRILLIC.search(text) and string not in paired]
    shown = [
        string
        for value in _shown(module)
        if isinstance(value, ast.Constant | ast.JoinedStr)
        for string, text in strings(value).items()
        if _SENTENCE.search(_TAG.sub("", text))
    ]
    return sorted({string.lineno for string in (*lonely, *shown)})


def _shown(module: ast.Module) -> Iterator[ast.expr]:
    """What a message or a toast is given to show."""
    for node in ast.walk(module):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in SHOWN_AS:
                    yield value
        elif isinstance(node, ast.keyword) and node.arg in SHOWN_AS:
            yield node.value


def unlike(module: ast.Module) -> list[int]:
    """Lines of pairs whose sides are not the same text in two languages."""
    found = []
    for russian, english in pairs(module):
        ours, theirs = (list(strings(side).values()) for side in (russian, english))
        is_translated = ours != theirs or not any(_LETTERS.search(_FIELD.sub("", _TAG.sub("", text))) for text in ours)
        if any(_CYRILLIC.search(text) for text in theirs) or not is_translated or _fields(ours) != _fields(theirs):
            found.append(russian.lineno)
    return found


def _fields(texts: list[str]) -> set[str]:
    return {field for text in texts for field in _FIELD.findall(text)}


@pytest.mark.parametrize("path", FILES, ids=tree.relative)
def test_every_text_stands_in_both_languages(path: Path) -> None:
    lines = one_language_only(tree.parse(path))

    assert bool(lines) == (tree.relative(path) in DATA), f"in one language only: lines {lines}"
    assert unlike(tree.parse(path)) == []


@pytest.mark.parametrize("path", TEXT_MODULES, ids=tree.relative)
def test_a_module_called_texts_holds_texts(path: Path) -> None:
    assert list(pairs(tree.parse(path))), "call it after what it does"


def test_statements_say_nothing_to_people() -> None:
    statements = tree.statements("functions", "shared")

    assert [str(statement) for statement in statements if _CYRILLIC.search(statement.text)] == []


def test_every_text_has_a_reader() -> None:
    read = {
        name
        for path in FILES
        for node in ast.walk(tree.parse(path))
        if (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and (name := node.id))
        or (isinstance(node, ast.Attribute) and (name := node.attr))
    }
    made = {
        f"{tree.relative(path)}: {target.id}"
        for path in TEXT_MODULES
        for node in tree.parse(path).body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id not in read
    }

    assert made == set()


@pytest.mark.parametrize(
    "source",
    [
        'GREETING = "Привет"', 'send(f"Привет, {name}")', 'GREETINGS = {"ru": "Привет", "en": "Hello"}',
        'Text(ru="Привет")', 'message = {"text": "Hello there"}',
        'Reaction(toast=f"Hello, {name}")', 'Actor("Телефон")',
    ],
)  # fmt: skip
def test_a_text_in_one_language_is_found(source: str) -> None:
    assert one_language_only(ast.parse(source)) == [1]


@pytest.mark.parametrize(
    "source",
    [
        'Text(ru="Привет", en="Hello")', 'Noun(ru=("день", "дня", "дней"), en=("day", "days"))', '"""«Привет»."""',
        'fields = {"text": "conversation", "caption": f"{mark} {caption}"}', 'log.info("hello")',
    ],
)  # fmt: skip
def test_a_text_in_both_is_fine(source: str) -> None:
    assert one_language_only(ast.parse(source)) == []
    assert unlike(ast.parse(source)) == []


@pytest.mark.parametrize(
    "source",
    [
        'Text(ru="Привет", en="Привет")', 'Text(ru="Hello", en="Hello")', 'Text(ru="Урок {title}", en="Lesson {name}")',
        'Text(ru="Ответ: {n}", en="Answer")',
    ],
)  # fmt: skip
def test_sides_that_are_not_the_same_text_are_found(source: str) -> None:
    assert unlike(ast.parse(source)) == [1]
