"""The notice of an urgent sign (CAR02), where it is looked up apart from what a command does."""

from __future__ import annotations

from datetime import datetime

from monitor.config import Settings


def found(settings: Settings, name: str | None, now: datetime) -> tuple[str, ...]:
    """Give the lines of the notice, none where no sign is logged or a clinician has seen it.

    This issues nothing and changes no byte. Where the data cannot be read there is nothing it could be known from, and
    what is wrong is for the command itself to say.

    Args:
        settings: of the data folder.
        name: whose; None is the first runner.
        now: when it is.

    Raises:
        UnknownRunner: nobody has this name.
    """
    from monitor.cli.place import runner_named
    from monitor.store import StoreError, UnknownRunner
    from monitor.store.looking import Version, looked_at

    try:
        if not settings.db_path.exists():
            return ()
        with looked_at(settings.db_path) as looked:
            if looked.version() is not Version.OURS:
                return ()
            runners = looked.runners()
            if not runners:
                return ()
            with looked.in_words() as store:
                runner = runner_named(runners, name) or store.runner(name)
                facts = store.facts(runner)
                if not any(entry.urgent for entry in facts.check_ins):
                    return ()
                observed = store.observed(runner)
    except UnknownRunner:
        raise
    except (StoreError, OSError):
        return ()
    from monitor.cli.recommendation_text import notice
    from monitor.report.make_summary import summary_now
    from monitor.standing import stand

    return tuple(notice(summary_now(stand(facts, observed, now, present=True))))
