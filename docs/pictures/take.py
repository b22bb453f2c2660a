"""Takes the pictures of the README from a running demo.

    ./dev run --port 8833 --data /tmp/pictures            (leave it running)
    ./dev exec python docs/pictures/take.py http://127.0.0.1:8833/

The system's Chromium is driven; every picture is 1440 × 900, brought down to 256 colours, which halves the files. The
figures are of the demo's own month.
"""

import argparse
import shutil
import struct
import zlib
from collections import Counter
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
PASSWORD = "yunjiang-demo-2026"  # noqa: S105 - of every demo, told on its first page
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


def page_of(browser: Browser, site: str, username: str = "") -> Page:
    """A page of its own session, signed in as this account of the demo (nobody: as a customer)."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", base_url=site).new_page()
    if username:
        page.goto("/login/")
        page.fill("#id_username", username)
        page.fill("#id_password", PASSWORD)
        page.locator("#sign-in button").click()
        page.wait_for_url(lambda url: "/login/" not in url)
    return page


def shoot(page: Page, name: str) -> None:
    """The picture under its name, once fonts and drawings are there."""
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(2000)
    (HERE / f"{name}.png").write_bytes(few_colours(page.screenshot()))


def few_colours(picture: bytes) -> bytes:
    """An 8-bit RGB or RGBA PNG with its 256 commonest colours; every other becomes the nearest of them."""
    width, height, rows = pixels(picture)
    counted = Counter(colour for row in rows for colour in row)
    palette = [colour for colour, _count in counted.most_common(256)]
    place = {colour: number for number, colour in enumerate(palette)}
    for colour in counted.keys() - place.keys():
        distances = [sum((a - b) ** 2 for a, b in zip(colour, other, strict=True)) for other in palette]
        place[colour] = distances.index(min(distances))
    lines = b"".join(b"\0" + bytes(place[colour] for colour in row) for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    told = ((b"IHDR", head), (b"PLTE", bytes(sum(palette, ()))), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in told
    )


def pixels(picture: bytes) -> tuple[int, int, list[list[tuple[int, ...]]]]:
    """(width, height, rows of (red, green, blue)) of a PNG as browsers write it."""
    width, height, _depth, kind = struct.unpack(">IIBB", picture[16:26])
    step, at, packed = (4 if kind == 6 else 3), 8, b""
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        packed += picture[at + 8 : at + 8 + length] if picture[at + 4 : at + 8] == b"IDAT" else b""
        at += 12 + length
    raw, size, rows = zlib.decompress(packed), width * step, []
    above = bytearray(size)
    for start in range(0, len(raw), size + 1):
        above = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + size]), above, step)
        rows.append([tuple(above[x : x + 3]) for x in range(0, size, step)])
    return width, height, rows


def _unfiltered(kind: int, line: bytearray, above: bytearray, step: int) -> bytearray:
    for x in range(len(line)):
        left, corner = (line[x - step], above[x - step]) if x >= step else (0, 0)
        guess = (0, left, above[x], (left + above[x]) // 2, _paeth(left, above[x], corner))[kind]
        line[x] = (line[x] + guess) & 255
    return line


def _paeth(left: int, above: int, corner: int) -> int:
    distances = [abs(left + above - corner - one) for one in (left, above, corner)]
    return (left, above, corner)[distances.index(min(distances))]


def take(browser: Browser, site: str) -> None:
    """Desk with the open case beside its queue, a case others help with, the customer's form, the figures, the notices of a
    duty manager and what she supervises."""
    desk = page_of(browser, site, "dispatcher1")
    desk.goto("/desk/unassigned/")
    desk.goto(desk.locator("li[data-row] a").first.get_attribute("href") or "/desk/")
    shoot(desk, "desk")

    case = page_of(browser, site, "handler1")
    case.goto("/desk/unit/")
    number = case.locator("li[data-row]:has-text('处理中')").last.get_attribute("data-row")
    case.goto("/cases/?is=supervised&status=in_handling")
    held = case.locator("tbody [data-row]").first
    case.goto(f"/cases/{held.get_attribute('data-row') if held.count() else number}/")
    shoot(case, "case")

    form = page_of(browser, site)
    form.goto("/service/complaint/")
    form.fill("[name=content]", "家里宽带从昨天晚上开始断断续续，重启光猫也没有用，孩子上网课总掉线。")
    shoot(form, "form")

    figures = page_of(browser, site, "analyst1")
    figures.goto("/reports/figures/")
    shoot(figures, "figures")

    manager = page_of(browser, site, "dutymanager1")
    manager.goto("/notices/")
    shoot(manager, "notices")
    manager.goto("/supervision/")
    shoot(manager, "supervision")


def main() -> None:
    """Read the address, take all pictures."""
    parser = argparse.ArgumentParser(description="Take the README's pictures from a running demo.")
    parser.add_argument("site", metavar="ADDRESS", help="of a demo that is running, e.g. http://127.0.0.1:8833/")
    arguments = parser.parse_args()
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=program, args=FLAGS)
        take(browser, arguments.site.rstrip("/"))
        browser.close()


if __name__ == "__main__":
    main()
