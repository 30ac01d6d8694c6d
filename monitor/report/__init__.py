"""The compliance report: a standing in, one self-contained page out."""

from monitor.report.page import render

__all__ = ["render"]
