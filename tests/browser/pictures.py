"""Renews the pictures of docs/pictures.md: the page of IIJ on two screens, in light and dark.

python -m tests.browser.pictures FOLDER
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from commands.report.chromium import browser
from tests.browser.conftest import CASE, DESKTOP, PHONE, SCHEMES, made

ON = "2022-10-01"
"""The last day on which the issued shares of IIJ are sourced: a split takes effect."""
SCREENS = {"desktop": DESKTOP, "phone": PHONE}


def take(folder: Path) -> None:
    """Write page-desktop-light.png and its three sisters."""
    with TemporaryDirectory() as work, sync_playwright() as playwright:
        file = made(Path(work), "IIJ", CASE, ON).file
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        chromium = playwright.chromium.launch(executable_path=browser(), args=arguments)
        for screen, (width, height) in SCREENS.items():
            for scheme in SCHEMES:
                context = chromium.new_context(
                    viewport={"width": width, "height": height}, color_scheme=scheme
                )
                page = context.new_page()
                page.goto(file.as_uri())
                name = folder / f"page-{screen}-{scheme}.png"
                page.screenshot(path=name)
                subprocess.run(
                    ["pngquant", "--force", "--skip-if-larger", "--output", name, "64", name],
                    check=True,
                )
                context.close()
        chromium.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]))
