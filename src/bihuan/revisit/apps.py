"""The room's conditions are named when it is loaded."""

from django.apps import AppConfig


class Revisit(AppConfig):
    """Calling back and closing."""

    name = "bihuan.revisit"

    def ready(self) -> None:
        """Register what can be said of cases."""
        from bihuan.revisit import conditions

        conditions.register()
