"""Is this article new, a new version, or one we have: the rules, and the near-duplicate index they ask."""
