"""Where two parts of the program meet: what one of them knows, the other must not overlook."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from tests.command import Restride, write_run

NOW = "2026-03-02T20:00+00:00"
RUN = "2026-03-02T07:00+00:00"


@pytest.fixture
def restride(tmp_path: Path) -> Restride:
    """Zoë, who is the first, and Ana, each with a run."""
    restride = Restride(tmp_path / "home" / "data")
    for name in ("Zoë", "Ana"):
        gates = (
            "--birth",
            "2025-06-01",
            "--cleared",
            "2025-08-01",
            "--healed",
            "2025-08-01",
            "--zone",
            "Europe/Lisbon",
        )
        assert restride("init", "--name", name, *gates, now="2026-03-01T08:00+00:00").code == 0
    (tmp_path / "zoe").mkdir()
    assert restride("import", "--runner", "Zoë", str(write_run(tmp_path / "zoe", RUN)), now=NOW).code == 0
    return restride


def test_erasing_from_a_lost_database_does_not_pretend_to_have_erased(restride: Restride) -> None:
    """Nothing printed and status 0 reads like "Erased", and her runs lie in the archive still."""
    for path in restride.data.glob("restride.db*"):
        path.unlink()
    said = restride("forget", "Zoë", "--yes", now=NOW)
    assert said.code == 1
    assert "restride restore FILE" in said.stderr


def test_a_folder_around_the_data_folder_brings_in_nobody_elses_copies(restride: Restride, tmp_path: Path) -> None:
    """Zoë's archived run as Ana's could let Ana progress; Restride's own files are no exports that failed."""
    (restride.data / "inbox").mkdir(exist_ok=True)
    said = restride("import", "--runner", "Ana", str(tmp_path / "home"), now=NOW)
    assert restride("sessions", "--runner", "Ana", "--json", now=NOW).json["sessions"] == []
    assert "restride.db" not in said.stdout + said.stderr
    assert (
        restride("import", "--runner", "Ana", str(restride.data / "archive"), now=NOW).code == 0
    )  # named, it is meant


def test_a_name_is_one_name_however_its_letters_are_put_together(restride: Restride) -> None:
    """Her address would stay in the settings file, and be used for the next runner."""
    decomposed = unicodedata.normalize("NFD", "Zoë")
    assert decomposed != "Zoë"
    settings = restride.data / "restride.toml"
    settings.write_text(f'[[notify]]\nrunner = "{decomposed}"\nto = ["json://localhost"]\n', encoding="utf-8")
    settings.chmod(0o600)
    said = restride("forget", "Zoë", "--yes", now=NOW)
    assert (said.code, "restride.toml" in said.stderr) == (1, True)
    (restride.data / "inbox" / decomposed).mkdir(parents=True)
    told = restride("doctor", now=NOW).stdout
    assert "bears the name of no runner" not in told
    assert "names nobody" not in told


def test_a_backup_through_a_round_of_links_is_refused_in_words(restride: Restride, tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    said = restride("backup", str(tmp_path / "a" / "all.zip"), now=NOW)
    assert said.code == 1
    assert said.stderr.strip()


def test_a_restored_runners_urgent_sign_is_in_the_json_too(restride: Restride, tmp_path: Path) -> None:
    """A program that shows what came back must not leave out what comes first."""
    assert restride("checkin", "--runner", "Zoë", "--urgent", "chest-pain", "--window", "any", now=NOW).code == 0
    file = tmp_path / "zoe.zip"
    assert restride("export", "--runner", "Zoë", "-o", str(file), now=NOW).code == 0
    elsewhere = Restride(tmp_path / "elsewhere")
    assert any("medical" in line for line in elsewhere("restore", str(file), "--json", now=NOW).json["urgent"])


def test_a_watch_setting_that_cannot_be_used_is_named_by_doctor(restride: Restride) -> None:
    """No watcher starts with it, and "readable" is all that was said of the file."""
    settings = restride.data / "restride.toml"
    settings.write_text('[watch]\nafter_import = "movee"\n', encoding="utf-8")
    settings.chmod(0o600)
    said = restride("doctor", now=NOW)
    assert (said.code, "after_import" in said.stdout) == (1, True)
