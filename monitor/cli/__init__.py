"""The command line: parse, call one function, print, exit."""

from __future__ import annotations


def main() -> None:
    """Run the `restride` command and exit with its status."""
    from monitor.cli import stopping

    stopping.end_at_once()
    try:
        from monitor.cli.app import run

        run()
    finally:
        stopping.is_over()
