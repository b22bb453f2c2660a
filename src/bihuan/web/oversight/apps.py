"""Told apart from the room of the same name, whose label is `oversight`."""

from django.apps import AppConfig


class Pages(AppConfig):
    """Patrols, evaluations, demands, leaks."""

    name = "bihuan.web.oversight"
    label = "oversight_pages"
