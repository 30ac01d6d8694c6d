"""What holds for every test."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# How long an example takes is up to what else a machine does: no test may fail for it. Speeds are in the benchmarks.
settings.register_profile("restride", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("restride")
