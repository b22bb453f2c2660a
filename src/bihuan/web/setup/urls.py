"""Addresses of set-up, audit, hand-over and, in a demo, of the development outbox."""

from django.urls import URLPattern, URLResolver, path

from bihuan.web.setup import audit, calendars, devbox, index, limits, restoring, rules, staff, units

app_name = "setup"

urlpatterns: list[URLPattern | URLResolver] = [
    path("setup/", index.index, name="index"),
    path("setup/pick/staff/", index.pick_staff, name="pick-staff"),
    path("setup/history/<int:change_id>/restoration/", restoring.restoration, name="restoration"),
    path("setup/units/", units.units, name="units"),
    path("setup/units/new/", units.new_unit, name="new-unit"),
    path("setup/units/<int:unit_id>/", units.unit, name="unit"),
    path("setup/units/<int:unit_id>/retirement/", units.retirement, name="unit-retirement"),
    path("setup/staff/", staff.staff_list, name="staff"),
    path("setup/staff/new/", staff.new_staff, name="new-staff"),
    path("setup/staff/<int:staff_id>/", staff.staff, name="person"),
    path("setup/staff/<int:staff_id>/roles/", staff.role_grant, name="person-roles"),
    path("setup/staff/<int:staff_id>/unlocking/", staff.unlocking, name="person-unlocking"),
    path("setup/staff/<int:staff_id>/password/", staff.password, name="person-password"),
    path("setup/staff/<int:staff_id>/retirement/", staff.retirement, name="person-retirement"),
    path("setup/limits/", limits.limits, name="limits"),
    path("setup/limits/new/", limits.new_limit, name="new-limit"),
    path("setup/limits/<str:code>/", limits.limit, name="limit"),
    path("setup/limits/<str:code>/trial/", limits.limit_trial, name="limit-trial"),
    path("setup/limits/<str:code>/switching/", limits.switching, name="limit-switching"),
    path("setup/limits/<str:code>/adoption/", limits.adoption, name="limit-adoption"),
    path("setup/limits/<str:code>/versions/<int:version>/restoration/", limits.restoration, name="limit-restoration"),
    path("setup/calendars/", calendars.calendars, name="calendars"),
    path("setup/calendars/years/<str:region>/<int:year>/", calendars.year, name="year"),
    path("setup/calendars/<str:code>/", calendars.calendar, name="calendar"),
    path("setup/rules/", rules.rule_sets, name="rules"),
    path("setup/rules/<str:code>/", rules.rule_set, name="rule-set"),
    path("setup/rules/<str:code>/switching/", rules.switching, name="rule-set-switching"),
    path("setup/rules/<str:code>/new/", rules.new_rule, name="new-rule"),
    path("setup/rules/<str:code>/versions/<int:version>/restoration/", rules.restoration, name="rule-set-restoration"),
    path("setup/rules/<str:code>/rules/<str:rule_code>/", rules.rule, name="rule"),
    path("setup/rules/<str:code>/rules/<str:rule_code>/removal/", rules.removal, name="rule-removal"),
    path("setup/rules/<str:code>/rules/<str:rule_code>/moving/", rules.moving, name="rule-moving"),
    path("setup/audit/", audit.entries, name="audit"),
    path("setup/audit/uses/", audit.uses, name="uses"),
    path("dev/outbox/", devbox.devbox, name="outbox"),
]
