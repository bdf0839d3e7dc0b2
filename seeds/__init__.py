"""Data the mill ships: sample dumps in `raw/`, reference tables with their sources in `reference/`."""
