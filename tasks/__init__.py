"""The work itself: rooms that turn bytes into rows and rows into the warehouse, and the modules that compose them."""
