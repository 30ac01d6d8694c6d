"""Files changed at random, in small; the long run is `python -m tests.fuzz_ingest`."""

import pytest

from tests.fuzz_changes import changed
from tests.fuzz_ingest import LONGEST_S, Report, cuts, fit_to_cut, fuzz, seeds


def failed(report: Report) -> str:
    return "\n".join(report.failures)


def test_hundreds_of_files_changed_at_random_are_read_or_refused_and_soon() -> None:
    """One file that crashes or hangs the reader would stop the night's import, and her later runs with it."""
    report = fuzz(inputs=500, seed=20260301, files=seeds())
    assert not report.failures, failed(report)
    assert report.slowest[0][0] < LONGEST_S
    assert report.outcomes["read"] > 100
    assert report.outcomes["damaged"] > 50


def test_a_fit_file_cut_at_any_byte_is_read_with_a_note_or_refused() -> None:
    report = cuts(fit_to_cut(), step=97)
    assert not report.failures, failed(report)
    assert report.outcomes["read"] > report.inputs * 0.9
    assert report.notes["cut_off"] + report.notes["bad_checksum"] >= report.outcomes["read"]


def test_an_input_can_be_had_again_by_its_number() -> None:
    """What a long run finds has to become a test."""
    files = seeds()
    assert changed(7, 1, files) == changed(7, 1, files) != changed(8, 1, files)


def test_the_fuzzer_sees_what_it_is_there_to_see(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fuzzer that cannot fail proves nothing."""

    def broken(data: bytes, file_name: str) -> object:
        raise (ValueError if len(data) % 2 else RecursionError)

    monkeypatch.setattr("tests.fuzz_ingest.read_bytes", broken)
    assert len(fuzz(inputs=20, seed=1, files=seeds()).failures) == 20
