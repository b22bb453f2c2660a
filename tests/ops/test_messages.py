"""English is complete: what code and pages say in Chinese has an English text, and catalogs are compiled when stale."""

import ast
import os
from pathlib import Path

import polib
import pytest

from bihuan.ops import messages


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with one catalog that knows 投诉 and leaves 工单 untranslated."""
    monkeypatch.setattr(messages, "PACKAGE", tmp_path / "house")
    catalog = tmp_path / "house" / "room" / "locale" / "en" / "LC_MESSAGES" / "django.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "投诉"\nmsgstr "complaint"\n\nmsgid "工单"\nmsgstr ""\n'
    )
    return tmp_path / "house"


def test_a_catalog_is_compiled_once_and_again_when_it_changes(package: Path) -> None:
    source = messages.catalogs()[0]
    assert [messages.compile_stale(), messages.compile_stale()] == [1, 0]
    assert polib.mofile(str(source.with_suffix(".mo"))).find("投诉").msgstr == "complaint"
    later = source.with_suffix(".mo").stat().st_mtime_ns + 1_000_000_000
    os.utime(source, ns=(later, later))
    assert messages.compile_stale() == 1


def test_texts_without_english_are_named_with_their_place(package: Path) -> None:
    (package / "room" / "rules.py").write_text(
        "from django.utils.translation import gettext, gettext_lazy as _\n"
        'raise RuleError("x", _("派单"), gettext("投诉"))\n'
    )
    page = package / "room" / "templates" / "a.html"
    page.parent.mkdir()
    page.write_text(
        '{% load i18n %}\n{% translate "回访" %}\n{% blocktranslate with n=1 %}共 {{ n }} 件{% endblocktranslate %}\n'
    )
    found = {(finding.place, finding.text, finding.reason) for finding in messages.findings()}
    assert found == {
        ("house/room/locale/en/LC_MESSAGES/django.po", "工单", "not translated"),
        ("house/room/rules.py:2", "派单", "in no catalog"),
        ("house/room/templates/a.html:2", "回访", "in no catalog"),
        ("house/room/templates/a.html:3", "共 %(n)s 件", "in no catalog"),
    }


def test_whatever_name_a_gettext_function_has_its_texts_are_read() -> None:
    tree = ast.parse(
        "from django.utils.translation import ngettext, pgettext_lazy as _of, gettext as _now\n"
        "from django.utils import translation\n"
        "say = _now\n"
        'ngettext("一件", "多件", n)\n_of("上下文", "开")\n_now("甲" if n else "乙")\nsay("丙")\n'
        'translation.gettext("丁")\nother("戊")\n'
    )
    found = [text for _, text in messages._in_code("x.py", tree)]
    assert sorted(found) == sorted(["一件", "多件", "开", "甲", "乙", "丙", "丁"])


def test_a_text_with_two_englishes_is_named_unless_a_context_tells_them_apart(package: Path) -> None:
    other = package / "other" / "locale" / "en" / "LC_MESSAGES" / "django.po"
    other.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    other.write_text(head + 'msgctxt "list"\nmsgid "投诉"\nmsgstr "complaints"\n')
    assert "投诉" not in [found.text for found in messages.findings()]
    other.write_text(head + 'msgid "投诉"\nmsgstr "complaints"\n')
    assert ("投诉", "another English elsewhere") in [(found.text, found.reason) for found in messages.findings()]
