"""Names this app apart from the room of the same name."""

from django.apps import AppConfig


class KnowledgePages(AppConfig):
    """The pages of knowledge."""

    name = "bihuan.web.knowledge"
    label = "web_knowledge"
