"""Addresses of oversight. Nouns throughout; what changes something is a POST."""

from django.urls import URLPattern, path

from bihuan.web.oversight import demands, evaluations, figures, leaks, patrols, shell

app_name = "oversight"

urlpatterns: list[URLPattern] = [
    path("oversight/", shell.first, name="first"),
    path("oversight/rectification/", demands.listing, name="demands"),
    path("oversight/rectification/export/", demands.export, name="demands-export"),
    path("oversight/rectification/<int:ident>/", demands.demand, name="demand"),
    path("oversight/rectification/<int:ident>/<slug:noun>/", demands.step, name="demand-step"),
    path("oversight/patrols/", patrols.listing, name="patrols"),
    path("oversight/patrols/new/", patrols.new, name="patrol-new"),
    path("oversight/patrols/export/", patrols.export, name="patrols-export"),
    path("oversight/patrols/<int:ident>/", patrols.patrol, name="patrol"),
    path("oversight/patrols/<int:ident>/demands/", patrols.demanding, name="patrol-demands"),
    path("oversight/evaluations/", evaluations.listing, name="evaluations"),
    path("oversight/evaluations/new/", evaluations.new, name="evaluation-new"),
    path("oversight/evaluations/export/", evaluations.export, name="evaluations-export"),
    path("oversight/evaluations/<int:ident>/", evaluations.evaluation, name="evaluation"),
    path("oversight/evaluations/<int:ident>/demands/", evaluations.demanding, name="evaluation-demands"),
    path("oversight/evaluations/<int:ident>/file/", evaluations.file, name="evaluation-file"),
    path("oversight/figures/", figures.figures, name="figures"),
    path("oversight/figures/export/", figures.export, name="figures-export"),
    path("oversight/leaks/", leaks.listing, name="leaks"),
    path("oversight/leaks/new/", leaks.new, name="leak-new"),
    path("oversight/leaks/export/", leaks.export, name="leaks-export"),
    path("oversight/leaks/<int:ident>/", leaks.leak, name="leak"),
    path("oversight/leaks/<int:ident>/<slug:noun>/", leaks.step, name="leak-step"),
    path("setup/checklists/", patrols.checklists, name="checklists"),
]
