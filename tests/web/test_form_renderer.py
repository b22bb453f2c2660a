"""Controls drawn by hand are, letter for letter, what Django's templates would have drawn."""

from datetime import date, datetime, time

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _
from hypothesis import given
from hypothesis import strategies as st

from bihuan.web.form_renderer import Renderer

TEXT = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
VALUE = st.none() | TEXT | st.integers(-9999, 99999) | st.floats(allow_nan=False) | st.just(_("下一条"))
ATTRS = st.dictionaries(
    st.sampled_from(["id", "class", "required", "data-x", "rows"]), TEXT | st.booleans() | st.integers()
)
CHOICE = st.tuples(TEXT | st.integers(0, 99999), TEXT | st.integers(0, 99999) | st.just(_("下一条")))
CHOICES = st.lists(CHOICE | st.tuples(TEXT, st.lists(CHOICE, max_size=3)), max_size=4)
PLAIN = [
    forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.PasswordInput, forms.HiddenInput,
    forms.Textarea, forms.CheckboxInput,
]  # fmt: skip


def same(widget: forms.Widget, value: object) -> None:
    ours, theirs = (widget.render("na&me", value, {"id": "x"}, one) for one in (Renderer(), DjangoTemplates()))
    assert ours == theirs


@given(kind=st.sampled_from(PLAIN), value=VALUE, attrs=ATTRS)
def test_plain_controls(kind: type[forms.Widget], value: object, attrs: dict[str, object]) -> None:
    same(kind(attrs), value)


@given(choices=CHOICES, value=VALUE, attrs=ATTRS, several=st.booleans())
def test_selects(choices: list[object], value: object, attrs: dict[str, object], several: bool) -> None:
    same(
        forms.SelectMultiple(attrs, choices) if several else forms.Select(attrs, choices), [value] if several else value
    )


@pytest.mark.parametrize(
    ("widget", "value"),
    [
        (forms.DateInput({"type": "date"}), date(2026, 3, 2)),
        (forms.DateTimeInput(), datetime(2026, 3, 2, 9, 5)),  # noqa: DTZ001
        (forms.TimeInput(), time(9, 5)),
        (forms.FileInput(), None),
        (forms.RadioSelect(choices=[("a", "甲"), ("b", "乙")]), "a"),
    ],
)
def test_moments_and_what_is_left_to_templates(widget: forms.Widget, value: object) -> None:
    same(widget, value)
