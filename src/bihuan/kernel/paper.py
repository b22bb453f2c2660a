"""One sheet of paper as Word and as PDF: a title, paragraphs, who signs. Pure: text in, bytes out, nothing fetched.

The text is handed over as data, never as markup, so whatever a customer or a clerk writes stands there as written.
Both files are made without a date inside: the same sheet gives the same PDF.
"""

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

import typst
from django.utils.translation import gettext as _

from bihuan.kernel.errors import RuleError

SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "FangSong", "AR PL UMing CN")
SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Droid Sans Fallback")
"""Chinese fonts a machine may have; the first that is there is used."""
WORD_FONT = "宋体"
"""Named in the Word file; whoever opens it has it or a stand-in."""


@dataclass(frozen=True)
class Sheet:
    """What stands on the paper. `head` and `signed` are lines above and below; `mark` a word such as 草稿 at the top."""

    title: str
    paragraphs: tuple[str, ...]
    head: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    mark: str = ""
    language: str = "zh"


def word(sheet: Sheet) -> bytes:
    """The sheet as a `.docx`."""
    from docx import Document
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Cm, Pt

    made = Document()
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    _dress(made.styles["Normal"])
    if sheet.mark:
        made.add_paragraph(sheet.mark).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    title = made.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(sheet.title)
    run.bold, run.font.size = True, Pt(16)
    for line in sheet.head:
        made.add_paragraph(line)
    for line in sheet.paragraphs:
        made.add_paragraph(line).paragraph_format.first_line_indent = Pt(24)
    for line in sheet.signed:
        made.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    made.core_properties.title, made.core_properties.author = sheet.title, ""
    held = BytesIO()
    made.save(held)
    return held.getvalue()


def _dress(style: Any) -> None:
    """Letters for both scripts: Word keeps them apart."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    style.font.name, style.font.size = "Times New Roman", Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), WORD_FONT)
    style.paragraph_format.line_spacing = 1.5
    style.paragraph_format.space_after = Pt(4)


_SOURCE = b"""
#let data = json(bytes(sys.inputs.sheet))
#set document(title: data.title, date: none)
#set page(paper: "a4", margin: (x: 2.6cm, y: 2.8cm), numbering: "1")
#set text(font: data.fonts, lang: data.language, size: 12pt)
#set par(leading: 0.9em, spacing: 1.1em, justify: true)
#if data.mark != "" { align(right, text(weight: "bold", fill: luma(45%), data.mark)) }
#align(center, text(size: 16pt, weight: "bold", data.title))
#v(0.6em)
#for line in data.head { par(line) }
#for line in data.paragraphs { par(first-line-indent: (amount: 2em, all: true), line) }
#v(1.2em)
#for line in data.signed { align(right, line) }
"""


@lru_cache(maxsize=1)
def _fonts() -> tuple[Any, tuple[str, ...]]:
    """The machine's fonts, looked for once, and the Chinese ones among them in the order they are wanted."""
    found = typst.Fonts()
    there = set(found.families())
    return found, tuple(name for name in (*SERIF, *SANS) if name in there)


def has_font() -> bool:
    """Whether this machine can set Chinese on a PDF."""
    return bool(_fonts()[1])


def pdf(sheet: Sheet) -> bytes:
    """The sheet as a PDF. `RuleError` `paper.no_font` (503) on a machine without a Chinese font: boxes help nobody."""
    fonts, chinese = _fonts()
    if not chinese:
        raise RuleError(
            "paper.no_font",
            _("服务器没有中文字体，不能生成 PDF；请系统管理员安装 fonts-noto-cjk。Word 文件可以照常生成。"),
            status=503,
        )
    told = {**asdict(sheet), "fonts": ["Liberation Serif", *chinese] if sheet.language == "en" else list(chinese)}
    compiler = typst.Compiler(_SOURCE, font_paths=fonts, sys_inputs={"sheet": json.dumps(told, ensure_ascii=False)})
    made = compiler.compile(format="pdf")
    assert isinstance(made, bytes)
    return made
