"""Told apart from the room of the same name, whose label is `appeals`."""

from django.apps import AppConfig


class Pages(AppConfig):
    """The pages of appeals."""

    name = "bihuan.web.appeals"
    label = "appeal_pages"
