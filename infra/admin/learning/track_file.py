"""A track as a file: what stands in it, and where it is wrong."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import ErrorDetails

from infra.admin.learning import declarations
from infra.admin.learning.declarations import NOT_STORABLE
from infra.admin.learning.templates import Scope, unknown_placeholders
from infra.admin.operating import files
from infra.admin.prompt_text import MAX_LENGTH
from shared.http.body import VALIDATION_MESSAGES
from shared.learning import variables
from shared.learning.placeholders import BUILT_IN, PLACEHOLDER
from shared.learning.tabs import Tab
from shared.learning.variables import MAX_SYSTEM_PROMPT
from shared.payload.postgres_text import without_nul

MAX_ITEMS = 1000
MAX_BYTES = 20_000_000
MAX_NODES = 100_000
_MESSAGES = VALIDATION_MESSAGES | {
    "extra_forbidden": "is not known here",
    "string_type": "is no text: put it into quotes",
    "string_unicode": NOT_STORABLE,
    "string_too_short": "is empty",
    "too_short": "is empty",
    "string_pattern_mismatch": "does not match {pattern}",
    "model_type": "is no block of names and values",
    "dict_type": "is no block of names and values",
}


class InvalidTrackFile(Exception):
    """The file holds no track; `problems` are sentences, each with the line and what is wrong there."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(problems[0])
        self.problems = problems


def _storable(text: str) -> str:
    if without_nul(text) != text:
        raise ValueError(NOT_STORABLE)
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000), AfterValidator(_storable)]
Title = Annotated[Text, Field(min_length=1, max_length=300)]
Content = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_LENGTH), AfterValidator(_storable)
]
Name = Annotated[str, Field(pattern=r"^\w+$", max_length=100)]


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(_Block):
    """A step of the roadmap."""

    title: Title
    description: Text = ""


class Template(_Block):
    """A prompt of the file: its scope, tab and text."""

    scope: Scope = "track"
    tab: Tab | None = None
    content: Content
    variables: dict[Name, Annotated[Any, AfterValidator(declarations.checked)]] = {}

    @model_validator(mode="after")
    def _filled(self) -> "Template":
        if names := unknown_placeholders(self.content, self.variables):
            raise ValueError(
                f"uses {', '.join(names)}, which neither stands in its variables nor is built in: {', '.join(BUILT_IN)}"
            )
        declarations.check_names(self.variables)
        return self


class Track(_Block):
    """A track, its roadmap in order, and prompts: its own, or for all tracks."""

    slug: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$")]
    title: Title
    description: Text = ""
    goal: Text = ""
    roadmap: Annotated[list[Item], Field(min_length=1, max_length=MAX_ITEMS)]
    templates: list[Template] | None = None  # none: those that are there stay

    @model_validator(mode="after")
    def _each_once(self) -> "Track":
        slots = [(template.scope, template.tab) for template in self.templates or ()]
        for scope, tab in slots:
            if slots.count((scope, tab)) > 1:
                raise ValueError(f"has two templates of scope {scope} for {tab or 'all tabs'}")
        return self

    @model_validator(mode="after")
    def _fits(self) -> "Track":
        for tab in get_args(Tab):
            templates = [
                each for each in self.templates or () if each.tab in (None, tab) and each.scope != "createTrack"
            ]
            if (length := sum(self._filled_length(template) for template in templates)) > MAX_SYSTEM_PROMPT:
                raise ValueError(
                    f"has prompts for the tab {tab} that come to {length} characters with their variables: shorten "
                    f"them, or the track itself, as {MAX_SYSTEM_PROMPT} are allowed"
                )
        return self

    def _filled_length(self, template: Template) -> int:
        """Characters of the prompt that a call gets, at most, if it gives no free variable."""
        declared = {name: variables.read(value) for name, value in template.variables.items()}
        lengths = {
            name: max(map(len, (variable.default or "", *variable.values))) for name, variable in declared.items()
        }
        lengths |= {"track_title": len(self.title), "track_description": len(self.description)}
        lengths |= {"track_goal": len(self.goal), "roadmap": sum(len(item.title) + 6 for item in self.roadmap)}
        return len(template.content) + sum(lengths[name] for name in PLACEHOLDER.findall(template.content))


def read(path: Path) -> Track:
    """The track in the file. Raises InvalidTrackFile."""
    try:
        text = files.read(path, MAX_BYTES).decode("utf-8-sig")
        tree = yaml.compose(text, yaml.SafeLoader)
        if _expanded(tree) > MAX_NODES:
            raise InvalidTrackFile([f"the file has more than {MAX_NODES} values, with what its aliases (*) repeat"])
        values = yaml.safe_load(text)
    except UnicodeDecodeError:
        raise InvalidTrackFile(["the file is not UTF-8: save it again as UTF-8"]) from None
    except yaml.YAMLError as error:
        mark, what = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        where = f"line {mark.line + 1}" if mark else "the file"
        raise InvalidTrackFile(
            [f"{where} is no YAML: {what or 'it has a character that YAML does not know'}"]
        ) from None
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):  # !!bool maybe; a thousand brackets
        raise InvalidTrackFile(["the file is no YAML that can be read: put dates and numbers into quotes"]) from None
    try:
        return Track.model_validate(values)
    except ValidationError as error:
        raise InvalidTrackFile([_problem(detail, tree) for detail in error.errors(include_url=False)]) from None


def _expanded(tree: yaml.Node | None) -> int:
    """How many values a tree has once each alias is replaced by what it repeats."""
    sizes: dict[int, int] = {}

    def size(node: yaml.Node | tuple[yaml.Node, yaml.Node] | None) -> int:
        if not isinstance(node, yaml.CollectionNode):
            return sum(map(size, node)) if isinstance(node, tuple) else 1
        if id(node) not in sizes:
            sizes[id(node)] = 1 + sum(map(size, node.value))
        return sizes[id(node)]

    return size(tree)


def _problem(error: ErrorDetails, tree: yaml.Node | None) -> str:
    names = list(_names(error["loc"]))
    message = _MESSAGES.get(error["type"], "is not what it should be").format(**error.get("ctx", {}))
    return f"line {_line(error['loc'], tree)}: {', '.join(names) or 'the file'} {message}"


def _names(loc: tuple[int | str, ...]) -> Iterator[str]:
    """The blocks as the file names them; people count items from 1."""
    for part in loc:
        if part != "[key]":
            yield f"item {part + 1}" if isinstance(part, int) else part


def _line(loc: tuple[int | str, ...], node: yaml.Node | None) -> int:
    """The line of what is wrong, or of the block in which it is missing."""
    line = 1
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = (node.value[part], node.value[part])
        else:
            found = None
        if found is None:
            return line
        line, node = found[0].start_mark.line + 1, found[1]
    return line
