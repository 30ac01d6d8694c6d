"""Let `python -m monitor.cli` do what the `restride` command does."""

from monitor.cli import main

main()
