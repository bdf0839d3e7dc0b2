"""The commands as a user types them: options, one call each, and what is shown."""
