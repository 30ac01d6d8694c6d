"""What is installed is what was written: no package, template, migration, ladder or demo file is left behind."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("ingest", "analysis", "monitor")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SENDS = PurePosixPath("monitor/notify.py")
PACKAGES = set(PYPROJECT["tool"]["setuptools"]["packages"])
ELSEWHERE: dict[str, str] = PYPROJECT["tool"]["setuptools"]["package-dir"]  # package → its folder


def source_files() -> Iterator[tuple[PurePosixPath, Path]]:
    """Yield each file of ours: its place in an installation, and the file."""
    folders = {PurePosixPath(name): ROOT / name for name in OURS}
    folders |= {PurePosixPath(*name.split(".")): ROOT / folder for name, folder in ELSEWHERE.items()}
    for place, folder in folders.items():
        for file in sorted(folder.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts and not file.name.startswith("."):
                yield place / file.relative_to(folder).as_posix(), file


def declared(requirements: list[str]) -> set[str]:
    """Take the bare, normalised names out of requirement lines."""
    return {normalised(re.split(r"[\s<>=!~;\[]", line, maxsplit=1)[0]) for line in requirements}


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    """Build the wheel from a copy, so that nothing an earlier build left in the checkout can slip in or hide a hole."""
    source = tmp_path_factory.mktemp("source")
    out = tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for name in (*OURS, "fixtures"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    build = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", build, str(out)], cwd=source, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(out.glob("restride-*.whl"))) as file:
        yield file


def test_every_package_with_python_files_is_listed() -> None:
    """A package that is not listed works in a checkout and is missing after pipx: her first command fails."""
    found = {".".join(place.parent.parts) for place, file in source_files() if file.suffix == ".py"}
    assert found == PACKAGES


def test_every_file_of_ours_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    """Without its ladder, templates, migrations or recordings the installed program stops at the first use of them."""
    inside = {PurePosixPath(name) for name in wheel.namelist()}
    missing = [str(place) for place, _ in source_files() if place not in inside]
    assert not missing


def test_the_files_in_the_wheel_are_unchanged(wheel: zipfile.ZipFile) -> None:
    """A recording whose bytes were altered on the way would be refused, or worse, be read as something else."""
    for place, file in source_files():
        assert wheel.read(str(place)) == file.read_bytes(), place


def test_nothing_else_is_in_the_wheel(wheel: zipfile.ZipFile) -> None:
    """A stray `tests` or `fixtures` would be importable by that name in everybody's environment."""
    top = {PurePosixPath(name).parts[0] for name in wheel.namelist()}
    assert {name for name in top if not name.endswith(".dist-info")} == set(OURS)


def test_the_wheel_carries_the_command_and_the_licence(wheel: zipfile.ZipFile) -> None:
    """Without its entry point an installation succeeds and leaves nothing to run."""
    text = {PurePosixPath(name).name: name for name in wheel.namelist() if ".dist-info/" in name}
    assert "restride = monitor.cli:main" in wheel.read(text["entry_points.txt"]).decode()
    assert wheel.read(text["LICENSE"]) == (ROOT / "LICENSE").read_bytes()


def test_every_library_that_is_imported_is_declared() -> None:
    """One that only the developers' environment has would fail on her machine, at the first command that needs it."""
    owners = packages_distributions()
    needed = declared(PYPROJECT["project"]["dependencies"])
    extra = declared(PYPROJECT["project"]["optional-dependencies"]["notify"])
    undeclared = set()
    for place, file in source_files():
        if file.suffix != ".py":
            continue
        wanted = needed | extra if place == SENDS else needed  # it says what to install where the extra is missing
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            else:
                continue
            known = {*OURS, *sys.stdlib_module_names, "_typeshed"}  # the type checker's own: nothing to install
            for top in {name.partition(".")[0] for name in names} - known:
                if not wanted & {normalised(owner) for owner in owners.get(top, [])}:
                    undeclared.add(f"{top} in {place}")
    assert not undeclared
