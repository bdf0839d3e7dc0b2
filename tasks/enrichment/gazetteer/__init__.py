"""The places of the world: compiled once, looked up by name."""
