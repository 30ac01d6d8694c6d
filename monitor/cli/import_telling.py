"""What an import says while it runs, and of all that it read in the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import typer

from monitor.cli.layout import bullets
from monitor.cli.printing import Progress, say_json, tell
from monitor.cli.stopping import STOPPED, Stopping
from monitor.import_result import ImportResult, Outcome, summary

MANY = 20
"""After more lines than this, what failed has left the screen, and is said again."""


class Telling:
    """What came of the files so far, each told once."""

    def __init__(self, *, json: bool) -> None:
        self.results: list[ImportResult] = []  # without what was observed: there may be a hundred thousand
        self._files = 0
        self._json = json
        self._counts: Counter[Outcome] = Counter()
        self._is_summed_up = False

    @contextmanager
    def unless_stopped(self, stopping: Stopping) -> Iterator[None]:
        """Say what is kept and how to go on, whenever it is stopped."""
        try:
            try:
                yield
            except typer.Exit:  # all is done, and something failed
                stopping.check()
                raise
            stopping.check()
        except KeyboardInterrupt:
            self._stopped()
            raise typer.Exit(STOPPED) from None

    def begins(self, files: int) -> None:
        """Take note of how many files there are."""
        self._files = files

    def opened(self, files: int) -> None:
        """Count the files in an archive in place of the archive."""
        self._files += max(files, 1) - 1

    def tell(self, result: ImportResult, progress: Progress) -> None:
        """Say what came of a file; of what was left out in archives, only how much it was is said in the end."""
        self.results.append(replace(result, recordings=()))
        self._counts[result.outcome] += 1
        if not self._json and result.outcome is not Outcome.LEFT_OUT:
            progress.say(result.message)
        beside_the_bar = (Outcome.IMPORTED, Outcome.ALREADY_KNOWN, Outcome.FAILED)  # there is room for no more
        progress.advance(self._files, counted({outcome: self._counts[outcome] for outcome in beside_the_bar}))

    def sums_up(self) -> None:
        """Take note that what came of all files is being said."""
        self._is_summed_up = True

    def _stopped(self) -> None:
        """Say how far it came, if that was not said yet, and how to go on."""
        if not self._is_summed_up:
            counts = summary(self.results)
            if self._json:
                as_json = {outcome.value: count for outcome, count in counts.items()}
                say_json({"files": [content(result) for result in self.results], "summary": as_json, "stopped": True})
            told = counted(counts)
            tell(f"\n{told}." if told else "")
            for line in failures(self.results):
                tell(line)
        tell("Stopped. What was imported is kept; import again to go on.")


def counted(counts: Mapping[Outcome, int]) -> str:
    """Count the files of each outcome, in words."""
    return ", ".join(
        f"{count} other {'file' if count == 1 else 'files'} left out"
        if outcome is Outcome.LEFT_OUT
        else f"{count} {outcome.value}"
        for outcome, count in counts.items()
        if count
    )


def failures(results: Sequence[ImportResult]) -> Iterator[str]:
    """Say again what failed and why, where it has left the screen."""
    failed = [result.message for result in results if result.outcome is Outcome.FAILED]
    if failed and len(results) > MANY:
        yield "These could not be read:"
        yield from bullets(failed)


def content(result: ImportResult) -> dict[str, Any]:
    """Give what came of a file as a JSON object."""
    return {
        "file": result.name,
        "outcome": result.outcome.value,
        "code": result.code,
        "message": result.message,
    }
