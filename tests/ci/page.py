#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""Drops photos on the page of examples/page/ in Chromium, and compares what it saves with what the programs write.

    page.py PAGE PROGRAMS PHOTO DIRECTORY     files and screenshots go to DIRECTORY
"""

import pathlib
import re
import subprocess
import sys

from PIL import Image
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from browser import CONTRAST, check_logs, expect, open_browser, report, show, take_screenshot

SIZES = {"desktop": (1400, 900), "tablet": (768, 1024), "phone": (360, 740)}
SEGMENTS = [(2, "rgb", 1), (7, "rgb", 64), (32, "rgb", 1), (5, "hsv", 1), (5, "hsv_cone", 16), (8, "lab", 1),
            (6, "oklab", 2)]


class Page:
    def __init__(self, path, directory):
        self.directory = directory
        self.browser = open_browser()
        self.show("desktop", "light")
        self.browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(directory)})
        self.browser.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardSanitizedWrite"]})
        self.browser.get(path.as_uri())
        self.wait()

    def show(self, size, mode):
        show(self.browser, SIZES[size], mode)

    def find(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def wait(self):
        WebDriverWait(self.browser, 60, 0.05).until(
            lambda browser: browser.execute_script("return document.documentElement.dataset.state") == "ready")

    def drop(self, path):
        data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            self.browser.execute_cdp_cmd("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": data})
        self.wait()

    def view(self, name):
        self.browser.execute_script("document.querySelector(`input[value=${arguments[0]}]`).click()", name)
        self.wait()

    def set(self, **values):
        """Moves controls, as the user would, faster than any answer comes."""
        self.browser.execute_script("""
            for (const [id, value] of Object.entries(arguments[0])) {
              const control = document.getElementById(id);
              control.value = value;
              control.dispatchEvent(new Event("input", { bubbles: true }));
            }""", values)
        self.wait()

    def save(self, button, name):
        path = self.directory / name
        path.unlink(missing_ok=True)
        self.find(button).click()
        WebDriverWait(self.browser, 30, 0.05).until(lambda _: path.exists())
        return path.read_bytes()

    def message(self):
        return self.find("#message").text


def run(program, *words):
    return subprocess.run([program, *map(str, words)], check=True, stdout=subprocess.PIPE, text=True).stdout


def check_segments(page, programs, photo):
    """The files that the page saves are those that `segment` writes, and so are palette and shares."""
    written = page.directory / "segmented.png"
    for k, space, smallest in SEGMENTS:
        printed = run(programs / "segment", photo, "-k", k, "--space", space, "--smallest", smallest, "-o", written)
        page.set(k=k, space=space, smallest=smallest.bit_length() - 1)
        what = f"K = {k}, {space}, --smallest {smallest}"
        expect(page.save("#save-png", f"{photo.stem}-segments.png") == written.read_bytes(), f"{what}: other segments")
        chips = [re.sub(r"\s+", " ", chip.text) for chip in page.browser.find_elements(By.CSS_SELECTOR, "#palette button")]
        lines = [re.sub(r"\s+", " ", line) for line in printed.splitlines() if line.startswith("#")]
        expect(chips == lines, f"{what}: the palette is {chips}, not {lines}")
        expect(len(set(line[:7] for line in lines)) == k, f"{what}: two colours are equal, so labels cannot be compared")


def check_views(page, programs, photo):
    """Shapes are those of `vectorize`, edges those of `edges`."""
    written = page.directory / "written.svg"
    run(programs / "vectorize", photo, "-k", 6, "--smallest", 32, "--tolerance", 1.5, "-o", written)
    page.set(k=6, space="rgb", smallest=5, tolerance=1.5)
    page.view("regions")
    expect(re.search(r"[1-9][\d,]* regions", page.find("#about-result").text), "regions are not counted")
    page.view("shapes")
    expect(page.save("#save-svg", f"{photo.stem}-shapes.svg") == written.read_bytes(), "other shapes")
    written = page.directory / "written.png"
    page.view("edges")
    run(programs / "edges", photo, "--auto", "-o", written)
    expect(page.save("#save-png", f"{photo.stem}-edges.png") == written.read_bytes(), "other edges with automatic thresholds")
    page.set(high=50, low=30)
    run(programs / "edges", photo, "--low", 90, "--high", 250, "-o", written)
    expect(page.save("#save-png", f"{photo.stem}-edges.png") == written.read_bytes(), "other edges with thresholds 90 and 250")
    page.view("segments")


def check_controls(page):
    slider = page.find("#k")
    page.set(k=4)
    slider.send_keys(Keys.ARROW_RIGHT)
    page.wait()
    chips = page.browser.find_elements(By.CSS_SELECTOR, "#palette button")
    expect(len(chips) == 5, f"the right arrow leads from 4 to {len(chips)} colours")
    chips[0].send_keys(Keys.ENTER)
    WebDriverWait(page.browser, 10).until(lambda _: page.find("#copied").text)
    expect(page.find("#copied").text == f"Copied {chips[0].get_attribute('data-hex')}.", page.find("#copied").text)
    WebDriverWait(page.browser, 30).until(lambda _: page.browser.find_elements(By.CSS_SELECTOR, "#elbow circle"))
    expect(page.find("#verdict").text.startswith(("A clear knee at", "No clear knee.")), page.find("#verdict").text)


def check_refusals(page, photo):
    """What cannot be opened is explained, and the page works on."""
    broken = page.directory / "broken.png"
    broken.write_bytes(photo.read_bytes()[:200])
    page.drop(broken)
    expect("broken.png cannot be opened" in page.message(), f"a broken file: {page.message()}")
    large = page.directory / "large.png"
    Image.new("1", (9000, 8000)).save(large)
    page.drop(large)
    expect("72 megapixels" in page.message(), f"a large file: {page.message()}")
    page.drop(photo)
    expect(page.message() == "", f"after a photo that is fine: {page.message()}")


def check_looks(page):
    for size, (width, _) in SIZES.items():
        for mode in ("light", "dark"):
            page.show(size, mode)
            wide = page.browser.execute_script("return document.documentElement.scrollWidth")
            expect(wide <= width, f"{size}, {mode}: {wide} pixels wide")
            for color in ("ink", "soft", "accent", "red"):
                for ground in ("paper", "card"):
                    contrast = page.browser.execute_script(CONTRAST, color, ground)
                    expect(contrast >= 4.5, f"{mode}: {color} on {ground} has a contrast of {contrast:.1f}")
            take_screenshot(page.browser, page.directory / f"page-{size}-{mode}.png")
    page.show("desktop", "light")


def check_silence(page):
    """Nothing leaves the machine: the page's own policy forbids it, and no request is seen."""
    policy = page.find("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    expect(policy.startswith("default-src 'none';") and "http" not in policy, f"the policy is {policy}")
    check_logs(page.browser, ("file:", "data:", "blob:"))


def main(path, programs, original, directory):
    directory.mkdir(parents=True, exist_ok=True)
    photo = directory / "photo.png"
    Image.open(original).save(photo)
    page = Page(path, directory)
    try:
        check_looks(page)
        page.drop(photo)
        print(f"page.py: segmented {page.find('html').get_attribute('data-opened')} ms after the drop")
        check_segments(page, programs, photo)
        check_views(page, programs, photo)
        check_controls(page)
        check_refusals(page, photo)
        check_silence(page)
    finally:
        page.browser.quit()
    return report("page.py")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    sys.exit(main(*(pathlib.Path(word).resolve() for word in sys.argv[1:])))
