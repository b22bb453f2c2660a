"""Letters as Word and PDF: what is written stands there, as text and not as markup."""

from io import BytesIO

import docx
import pytest

from bihuan.kernel import paper
from bihuan.kernel.errors import RuleError
from bihuan.kernel.paper import Sheet

SHEET = Sheet(
    title="关于申诉的答复",
    head=("江苏省通信管理局：",),
    paragraphs=("贵局转来的申诉收悉。", "费用 #strong[3 元] $x$ *不*是 @标记 \\ <em>。"),
    signed=("云江通信", "2026年3月2日"),
)


def test_the_word_file_says_every_line() -> None:
    read = [line.text for line in docx.Document(BytesIO(paper.word(SHEET))).paragraphs]
    assert read == [SHEET.title, *SHEET.head, *SHEET.paragraphs, *SHEET.signed]


@pytest.mark.skipif(not paper.has_font(), reason="no Chinese font: apt-get install fonts-noto-cjk")
def test_the_pdf_is_made_twice_alike_and_markup_is_only_text() -> None:
    first = paper.pdf(SHEET)
    assert first.startswith(b"%PDF-") and first == paper.pdf(SHEET)


@pytest.mark.skipif(not paper.has_font(), reason="no Chinese font: apt-get install fonts-noto-cjk")
def test_a_long_letter_goes_on_on_further_pages() -> None:
    long = paper.pdf(Sheet(title="长信", paragraphs=("经核实，基站断电导致无信号，现已恢复。" * 60,) * 4))
    assert len(long) > len(paper.pdf(SHEET))


def test_without_a_chinese_font_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "_fonts", lambda: (None, ()))
    with pytest.raises(RuleError) as refused:
        paper.pdf(SHEET)
    assert refused.value.code == "paper.no_font" and refused.value.status == 503
    assert paper.word(SHEET)
