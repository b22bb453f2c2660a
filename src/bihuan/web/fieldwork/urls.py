"""Addresses of work outside. Nouns throughout; what changes something is a POST."""

from django.urls import URLPattern, path

from bihuan.web.fieldwork import calendar, crews, figures, lists, orders, shell, visits

app_name = "fieldwork"

urlpatterns: list[URLPattern] = [
    path("fieldwork/", shell.first, name="first"),
    path("fieldwork/calendar/", calendar.page, name="calendar"),
    path("fieldwork/appointments/<int:visit_id>/", visits.page, name="visit"),
    path("fieldwork/appointments/<int:visit_id>/<slug:noun>/", visits.step, name="visit-step"),
    path("fieldwork/mine/", orders.mine, name="mine"),
    path("fieldwork/orders/", orders.listing, name="orders"),
    path("fieldwork/orders/export/", orders.export, name="orders-export"),
    path("fieldwork/orders/<int:order_id>/", orders.page, name="order"),
    path("fieldwork/orders/<int:order_id>/contact/", orders.contact, name="order-contact"),
    path("fieldwork/orders/<int:order_id>/<slug:noun>/", orders.step, name="order-step"),
    path("fieldwork/blocks/", lists.blocks, name="blocks"),
    path("fieldwork/blocks/export/", lists.blocks_export, name="blocks-export"),
    path("fieldwork/blocks/<int:block_id>/release/", lists.free, name="block-release"),
    path("fieldwork/light/", lists.light, name="light"),
    path("fieldwork/light/export/", lists.light_export, name="light-export"),
    path("fieldwork/light/limits/", lists.limits, name="light-limits"),
    path("fieldwork/light/<int:line_id>/state/", lists.clean, name="light-state"),
    path("fieldwork/figures/", figures.page, name="figures"),
    path("fieldwork/figures/export/", figures.export, name="figures-export"),
    path("fieldwork/crews/", crews.listing, name="crews"),
    path("fieldwork/crews/new/", crews.adding, name="crew-new"),
    path("fieldwork/crews/<int:crew_id>/", crews.editing, name="crew"),
]
