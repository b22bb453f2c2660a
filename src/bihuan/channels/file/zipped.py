"""Workbooks are zip archives: looked through before anything is read from them, so that none swells up inside."""

import zipfile
import zlib
from pathlib import Path

from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError

MOST_UNPACKED = 3 * 1024**3
MOST_ENTRIES = 2000
_HARMLESS = 64 * 1024**2
"""Below this size nobody cares how well it was packed."""
_MOST_RATIO = 100
"""Real workbooks of orders are packed 5 to 20 times, very even ones 60 times."""
_BLOCK = 1 << 20


def look_through(path: Path) -> None:
    """Refuse a workbook that would unpack to too much, or whose directory lies about it (`file.bomb`, `file.broken`)."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_sizes(path, entries)
            for entry in entries:
                _check_entry(archive, entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise RuleError(
            "file.broken",
            _("这个工作簿已损坏，打不开（%(why)s）。请在 Excel 中打开后另存为 .xlsx 再上传。")
            % {"why": str(error)[:80]},
            field="file",
        ) from None


def _check_sizes(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    ratio = total / max(1, path.stat().st_size)
    if total > MOST_UNPACKED or len(entries) > MOST_ENTRIES or (total > _HARMLESS and ratio > _MOST_RATIO):
        raise RuleError(
            "file.bomb",
            _("这个工作簿展开后有 %(size)d MB，是压缩前的 %(ratio)d 倍，像是压缩炸弹，未予读取。请另存为 CSV 再上传。")
            % {"size": total // 1024**2, "ratio": ratio},
            field="file",
        )


def _check_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Unpacking stops at the size the directory names; a longer entry then fails its checksum."""
    with archive.open(entry) as stream:
        while stream.read(_BLOCK):
            pass
