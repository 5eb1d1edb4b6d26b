"""Archives for AWS Lambda and Yandex Cloud: libraries, modules and bytecode, at the top, where Python looks."""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from infra.package import archive, bytecode, libraries
from infra.package.contents import Contents, contents_of

LOCK = Path("requirements/functions.txt")
PLATFORMS = {"arm64": "aarch64-manylinux_2_28", "x86_64": "x86_64-manylinux_2_28"}  # Lambda's are of glibc 2.34


@dataclass(frozen=True)
class Place:
    """What calls a function there, where an archive is unpacked, which of EXTRAS go with it; an index.py, if wanted."""

    entry: str
    home: str
    extras: tuple[str, ...] = ()
    index: str = ""


LAMBDA = Place("infra.aws.handler", "/var/task")
# All examples of Yandex's call a module at the top; whether its Python finds one in a package, nobody has established.
YANDEX = Place("infra.yandex.handler", "/function/code", index="from infra.yandex.handler import handle\n")
INDEX = Path("index.py")


def runtime(root: Path) -> str:
    """The Python that serverless.yml asks for, as "3.13"."""
    template = yaml.safe_load((root / "serverless.yml").read_text(encoding="utf-8"))
    name: str = template["provider"]["runtime"]
    return name.removeprefix("python")


def build(
    root: Path, functions: Sequence[str], architecture: str, python: str, out: Path, place: Place = LAMBDA
) -> dict[str, int]:
    """Write `<function>.zip` for each of `functions` into `out`; their sizes in bytes. Raises PackageError."""
    stage = out / "stage"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    libraries.install(root / LOCK, python, PLATFORMS[architecture], stage)
    contents = {function: contents_of(root, function, (place.entry,)) for function in functions}
    for path in sorted({path for each in contents.values() for path in each.files}):
        (stage / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / path, stage / path)
    extras = {extra: libraries.of_extra(root, extra) for extra in place.extras}
    files = {function: _files(stage, each, extras) for function, each in contents.items()}
    if place.index:
        (stage / INDEX).write_text(place.index, encoding="utf-8")
        files = {function: [INDEX, *paths] for function, paths in files.items()}
    modules = {path for paths in files.values() for path in paths if path.suffix == ".py"}
    bytecode.compile_all(stage, sorted(modules), python, place.home)
    write = archive.writer(stage)
    sizes = {
        function: write(out / f"{function}.zip", _with_bytecode(paths, python)) for function, paths in files.items()
    }
    shutil.rmtree(stage)
    return sizes


def _files(stage: Path, contents: Contents, extras: Mapping[str, Sequence[str]]) -> list[Path]:
    installed = libraries.distributions_in(stage)
    beside = [name for extra, names in extras.items() if contents.may_have(extra) for name in names]
    names = libraries.needed(installed, contents.imports, beside)
    return [*contents.files, *(path for name in names for path in libraries.files_of(installed[name]))]


def _with_bytecode(paths: Iterable[Path], python: str) -> Iterator[Path]:
    for path in paths:
        yield path
        if path.suffix == ".py":
            yield bytecode.path_of(path, python)
