"""What an import says while it runs, and of all that it read in the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from monitor.cli.layout import bullets
from monitor.cli.printing import Progress, say_json, tell
from monitor.import_result import ImportResult, Outcome, summary

MANY = 20
"""After more lines than this, what failed has left the screen, and is said again."""


class Telling:
    """What came of the files so far, each told once."""

    def __init__(self, files: int, *, json: bool) -> None:
        self.results: list[ImportResult] = []  # without what was observed: there may be a hundred thousand
        self._files = files
        self._json = json
        self._counts: Counter[Outcome] = Counter()

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

    def stopped(self) -> None:
        """Say how far it came before Ctrl-C."""
        if self._json:
            counts = {outcome.value: count for outcome, count in summary(self.results).items()}
            say_json({"files": [content(result) for result in self.results], "summary": counts, "stopped": True})
        told = counted(summary(self.results))
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
