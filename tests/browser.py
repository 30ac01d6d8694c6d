"""A real Chromium as tests and pictures use it: driven over a pipe, with nothing but the standard library.

Chromium takes DevTools commands on file descriptor 3 and answers on 4 (`--remote-debugging-pipe`), as JSON that ends in
a zero byte. That needs no driver program of the very same version, no port that somebody else could reach, and no
package; the handful of commands used here have been stable for years.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from select import select
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",  # a container's root may not make one; only our own pages are opened
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
)
PATIENCE_S = 60.0
A4_INCHES, LETTER_INCHES = (8.27, 11.69), (8.5, 11.0)


def chromium() -> str | None:
    """Find the browser; None where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class BrowserError(Exception):
    """The browser did not do as it was told."""


@dataclass
class Page:
    """One open tab."""

    to: int
    answers: int
    session: str = ""
    said: int = 0
    unread: bytes = b""
    network: list[str] = field(default_factory=list)  # every address that was asked for

    def do(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        self.said += 1
        order = {"id": self.said, "method": method, "params": params}
        if self.session:
            order["sessionId"] = self.session
        os.write(self.to, json.dumps(order).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self.said:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error']['message']}")
                return dict(answer["result"])

    def wait(self, method: str) -> dict[str, Any]:
        """Wait for an event."""
        while True:
            event = self._next()
            if event.get("method") == method:
                return dict(event["params"])

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self.unread:
            if not select([self.answers], [], [], PATIENCE_S)[0]:
                raise BrowserError(f"nothing came for {PATIENCE_S:g} s")
            got = os.read(self.answers, 1 << 20)
            if not got:
                raise BrowserError("the browser has gone")
            self.unread += got
        line, self.unread = self.unread.split(b"\0", 1)
        message: dict[str, Any] = json.loads(line)
        if message.get("method") == "Network.requestWillBeSent":
            self.network.append(message["params"]["request"]["url"])
        return message

    def open(self, file: Path) -> None:
        """Open a file and wait until it stands."""
        self.do("Page.navigate", url=file.resolve().as_uri())
        self.wait("Page.loadEventFired")

    def look(self, width: int, *, height: int = 900, dark: bool = False, media: str = "", scale: float = 1.0) -> None:
        """See the page through a window of a width in CSS pixels, on a light or a dark screen, or as for print."""
        self.do("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.do("Emulation.setEmulatedMedia", media=media, features=[scheme])

    def ask(self, expression: str) -> Any:
        """Evaluate JavaScript, promises awaited, and give its value."""
        got = self.do("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in got:
            raise BrowserError(got["exceptionDetails"].get("exception", {}).get("description", "it threw"))
        return got["result"].get("value")

    def press(self, key: str, *, shift: bool = False) -> None:
        """Press and release a key: "Tab", "Enter", "Space"."""
        codes = {"Tab": ("Tab", 9, ""), "Enter": ("Enter", 13, "\r"), "Space": (" ", 32, " ")}
        name, number, text = codes[key]
        common = {"key": name, "code": key, "windowsVirtualKeyCode": number, "modifiers": 8 if shift else 0}
        self.do("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
        self.do("Input.dispatchKeyEvent", type="keyUp", **common)

    def shot(self, *, clip: dict[str, float] | None = None) -> bytes:
        """Give the whole page, or a part of it, as PNG."""
        more: dict[str, Any] = {} if clip is None else {"clip": {**clip, "scale": 1}}
        got = self.do("Page.captureScreenshot", format="png", captureBeyondViewport=True, **more)
        return base64.b64decode(got["data"])

    def shot_of(self, selector: str, *, margin: int = 0, most_px: float = 2000) -> bytes:
        """Give one element as PNG, of a long one the beginning."""
        box = self.ask(
            f"(() => {{ const b = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
            " return {x: b.x + scrollX, y: b.y + scrollY, width: b.width, height: b.height}; })()"
        )
        clip = {"x": box["x"] - margin, "y": box["y"] - margin}
        return self.shot(
            clip=clip | {"width": box["width"] + 2 * margin, "height": min(box["height"], most_px) + 2 * margin}
        )

    def pdf(self, paper: tuple[float, float] = A4_INCHES) -> bytes:
        """Print the page as a person would: default margins, no backgrounds, the size of paper in the tray."""
        got = self.do("Page.printToPDF", paperWidth=paper[0], paperHeight=paper[1], printBackground=False)
        return base64.b64decode(got["data"])


@contextmanager
def opened(program: str) -> Iterator[Page]:
    """Start a browser with an empty profile, and give its one tab; it ends with the block."""
    with tempfile.TemporaryDirectory(prefix="restride-browser-", ignore_cleanup_errors=True) as profile:
        to_read, to_write = os.pipe()
        from_read, from_write = os.pipe()
        # The shell puts the pipes where Chromium looks for them; it then becomes Chromium.
        wrapped = ["sh", "-c", f'exec "$@" 3</dev/fd/{to_read} 4>/dev/fd/{from_write}', "sh", program, *FLAGS]
        child = subprocess.Popen(
            [*wrapped, "--remote-debugging-pipe", f"--user-data-dir={profile}", "about:blank"],
            pass_fds=(to_read, from_write),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(to_read)
        os.close(from_write)
        try:
            page = Page(to=to_write, answers=from_read)
            tab = page.do("Target.createTarget", url="about:blank")["targetId"]
            page.session = page.do("Target.attachToTarget", targetId=tab, flatten=True)["sessionId"]
            page.do("Page.enable")
            page.do("Network.enable")
            yield page
            page.session = ""
            with suppress(BrowserError, OSError):
                page.do("Browser.close")
        finally:
            os.close(to_write)
            os.close(from_read)
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def pdf_pages(pdf: bytes) -> int:
    """Count the pages of what Chromium printed."""
    return pdf.count(b"/Type /Page\n") or pdf.count(b"/Type/Page\n") or pdf.count(b"/Type /Page ")
