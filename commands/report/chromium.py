"""A picture of the page, taken with an installed Chromium."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from ledger.errors import BadInput

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDTH, HEIGHT, SHARPNESS = 1280, 720, 2
"""A slide of 16:9, drawn with twice as many pixels each way."""
PATIENCE_SECONDS = 120


def browser() -> str:
    """The Chromium of this machine; raises BadInput if there is none."""
    if found := next(filter(None, map(which, NAMES)), None):
        return found
    raise BadInput(
        f"--png needs Chromium, but none of these is installed: {', '.join(NAMES)}",
        "install it (Debian: apt-get install chromium), or leave --png out and print the page",
    )


def picture_of(page: Path, chromium: str) -> bytes:
    """A PNG of the page's summary, for a slide; raises BadInput if Chromium fails."""
    with TemporaryDirectory() as folder:
        picture = Path(folder, "page.png")
        command = [
            chromium,
            "--headless",
            *(["--no-sandbox"] if os.geteuid() == 0 else []),  # there is no sandbox for root
            "--disable-gpu",
            "--hide-scrollbars",
            f"--user-data-dir={folder}/profile",
            f"--window-size={WIDTH},{HEIGHT}",
            f"--force-device-scale-factor={SHARPNESS}",
            f"--screenshot={picture}",
            f"{page.absolute().as_uri()}#slide",
        ]
        try:
            subprocess.run(command, capture_output=True, timeout=PATIENCE_SECONDS, check=True)  # noqa: S603 - a browser found on the path, no shell
            return picture.read_bytes()
        except (OSError, subprocess.SubprocessError) as problem:
            raise BadInput(
                f"{chromium} could not make a picture of {page}: {problem.__class__.__name__}",
                f"the page itself is complete; check whether {chromium} --headless works here",
            ) from None
