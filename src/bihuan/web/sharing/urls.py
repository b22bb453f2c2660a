"""Addresses of sharing work. Nouns throughout; what changes something is a POST."""

from django.urls import URLPattern, path

from bihuan.web.sharing import bulk, disputes, units

app_name = "sharing"

urlpatterns: list[URLPattern] = [
    path("disputes/", disputes.listing, name="disputes"),
    path("disputes/<int:dispute_id>/", disputes.dispute, name="dispute"),
    path("bulk/", bulk.deeds, name="bulks"),
    path("bulk/<int:bulk_id>/", bulk.deed, name="bulk"),
    path("bulk/<int:bulk_id>/results/", bulk.sheet, name="bulk-sheet"),
    path("bulk/<int:bulk_id>/undoing/", bulk.undoing, name="bulk-undoing"),
    path("setup/sharing/", units.sharing, name="units"),
    path("setup/sharing/<int:staff_id>/skills/", units.skills, name="skills"),
]
