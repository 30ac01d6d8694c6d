"""The command line: parse, call one function, print, exit."""

from __future__ import annotations


def main() -> None:
    """Run the `restride` command and exit with its status."""
    from monitor.cli.app import run

    run()
