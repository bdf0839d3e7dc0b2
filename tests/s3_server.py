"""An S3 server on this machine, and a gate to it that can be shut."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pyarrow.fs import S3FileSystem

BUCKET = "news"
DENIED = ("403 Forbidden", "AccessDenied")
BUSY = ("503 Slow Down", "SlowDown")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def variables(endpoint: str) -> Mapping[str, str]:
    """What the environment says of a server on this machine."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "reader",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
        # Else the client may ask Amazon's machines for a region first, and wait where there are none.
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@dataclass(slots=True)
class Gate:
    """Lets requests through to a server until it is shut."""

    behind: Application
    url: str = ""
    answer: tuple[str, str] | None = None
    after: int = 0

    def shut(self, answer: tuple[str, str], after: int = 0) -> None:
        """Refuse everything like this from now on, or once so many objects more were written."""
        self.answer, self.after = answer, after

    def open(self) -> None:
        self.answer = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if self.answer is None or self.after > 0:
            self.after -= environ["REQUEST_METHOD"] == "PUT"
            return self.behind(environ, start_response)
        from werkzeug.wsgi import get_input_stream

        get_input_stream(environ).read()
        status, code = self.answer
        start_response(status, [("Content-Type", "application/xml")])
        text = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>Not now.</Message></Error>"
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else text.encode()]


@contextmanager
def gate() -> Iterator[Gate]:
    """One more door, open at first, to the one server of this process."""
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    opened = Gate(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, opened, threaded=True)
    opened.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield opened
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def s3_server() -> Iterator[str]:
    """The address of a server with two empty buckets, for the length of a block."""
    with gate() as opened:
        s3 = S3FileSystem(endpoint_override=opened.url, access_key="a", secret_key="b", allow_bucket_creation=True)
        for bucket in (BUCKET, "others"):
            s3.create_dir(bucket)
        yield opened.url
