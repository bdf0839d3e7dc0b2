"""Which place each toponym means."""
