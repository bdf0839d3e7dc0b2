"""The Prefect server as a child process: it ends when its parent closes the pipe, however the parent ended.

Started as a script by `flows.server`, never imported: `python -P server_child.py HOST PORT`.
"""

import os
import signal
import sys
import threading
import time

# A server in the middle of creating its database does not answer SIGTERM yet.
PATIENCE_SECONDS = 15.0


def stop_when_parent_ends() -> None:
    """Block until standard input closes, then ask this process to stop, and insist after a while."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE_SECONDS)
    os._exit(1)


def main(host: str, port: int) -> None:
    """Serve Prefect's API (and its interface unless PREFECT_SERVER_UI_ENABLED is false) until told to stop."""
    # Ctrl-C reaches the whole terminal group; the parent decides when its recorder goes.
    threading.Thread(target=stop_when_parent_ends, daemon=True).start()
    import uvicorn

    uvicorn.run(
        "prefect.server.api.server:create_app", factory=True, host=host, port=port, log_level="error", lifespan="on"
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
