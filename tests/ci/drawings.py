#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""Compares drawings at tolerance 0 with what `segment` paints, pixel for pixel, as Chromium shows both.

    drawings.py PROGRAMS DIRECTORY PHOTO...     pictures, drawings and screenshots go to DIRECTORY
"""

import base64
import pathlib
import subprocess
import sys

from browser import open_browser

OPTIONS = ["-k", "8", "--smallest", "8"]

# A picture alone on a page, each of its pixels as a square.
PAGE = '<!doctype html><body style="margin: 0"><img src="{}" style="display: block; image-rendering: pixelated">'


def run(program, *words):
    subprocess.run([program, *words], check=True, stdout=subprocess.DEVNULL)


def screenshot(browser, path, width, height, scale):
    """Equal pixels give equal bytes: one program writes all screenshots."""
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False},
    )
    browser.get(path.as_uri())
    shot = base64.b64decode(browser.execute_cdp_cmd("Page.captureScreenshot", {})["data"])
    path.with_suffix(f".{scale}x.png").write_bytes(shot)
    return shot


def compare(browser, programs, directory, photo):
    """Yields what is wrong."""
    name = pathlib.Path(photo).stem
    picture = directory / f"{name}-painted.png"
    page = directory / f"{name}-painted.html"
    run(programs / "segment", photo, *OPTIONS, "-o", picture)
    page.write_text(PAGE.format(picture.name))
    browser.get(page.as_uri())
    size = browser.execute_script("const image = document.images[0]; return [image.naturalWidth, image.naturalHeight];")
    for scale in (1, 2):
        painted = screenshot(browser, page, *size, scale)
        for kind, words, equal in (
            ("colours", ["--tolerance", "0"], True),
            ("regions", ["--tolerance", "0", "--regions"], True),
            ("simpler", ["--tolerance", "1"], False),  # or the comparison sees nothing
        ):
            drawing = directory / f"{name}-{kind}.svg"
            run(programs / "vectorize", photo, *OPTIONS, *words, "-o", drawing)
            if (screenshot(browser, drawing, *size, scale) == painted) != equal:
                yield f"{drawing} at scale {scale} {'differs from' if equal else 'equals'} {picture}"


def main(programs, directory, *photos):
    directory = pathlib.Path(directory).resolve()
    directory.mkdir(parents=True, exist_ok=True)
    browser = open_browser()
    try:
        faults = [fault for photo in photos
                  for fault in compare(browser, pathlib.Path(programs).resolve(), directory, photo)]
    finally:
        browser.quit()
    for fault in faults:
        print(f"drawings.py: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
