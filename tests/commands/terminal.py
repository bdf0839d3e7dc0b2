"""A command at a real terminal: a pseudo-terminal whose keys a test presses and whose screen it reads."""

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Many times what it takes, for a machine with other work.
LIMIT_SECONDS = 120.0
CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>]|\r")
SIZE = struct.pack("HHHH", 40, 160, 0, 0)

ENTER, TAB, UP, CTRL_C, CTRL_D = "\r", "\t", "\x1b[A", "\x03", "\x04"


class Terminal:
    """What a person has before them."""

    def __init__(self, screen: int, process: "subprocess.Popen[bytes]") -> None:
        self.screen = screen
        self.process = process
        self.seen = ""

    def press(self, *keys: str) -> None:
        """Type; what was on the screen before is forgotten."""
        self.seen = ""
        os.write(self.screen, "".join(keys).encode())

    def expect(self, *texts: str) -> str:
        """Everything that appeared since the last keys, once it has the texts in it, one after the other."""
        in_turn = re.compile(".*".join(map(re.escape, texts)), re.DOTALL)
        ends_at = time.monotonic() + LIMIT_SECONDS
        while not in_turn.search(self.seen) and time.monotonic() < ends_at and self.read():
            pass
        assert in_turn.search(self.seen), self.seen
        return self.seen

    def read(self) -> bool:
        """Take in what appears next; False when nobody writes any more."""
        if not select.select([self.screen], [], [], 0.2)[0]:
            return self.process.poll() is None
        with contextlib.suppress(OSError):  # Linux's way of telling that the other end has closed
            if shown := os.read(self.screen, 1 << 16):
                self.seen += CONTROL.sub("", shown.decode(errors="replace"))
                return True
        return False

    def end(self) -> int:
        """The exit code, when the command ends by itself."""
        ends_at = time.monotonic() + LIMIT_SECONDS
        while self.read() and time.monotonic() < ends_at:
            pass
        return self.process.wait(LIMIT_SECONDS)


@contextmanager
def at_terminal(project: Path, *arguments: str, **variables: str) -> Iterator[Terminal]:
    """`newsmill` with these arguments at a terminal of its own."""
    screen, keyboard = pty.openpty()
    fcntl.ioctl(keyboard, termios.TIOCSWINSZ, SIZE)
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *arguments],
        cwd=project,
        # This terminal does not answer when it is asked where the cursor stands.
        env=os.environ | {"TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "COLUMNS": "160"} | variables,
        stdin=keyboard,
        stdout=keyboard,
        stderr=keyboard,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  makes Ctrl-C a signal
    )
    os.close(keyboard)
    try:
        yield Terminal(screen, process)
    finally:
        process.kill()
        process.wait()
        os.close(screen)
