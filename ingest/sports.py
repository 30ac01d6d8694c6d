"""The sport and sub-sport that other formats' words mean, in FIT's words."""

from __future__ import annotations

import re

UNKNOWN = ("unknown", "generic")

_WORDS = {
    "running": ("running", "generic"),
    "run": ("running", "generic"),
    "jogging": ("running", "generic"),
    "street_running": ("running", "street"),
    "track_running": ("running", "track"),
    "trail_running": ("running", "trail"),
    "trail_run": ("running", "trail"),
    "treadmill_running": ("running", "treadmill"),
    "treadmill": ("running", "treadmill"),
    "indoor_running": ("running", "indoor_running"),
    "virtual_run": ("running", "virtual_activity"),
    "obstacle_run": ("running", "obstacle"),
    "ultra_run": ("running", "ultra"),
    "walking": ("walking", "generic"),
    "walk": ("walking", "generic"),
    "casual_walking": ("walking", "casual_walking"),
    "speed_walking": ("walking", "speed_walking"),
    "indoor_walking": ("walking", "indoor_walking"),
    "hiking": ("hiking", "generic"),
    "hike": ("hiking", "generic"),
    "cycling": ("cycling", "generic"),
    "ride": ("cycling", "generic"),
    "biking": ("cycling", "generic"),
    "bike": ("cycling", "generic"),
    "road_biking": ("cycling", "road"),
    "mountain_biking": ("cycling", "mountain"),
    "gravel_cycling": ("cycling", "gravel_cycling"),
    "indoor_cycling": ("cycling", "indoor_cycling"),
    "virtual_ride": ("cycling", "virtual_activity"),
    "swimming": ("swimming", "generic"),
    "swim": ("swimming", "generic"),
    "lap_swimming": ("swimming", "lap_swimming"),
    "open_water_swimming": ("swimming", "open_water"),
    "driving": ("driving", "generic"),
    # Strava writes numbers.
    "1": ("cycling", "generic"),
    "4": ("hiking", "generic"),
    "9": ("running", "generic"),
    "10": ("walking", "generic"),
}


def from_word(word: str | None) -> tuple[str, str]:
    """Give (sport, sub_sport) for a GPX `<type>`; a word nobody knows is "unknown"."""
    key = re.sub(r"[\s-]+", "_", (word or "").strip().lower())
    return _WORDS.get(key, UNKNOWN)
