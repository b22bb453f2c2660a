"""Files by others are exactly those that VENDOR.md names."""

import hashlib
import re
from pathlib import Path

import bihuan.web

VENDOR = Path(bihuan.web.__file__).parent / "static" / "web" / "vendor"


def test_every_vendored_file_has_the_sum_that_is_written_down():
    listed = dict(
        re.findall(r"^\| (\S+\.(?:js|css)) \|.*\| ([0-9a-f]{64}) \|$", (VENDOR / "VENDOR.md").read_text(), re.M)
    )
    found = {
        p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in VENDOR.iterdir() if p.suffix in {".js", ".css"}
    }
    assert listed == found
