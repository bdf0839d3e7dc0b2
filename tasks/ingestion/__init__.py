"""From files to committed rows: what an ingest, a backfill, a replay and a takedown do, composed of the rooms below."""
