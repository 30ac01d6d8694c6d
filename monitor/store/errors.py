"""The store's troubles, each with its cause and the next step, and never with what a row holds."""

from __future__ import annotations


class StoreError(Exception):
    """The database cannot do what was asked."""


class NotOurs(StoreError):
    """The file is no database of Restride's, or a damaged one."""


class Lost(StoreError):
    """The database is gone or holds nothing, where one was in use."""


class NewerDatabase(StoreError):
    """The database was written by a newer version of the program."""


class Busy(StoreError):
    """Another process kept the database longer than we wait."""


class NoRunner(StoreError):
    """Nobody runs here yet."""


class UnknownRunner(StoreError):
    """There is no runner of this name."""


class RunnerExists(StoreError):
    """There is a runner of this name already."""


class UnreadableRow(StoreError):
    """A row is not what this version of the program can read; leaving it out could turn a hold into progress."""
