"""Rows to the warehouse and back: one ledger, immutable Parquet, one commit point, a derived catalog."""
