"""From an article's text to its entities and places: knows spaCy and the gazetteer, nothing of files or tables."""
