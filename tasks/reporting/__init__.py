"""What people ask of a warehouse: SQL, status, checks, export and the report page. Reads, never writes."""
