"""The import names that Restride uses belong to whom it thinks they do (docs/adr/0001, 0004)."""

from __future__ import annotations

import importlib
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("name", ["ingest", "analysis", "monitor"])
def test_no_other_distribution_owns_our_names(name: str) -> None:
    """A dependency with a package of the same name would overwrite ours, and her runs would be read by a stranger."""
    owners = {owner.lower() for owner in packages_distributions().get(name, [])}
    assert owners <= {"restride"}, f"`{name}` also belongs to {sorted(owners - {'restride'})}"


@pytest.mark.parametrize("name", ["ingest", "analysis", "monitor"])
def test_our_names_lead_to_this_checkout(name: str) -> None:
    """Tests that import another copy would pass while the code in front of us is broken."""
    file = importlib.import_module(name).__file__
    assert file is not None
    assert Path(file).resolve().is_relative_to(ROOT)


def test_fitparse_is_python_fitparse_alone() -> None:
    """The old distribution overwrites the new one's files silently, and newer watches would be misread."""
    assert {owner.lower() for owner in packages_distributions()["fitparse"]} == {"python-fitparse"}
    assert int(version("python-fitparse").split(".")[0]) >= 2
    with pytest.raises(PackageNotFoundError):
        version("fitparse")
