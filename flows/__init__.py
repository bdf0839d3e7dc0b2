"""The doors: commands and the flows that Prefect runs."""
