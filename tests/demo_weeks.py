"""What `restride week` prints on each Sunday of the demo's story, for a page of the documents.

`python -m tests.demo_weeks > docs/demo-weeks.md` writes the page; a test compares.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from monitor.demo import Step, run
from tests.command import Restride

HEAD = """# Eight weeks, as Restride tells them

The demo's invented runner, Marta: what `restride week` prints on each Sunday evening of her first eight weeks
(written by `python -m tests.demo_weeks`; a test compares). Most of it goes well. A third increase within seven days, a
rest that the change of the clocks cuts short, a leak, a morning that was never answered and a recording with a hole in
it do not.
"""


def page() -> str:
    """Play the story, and write what she reads each week."""
    weeks: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        restride = Restride(Path(folder) / "data")

        def listen(step: Step) -> None:
            if step.kind == "weekly":
                said = restride("week", now=step.at.isoformat())
                weeks.append(f"\n## Week {len(weeks) + 1}\n\n```\n{said.stdout.rstrip()}\n```\n")

        run(restride.data, on_step=listen)
    return HEAD + "".join(weeks)


if __name__ == "__main__":
    print(page(), end="")
