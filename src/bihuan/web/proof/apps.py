"""The pages of proof."""

from django.apps import AppConfig


class Pages(AppConfig):
    """Files, packs."""

    name = "bihuan.web.proof"
    label = "proof_pages"
