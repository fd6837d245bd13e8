# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""What the checks of pages share: Chromium, and the list of faults that they find."""

import base64
import json
import os
import sys

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

# The contrast of two colours of the page's style, as WCAG defines it.
CONTRAST = """
    const luminance = (name) => {
        const text = getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
        const digits = text.length === 4 ? [...text.slice(1)].map((d) => d + d) : text.slice(1).match(/../g);
        const [r, g, b] = digits.map((d) => parseInt(d, 16) / 255)
            .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [dark, bright] = [luminance(arguments[0]), luminance(arguments[1])].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
"""

faults = []


def expect(truth, fault):
    if not truth:
        faults.append(fault)


def open_browser():
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb"]:
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


def show(browser, size, mode):
    """The window's size as a device of that width has it, and light or dark mode."""
    width, height = size
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 400},
    )
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": mode}]}
    )


def check_logs(browser, schemes):
    """Nothing is wrong, and nothing is asked for but by these schemes."""
    for entry in browser.get_log("browser"):
        faults.append(f"console: {entry['level']}: {entry['message']}")
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] != "Network.requestWillBeSent":
            continue
        url = message["params"]["request"]["url"]
        expect(url.startswith(schemes), f"asks for {url[:200]}")


def take_screenshot(browser, path, element="html", margin=0, scale=1):
    """All of an element, not only what fits into the window."""
    box = browser.execute_script("const r = document.querySelector(arguments[0]).getBoundingClientRect();"
                                 "const margin = arguments[1];"
                                 "return [r.x + scrollX - margin, r.y + scrollY - margin,"
                                 "        r.width + 2 * margin, r.height + 2 * margin];", element, margin)
    clip = dict(zip(("x", "y", "width", "height"), box), scale=scale)
    shot = browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
    path.write_bytes(base64.b64decode(shot["data"]))


def report(script):
    """Prints the faults. Returns the exit code."""
    for fault in faults:
        print(f"{script}: {fault}", file=sys.stderr)
    return 1 if faults else 0
