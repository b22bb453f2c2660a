"""A line of a queue, drawn by hand: a page has thirty, and a template takes a third of a millisecond for each.

Every word that people wrote passes `escape`; tests/web/desk/test_rows_drawn.py sends it the worst of them.
"""

from html import escape

from django import template
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bihuan.web.desk.rows import Row
from bihuan.web.templatetags.bihuan import drawn, drawn_status, icon

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_rows(context: Context) -> SafeString:
    """All `rows` of the list; the open one carries the cursor, each a box to pick it where something is done in bulk."""
    url, opened, bulk = context["row_url"], context["open_number"], bool(context["bulk"])
    return SafeString("".join(line(row, url, opened=row.number == opened, pick=bulk) for row in context["rows"]))


@register.simple_tag(takes_context=True)
def moved_row(context: Context) -> SafeString:
    """The line of the case that was just worked on, to be put in the place of its old one."""
    return line(context["row"], context["row_url"], opened=True, pick=True, instead=True)


def line(row: Row, url: str, *, opened: bool, pick: bool, instead: bool = False) -> SafeString:
    """One case; `url` leads to it but for its number. `instead` puts it in place of the line already there."""
    number, link = escape(row.number), escape(url + row.number)
    swap = ' hx-swap-oob="true"' if instead else ""
    cursor = ' class="b-cursor"' if opened else ""
    box = f'<input class="b-pick" type="checkbox" name="pick" value="{number}" aria-label="{number}">' if pick else ""
    return SafeString(
        f'<li id="row-{number}" data-row="{number}"{swap}{cursor}>{box}'
        f'<a href="{link}" hx-get="{link}" hx-target="#pane" hx-swap="outerHTML" hx-push-url="true">'
        f"\n{_top(row, number)}\n{_text(row)}\n{_meta(row)}</a></li>\n"
    )


def _top(row: Row, number: str) -> str:
    level = row.case.priority
    marks = "".join(
        f'<span class="d-mark d-mark-{code}" title="{escape(word)}">{icon(name)}{count if count > 1 else ""}</span>'
        for code, name, count, word in row.marks
    )
    return (
        f'<span class="b-card-top"><span class="d-who"><b class="d-prio d-prio-{level}" title="{escape(row.priority)}">'
        f"{level}</b><b>{escape(row.customer or row.number)}</b>{marks}</span>"
        f'<span class="d-number b-num">{number}</span>{drawn(row.chip)}</span>'
    )


def _text(row: Row) -> str:
    urgency = f'<b class="b-late">{escape(str(row.urgency))}</b> ' if row.urgency else ""
    return f'<span class="b-card-text">{urgency}{escape(row.text)}</span>'


def _meta(row: Row) -> str:
    regulator = f'<span class="d-regulator">{_("监管")} {drawn(row.regulator)}</span>' if row.regulator else ""
    return (
        f'<span class="b-card-meta">{drawn_status(row.case.status)}{regulator}'
        f'<span class="d-category">{escape(row.category or "—")}</span>'
        f'<span title="{escape(row.place)}">{escape(row.near)}</span>'
        f'<span class="d-holder">{escape(row.holder)}</span></span>'
    )
