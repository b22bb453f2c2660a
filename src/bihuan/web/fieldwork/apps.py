"""The app's name apart from the room's."""

from django.apps import AppConfig


class FieldworkPages(AppConfig):
    """Pages of work outside; the room itself is `bihuan.fieldwork`."""

    name = "bihuan.web.fieldwork"
    label = "web_fieldwork"
