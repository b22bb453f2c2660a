"""The pages around closing, with a label of their own."""

from django.apps import AppConfig


class Pages(AppConfig):
    """The pages around closing."""

    name = "bihuan.web.closing"
    label = "closing_pages"
