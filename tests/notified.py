"""A server of our own that takes notifications, refuses them, or lets them wait: what arrives is what was sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from monitor.config import Settings


@dataclass(slots=True)
class Server:
    """Where notifications arrive."""

    port: int
    status: int = 200
    slow: threading.Event = field(default_factory=threading.Event)  # set: an answer is begun and never ended
    got: list[tuple[str, str, str]] = field(default_factory=list)  # (path, title, text) of each one that came

    def url(self, path: str) -> str:
        """Give the address of a path, as apprise has it; the password in it must be seen nowhere."""
        return f"json://ana:hunter2@127.0.0.1:{self.port}/{path}"

    def at(self, path: str) -> list[str]:
        """Give the texts that came to a path."""
        return [text for where, _, text in self.got if where == f"/{path}"]


@contextmanager
def serving(port: int = 0) -> Iterator[Server]:
    """Serve on this computer alone until the block ends."""
    over = threading.Event()

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.got.append((self.path, came["title"], came["message"]))
            self.send_response(server.status)
            if server.slow.is_set():
                self.send_header("Content-Length", "1000000")
                self.end_headers()
                while not over.wait(0.2):  # a byte now and then: no single read is slow
                    try:
                        self.wfile.write(b".")
                        self.wfile.flush()
                    except OSError:
                        return
                return
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    http = ThreadingHTTPServer(("127.0.0.1", port), Takes)
    server = Server(port=http.server_port)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        over.set()
        http.shutdown()
        thread.join()
        http.server_close()


def table(*urls: str, **more: str) -> str:
    """Write a `[[notify]]` table; the values of `more` are TOML."""
    lines = ["[[notify]]", f"urls = {json.dumps(list(urls))}", *(f"{key} = {value}" for key, value in more.items())]
    return "\n".join(lines) + "\n"


def switch_on(settings: Settings, *tables: str) -> None:
    """Write the settings file as she would."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    (settings.data_dir / "restride.toml").write_text("\n".join(tables), encoding="utf-8")
