"""A real Chromium without a window, asked over its DevTools protocol what it shows."""

import base64
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect
from websockets.sync.connection import Connection

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
]
SECONDS = 60

COMPLAINTS = {"Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded", "Page.javascriptDialogOpening"}

Message = dict[str, Any]


class Tab:
    """A page as somebody with a screen of some size sees it; `complaints`, `requests`, `opened`: what it met."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.session: str | None = None
        self.asked = 0
        self.complaints: list[Message] = []
        self.requests: list[str] = []
        self.opened: set[str] = set()
        self.loads = 0
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def ask(self, method: str, **parameters: Any) -> Message:
        """What the browser answers; raises AssertionError when it refuses."""
        self.asked += 1
        request = {"id": self.asked, "method": method, "params": parameters}
        self.connection.send(json.dumps(request | ({"sessionId": self.session} if self.session else {})))
        while (message := self.receive()).get("id") != self.asked:
            pass
        assert "error" not in message, message["error"]
        return dict(message["result"])

    def receive(self) -> Message:
        """The next message of the browser, noted when it is of something that happened."""
        message: Message = json.loads(self.connection.recv(timeout=SECONDS))
        match message.get("method"):
            case (
                "Runtime.consoleAPICalled"
                | "Runtime.exceptionThrown"
                | "Log.entryAdded"
                | "Page.javascriptDialogOpening"
            ):
                self.complaints.append(message["params"])
            case "Page.loadEventFired":
                self.loads += 1
            case "Network.requestWillBeSent":
                self.requests.append(message["params"]["request"]["url"])
        return message

    def open(self, page: Path, size: tuple[int, int], fragment: str = "", **media: str) -> "Tab":
        """Load a file on a screen of so many pixels; `media` are features such as prefers_color_scheme="dark"."""
        width, height = size
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        features = [{"name": name.replace("_", "-"), "value": value} for name, value in media.items()]
        self.ask("Emulation.setEmulatedMedia", features=features)
        self.opened.add(page.as_uri())
        # By way of an empty page: another fragment alone would load nothing.
        for address in ("about:blank", page.as_uri() + fragment):
            before = self.loads
            self.ask("Page.navigate", url=address)
            while self.loads == before or self.value("document.readyState") != "complete":
                self.receive()
        return self

    def value(self, expression: str) -> Any:
        """What an expression of JavaScript comes to; raises AssertionError with what it threw."""
        found = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def point_at(self, x: float, y: float) -> None:
        """Move the mouse there; two steps, as a hand does."""
        for at in (x - 1, x):
            self.ask("Input.dispatchMouseEvent", type="mouseMoved", x=at, y=y)

    def press_tab(self) -> None:
        """Go on to what the keyboard reaches next."""
        for kind in ("keyDown", "keyUp"):
            self.ask("Input.dispatchKeyEvent", type=kind, key="Tab", windowsVirtualKeyCode=9)

    def picture(self, output: Path, selector: str, height: int) -> None:
        """Write so many pixels of the page as WebP, from the top of an element on."""
        top = self.value(f"document.querySelector({selector!r}).getBoundingClientRect().top + scrollY")
        clip = {"x": 0, "y": top, "width": self.value("innerWidth"), "height": height, "scale": 1}
        asked = {"format": "webp", "quality": 85, "clip": clip, "captureBeyondViewport": True}
        output.write_bytes(base64.b64decode(self.ask("Page.captureScreenshot", **asked)["data"]))

    def printed(self) -> bytes:
        """The page as PDF."""
        return base64.b64decode(self.ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])


@contextmanager
def open_browser(profile: Path) -> Iterator[Tab]:
    """One tab of a browser of its own; skips the test where there is none, fails it where there must be one."""
    if CHROMIUM is None:
        if os.environ.get("NEWSMILL_REQUIRE_BROWSER"):
            pytest.fail("NEWSMILL_REQUIRE_BROWSER is set and there is no chromium")
        pytest.skip("no chromium installed")
    process = subprocess.Popen(
        [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with connect(f"ws://127.0.0.1:{address(process, profile)}", max_size=None) as connection:
            tab = Tab(connection)
            yield tab
            tab.session = None
            with suppress(Exception):
                tab.ask("Browser.close")
        process.wait(SECONDS)
    finally:
        process.kill()
        process.wait()


def address(process: "subprocess.Popen[bytes]", profile: Path) -> str:
    """Port and path where the browser listens; raises AssertionError when it ends before it does."""
    noted = profile / "DevToolsActivePort"
    for _ in range(SECONDS * 20):
        lines = noted.read_text().splitlines() if noted.exists() else []
        if len(lines) == 2:
            return "".join(lines)
        assert process.poll() is None, f"the browser ended with {process.returncode}"
        time.sleep(0.05)
    raise AssertionError("the browser did not start")
