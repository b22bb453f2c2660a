"""Told apart from the room of the same name, whose label is `notices`."""

from django.apps import AppConfig


class Pages(AppConfig):
    """The inbox."""

    name = "bihuan.web.notices"
    label = "notice_pages"
