"""Whose word counts about where things live, and that nobody else can read them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import config
from monitor.config import ConfigError, Settings, prepare, prepare_inbox, resolve, write

ROOT = Path(__file__).parent.parent
posix_modes = pytest.mark.skipif(
    os.name == "nt", reason="Windows keeps no modes; its profile folders are closed by themselves"
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def located(folder: Path, data: str) -> Path:
    folder.mkdir()
    (folder / "config.toml").write_text(f'data = "{data}"\n', encoding="utf-8")
    return folder


def test_flag_before_environment_before_file_before_default(tmp_path: Path) -> None:
    """Data written to another folder than she named would be lost to her, or found by somebody else."""
    file = located(tmp_path / "config", "from-file")
    nowhere = tmp_path / "none"
    environ = {"RESTRIDE_DATA": str(tmp_path / "from-environment")}
    assert resolve(tmp_path / "flag", environ=environ, config_dir=file).data_dir == tmp_path / "flag"
    assert resolve(environ=environ, config_dir=file).data_dir == tmp_path / "from-environment"
    assert resolve(environ={}, config_dir=file).data_dir == tmp_path / "config" / "from-file"
    default = resolve(environ={}, config_dir=nowhere).data_dir
    assert default.is_absolute()
    assert default.name == "restride"
    assert resolve(environ={"RESTRIDE_DATA": ""}, config_dir=nowhere).data_dir == default


def test_everything_lives_under_one_folder(tmp_path: Path) -> None:
    assert resolve(tmp_path) == Settings(
        data_dir=tmp_path,
        db_path=tmp_path / "restride.db",
        archive_dir=tmp_path / "archive",
        inbox_dir=tmp_path / "inbox",
        reports_dir=tmp_path / "reports",
    )
    assert list(tmp_path.iterdir()) == []  # asking creates nothing


def test_a_relative_folder_is_made_absolute_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    assert resolve(Path("here/../there")).db_path == tmp_path / "there" / "restride.db"
    assert resolve(Path("~/runs")).data_dir == tmp_path / "home" / "runs"


def test_the_inbox_may_be_set_and_taken_back(tmp_path: Path) -> None:
    settings = resolve(tmp_path / "data")
    elsewhere = tmp_path / "synced"
    written = write(settings, inbox=elsewhere)
    assert written.inbox_dir == elsewhere
    assert resolve(tmp_path / "data") == written
    assert resolve(tmp_path / "data").archive_dir == tmp_path / "data" / "archive"
    assert write(settings, inbox=Path("from watch")).inbox_dir == tmp_path / "data" / "from watch"
    assert resolve(tmp_path / "data").inbox_dir == tmp_path / "data" / "from watch"
    assert write(settings, inbox=None) == settings == resolve(tmp_path / "data")


def test_setting_the_inbox_leaves_all_else_that_she_wrote(tmp_path: Path) -> None:
    """`restride init --inbox` must not switch off her notifications without a word."""
    settings = resolve(tmp_path)
    hers = "# mine\n\n[[notify]]\nurls = ['ntfy://a']  # phone\n\n[watch]\nevery = 10\n"
    (tmp_path / "restride.toml").write_text(hers, encoding="utf-8")
    write(settings, inbox=Path("one"))
    write(settings, inbox=Path("two"))
    assert resolve(tmp_path).inbox_dir == tmp_path / "two"
    text = (tmp_path / "restride.toml").read_text(encoding="utf-8")
    assert text == hers.replace("\n[[", '\ninbox = "two"\n[[')
    write(settings, inbox=None)
    assert (tmp_path / "restride.toml").read_text(encoding="utf-8") == hers


@pytest.mark.parametrize("hers", ["notify = [\n[]\n]\ninbox = 'a'\n", 'watch = {a = """\n inbox = 3\n"""}\n'])
def test_a_file_that_cannot_be_changed_without_harm_is_left_as_it_is(tmp_path: Path, hers: str) -> None:
    settings = resolve(tmp_path)
    (tmp_path / "restride.toml").write_text(hers, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"without harm; write this line at its top: inbox = \"one\""):
        write(settings, inbox=Path("one"))
    assert (tmp_path / "restride.toml").read_text(encoding="utf-8") == hers


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0/~"), min_size=1).filter(str.strip))
def test_any_folder_name_survives_the_settings_file(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    """Quotes, backslashes, emoji: a file that cannot be read again would stop every command."""
    data = tmp_path_factory.getbasetemp() / "names"
    inbox = tmp_path_factory.getbasetemp() / f"x{name}"
    assert resolve(write(resolve(data), inbox=inbox).data_dir).inbox_dir == inbox


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not readable text"):
        write(resolve(tmp_path), inbox=Path("/runs/\udcff"))
    assert resolve(tmp_path).inbox_dir == tmp_path / "inbox"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("inbx = 'a'", "no setting “inbx”.*inbox"),
        ("inbox = 3", "quotes"),
        ("inbox = ", "not a readable settings file"),
        ("inbox = '\udcff'", "not a readable settings file"),
    ],
)
def test_a_settings_file_that_says_nothing_clear_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """A mistyped key that is ignored leaves her runs unread in another folder."""
    (tmp_path / "restride.toml").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError, match=words):
        resolve(tmp_path)


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(ConfigError, match="not a folder"):
        resolve(tmp_path / "data")
    with pytest.raises(ConfigError, match="is a file"):
        config.prepare_folder(tmp_path / "data")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file")
    with pytest.raises(ConfigError, match="--data"):
        config.prepare_folder(tmp_path / "file" / "data")


def test_a_folder_in_the_place_of_the_settings_file_is_said(tmp_path: Path) -> None:
    settings = resolve(tmp_path)
    (tmp_path / "restride.toml" / "something").mkdir(parents=True)
    with pytest.raises(ConfigError, match="cannot be read"):
        resolve(tmp_path)
    with pytest.raises(ConfigError, match="cannot be written"):
        write(settings, inbox=None)
    assert [path.name for path in tmp_path.iterdir()] == ["restride.toml"]  # nothing half-written beside it


def test_a_user_that_is_not_there_is_said() -> None:
    with pytest.raises(ConfigError, match="no such user"):
        resolve(Path("~nobody-of-this-name/runs"))


@posix_modes
@pytest.mark.parametrize("umask", [0, 0o777])
def test_what_is_prepared_is_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    settings = resolve(tmp_path / "data")
    before = os.umask(umask)
    try:
        prepare(settings)
        write(settings, inbox=None)
    finally:
        os.umask(before)
    folders = [settings.data_dir, settings.archive_dir, settings.inbox_dir, settings.reports_dir]
    assert [mode(folder) for folder in folders] == [0o700] * 4
    assert mode(settings.data_dir / "restride.toml") == 0o600


@posix_modes
def test_what_was_open_is_closed(tmp_path: Path) -> None:
    """A folder that was copied from elsewhere keeps its modes."""
    settings = resolve(tmp_path)
    tmp_path.chmod(0o755)
    for name in ("restride.db", "restride.db-wal", "restride.db-shm", "restride.toml"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(0o644)
    prepare(settings)
    assert mode(tmp_path) == 0o700
    assert {mode(path) for path in tmp_path.iterdir() if path.is_file()} == {0o600}


@posix_modes
def test_an_inbox_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    """Closing the folder that a sync program fills would lock it out."""
    inbox = tmp_path / "synced"
    inbox.mkdir()
    inbox.chmod(0o775)
    settings = write(resolve(tmp_path / "data"), inbox=inbox)
    prepare(settings)
    assert mode(inbox) == 0o775
    prepare_inbox(inbox, settings.data_dir)
    assert mode(inbox) == 0o775
    inbox.rmdir()
    prepare(settings)  # the drive is unplugged: a folder of that name on another would be found empty
    assert not inbox.exists()
    prepare_inbox(inbox, settings.data_dir)
    assert mode(inbox) == 0o700


@posix_modes
def test_what_she_closed_further_stays_closed(tmp_path: Path) -> None:
    """She made a copy read-only, to keep it as it is; a look must not make it writable again."""
    settings = resolve(tmp_path / "data")
    prepare(settings)
    settings.db_path.touch()
    settings.db_path.chmod(0o444)
    settings.archive_dir.chmod(0o555)
    settings.data_dir.chmod(0o555)
    try:
        with suppress(ConfigError):  # for root it can be written all the same
            prepare(settings)
        config.keep_private(settings.db_path)
        with suppress(ConfigError):
            config.prepare_folder(settings.archive_dir)
        assert [mode(p) for p in (settings.data_dir, settings.archive_dir)] == [0o500, 0o500]
        assert mode(settings.db_path) == 0o400
    finally:
        settings.data_dir.chmod(0o700)
        settings.archive_dir.chmod(0o700)


@posix_modes
def test_a_data_folder_that_is_read_only_is_said_with_what_to_do(tmp_path: Path) -> None:
    settings = resolve(tmp_path / "data")
    prepare(settings)
    settings.data_dir.chmod(0o500)
    try:
        if os.access(settings.data_dir, os.W_OK):
            pytest.skip("this user may write everywhere, as root may")
        with pytest.raises(ConfigError, match=r"is read-only for you.*permission to write in it") as caught:
            prepare(settings)
        assert "another folder" not in str(caught.value)
    finally:
        settings.data_dir.chmod(0o700)


@posix_modes
def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        if os.access(tmp_path, os.W_OK):
            pytest.skip("this user may write everywhere, as root may")
        with pytest.raises(ConfigError, match=r"permission denied.*--data"):
            prepare(resolve(tmp_path / "data"))
    finally:
        tmp_path.chmod(0o700)


def test_finding_the_settings_is_quick() -> None:
    """`restride --help` may load neither a database nor a table."""
    program = (
        "import sys\nfrom pathlib import Path\nfrom monitor.config import resolve\nresolve(Path('x'))\n"
        "print(sorted({'sqlalchemy', 'pandas', 'numpy', 'platformdirs', 'typer'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True, timeout=60
    )
    assert done.stdout == "[]\n"
