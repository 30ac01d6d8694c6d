"""The compliance report: a standing in, one self-contained page out (`monitor.report.page`)."""
