#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 the lloyd authors
# SPDX-License-Identifier: MIT

"""Opens the gallery's page in Chromium, as its readers do, and looks for what is wrong with it.

    gallery.py PAGE DIRECTORY     screenshots go to DIRECTORY
"""

import base64
import pathlib
import sys

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browser import CONTRAST, check_logs, expect, open_browser, report, show, take_screenshot

SIZES = {"wide": (1920, 1080), "desktop": (1280, 900), "tablet": (768, 1024), "phone": (360, 740)}

# How many different colours the middle of the canvas shows, a sample of it.
COLORS_OF_CLOUD = """
    const canvas = document.getElementById("cloud");
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    const colors = new Set();
    for (let i = 0; i < pixels.length; i += 4 * 7) colors.add(pixels.slice(i, i + 4).join());
    return colors.size;
"""

# How many different colours the picture of the slider has.
COLORS_OF_SLIDER = """
    const canvas = document.querySelector("#slider canvas");
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    const colors = new Set();
    for (let i = 0; i < pixels.length; i += 4) colors.add(pixels.slice(i, i + 4).join());
    return colors.size;
"""

def check_pictures(browser):
    images = browser.find_elements(By.TAG_NAME, "img")
    expect(len(images) >= 20, f"only {len(images)} pictures")
    for image in images:
        alt = image.get_attribute("alt")
        expect(alt, "a picture without alt")
        expect(image.get_property("naturalWidth") > 0, f"does not load: {alt}")


def drag_by_touch(browser, element):
    """One finger, from the middle to the side."""
    box = element.rect
    browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
    top = browser.execute_script("return arguments[0].getBoundingClientRect().top", element)
    x, y = box["x"] + box["width"] / 2, top + box["height"] / 2
    browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": True})
    for kind, steps in (("touchStart", [0]), ("touchMove", range(10, 130, 10)), ("touchEnd", [])):
        for step in steps or [None]:
            points = [] if step is None else [{"x": x + step, "y": y}]
            browser.execute_cdp_cmd("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    browser.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": False})


def check_cloud(browser):
    cloud = browser.find_element(By.ID, "cloud")

    def seen():
        # The next frame draws what has changed, the one after that comes later.
        browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
        picture = browser.execute_script("return arguments[0].toDataURL()", cloud)
        return picture, cloud.get_attribute("data-turn"), cloud.get_attribute("data-tilt")

    def expect_turning(how, act):
        before = seen()
        act()
        after = seen()
        expect(before[0] != after[0], f"{how} does not turn the cloud")
        expect(before[1:] != after[1:], f"{how} does not change the angles of the cloud")

    expect(browser.execute_script(COLORS_OF_CLOUD) > 20, "the cloud is blank")
    start = seen()
    for key in (Keys.ARROW_RIGHT, Keys.ARROW_LEFT, Keys.ARROW_DOWN, Keys.ARROW_UP):
        expect_turning("an arrow key", lambda key=key: cloud.send_keys(key))
    expect_turning("the mouse", ActionChains(browser).drag_and_drop_by_offset(cloud, 90, 20).perform)
    expect_turning("a finger", lambda: drag_by_touch(browser, cloud))
    expect_turning("Home", lambda: cloud.send_keys(Keys.HOME))
    expect(seen() == start, "Home does not turn the cloud back")

    box = browser.find_element(By.ID, "cloud-segments")
    box.click()
    expect(seen()[0] != start[0], "the box does not paint segments")
    box.click()
    expect(seen() == start, "the box does not paint the colours again")
    browser.execute_script("document.activeElement.blur()")


def check_slider(browser):
    """Shows as many colours as it says, and others for another K."""
    slider = browser.find_element(By.CSS_SELECTOR, "#slider input")
    expect(slider.is_displayed(), "the slider is hidden")
    slider.send_keys(Keys.HOME)
    for k in range(2, 11):
        said = browser.find_element(By.CSS_SELECTOR, "#slider output").text
        expect(said == f"K = {k}", f"the slider says {said}, not K = {k}")
        colors = browser.execute_script(COLORS_OF_SLIDER)
        expect(colors == k, f"the slider shows {colors} colours for K = {k}")
        slider.send_keys(Keys.ARROW_RIGHT)
    browser.execute_script("document.activeElement.blur()")


