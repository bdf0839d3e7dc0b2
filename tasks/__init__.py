"""The work itself: rooms that turn bytes into rows and rows into the warehouse, and the modules that compose them."""

import os

# Arrow keeps what its own allocator was once given, so that a run's memory would grow with every joining of parts:
# 20,000 small articles ended at 337 MB, with the system's allocator at 255. Read when pyarrow is first imported.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