def check_shapes(browser):
    """They fill the drawing: what shows between them is less than a thousandth."""
    box = browser.execute_script("const r = document.getElementById('drawing').getBoundingClientRect();"
                                 "return [r.width, r.height];")
    expect(min(box) > 100, f"the shapes take {box} pixels")
    expect(browser.execute_script("return document.querySelectorAll('#drawing path').length") > 1, "no shapes")


def check_axis_names(browser, mode):
    """Names on the card need a contrast of 4.5 : 1 (WCAG 2.1, 1.4.3)."""
    for name in ("red", "green", "blue", "ink"):
        contrast = browser.execute_script(CONTRAST, name, "card")
        expect(contrast >= 4.5, f"{mode}: {name} on the card has a contrast of {contrast:.1f}")


def check_widths(browser, size, mode):
    width = browser.execute_script("return document.documentElement.scrollWidth")
    expect(width <= SIZES[size][0], f"{size}, {mode}: {width} pixels wide")
    filled = browser.execute_script("return document.querySelector('.cloud').getBoundingClientRect().width")
    expect(filled >= 0.85 * SIZES[size][0], f"{size}: only {filled} pixels are filled")


def check_paper(browser, directory):
    """Prints in dark mode: each page has a white ground. The PDF stays for the reader."""
    show(browser, SIZES["desktop"], "dark")
    pdf = browser.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"]
    (pathlib.Path(directory) / "gallery.pdf").write_bytes(base64.b64decode(pdf))
    browser.execute_script("dispatchEvent(new Event('beforeprint'))")
    card = browser.execute_script("return getComputedStyle(document.documentElement).getPropertyValue('--card')")
    expect(card.strip() == "#fff", f"the cloud is drawn on {card} on paper")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]})
    for element, name in (("body", "background-color"), (".lloyd .paper", "fill")):
        color = browser.execute_script("return getComputedStyle(document.querySelector(arguments[0]))"
                                       ".getPropertyValue(arguments[1])", element, name)
        expect(color == "rgb(255, 255, 255)", f"the {name} of {element} is {color} on paper")
    for element in ("h2", "h3"):
        rule = browser.execute_script("return getComputedStyle(document.querySelector(arguments[0])).breakAfter", element)
        expect(rule == "avoid", f"{element} may stand alone at the foot of a page")
    browser.execute_script("dispatchEvent(new Event('afterprint'))")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


def check_without_scripts(page):
    browser = open_browser()
    try:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        show(browser, SIZES["desktop"], "light")
        browser.get(page)
        still = browser.find_elements(By.CSS_SELECTOR, ".still svg")
        expect(len(still) == 1 and still[0].is_displayed(), "no still cloud without scripts")
        for control in browser.find_elements(By.CSS_SELECTOR, "input, canvas, output"):
            expect(not control.is_displayed(), f"a dead {control.tag_name} without scripts")
    finally:
        browser.quit()


def check_headings(browser):
    levels = [int(heading.tag_name[1]) for heading in browser.find_elements(By.CSS_SELECTOR, "h1, h2, h3, h4, h5, h6")]
    expect(levels.count(1) == 1, "not one h1")
    expect(all(after <= before + 1 for before, after in zip(levels, levels[1:])), f"headings skip a level: {levels}")


def main(page, directory):
    browser = open_browser()
    try:
        show(browser, SIZES["desktop"], "light")
        browser.get(page)
        check_pictures(browser)
        check_headings(browser)
        check_cloud(browser)
        check_slider(browser)
        check_shapes(browser)
        for size in SIZES:
            for mode in ("light", "dark"):
                show(browser, SIZES[size], mode)
                check_widths(browser, size, mode)
                check_axis_names(browser, mode)
                take_screenshot(browser, pathlib.Path(directory) / f"gallery-{size}-{mode}.png")
        check_paper(browser, directory)
        show(browser, SIZES["desktop"], "light")
        take_screenshot(browser, pathlib.Path(directory) / "gallery.png", "#colors", 24, 0.68)  # for docs/images
        check_logs(browser, ("file:", "data:"))
    finally:
        browser.quit()
    check_without_scripts(page)
    return report("gallery.py")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve().as_uri(), sys.argv[2]))
