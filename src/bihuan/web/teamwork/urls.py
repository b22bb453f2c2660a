"""Addresses of teamwork. Nouns throughout; what changes something is a POST."""

from django.urls import URLPattern, path

from bihuan.web.teamwork import assistance, budgets, money, news, reports, shell, tracks

app_name = "teamwork"

urlpatterns: list[URLPattern] = [
    path("teamwork/", shell.first, name="first"),
    path("teamwork/assistance/", assistance.listing, name="assistance"),
    path("teamwork/assistance/export/", assistance.export, name="assistance-export"),
    path("teamwork/assistance/<int:task_id>/", assistance.task, name="task"),
    path("teamwork/assistance/<int:task_id>/<slug:noun>/", assistance.step, name="task-step"),
    path("teamwork/money/", money.listing, name="money"),
    path("teamwork/money/export/", money.export, name="money-export"),
    path("teamwork/money/approvals/<int:approval_id>/", money.decision, name="decision"),
    path("teamwork/money/<int:proposal_id>/payment/", money.payment, name="payment"),
    path("teamwork/money/<int:proposal_id>/reversal/", money.reversal, name="reversal"),
    path("teamwork/tracking/", tracks.listing, name="tracks"),
    path("teamwork/tracking/export/", tracks.export, name="tracks-export"),
    path("teamwork/tracking/<int:track_id>/", tracks.track, name="track"),
    path("teamwork/tracking/<int:track_id>/<slug:noun>/", tracks.step, name="track-step"),
    path("teamwork/news/", news.listing, name="news"),
    path("teamwork/news/export/", news.export, name="news-export"),
    path("setup/milestones/", news.milestones, name="milestones"),
    path("teamwork/reports/", reports.listing, name="reports"),
    path("teamwork/reports/export/", reports.export, name="reports-export"),
    path("teamwork/reports/<int:report_id>/", reports.report, name="report"),
    path("teamwork/reports/<int:report_id>/versions/", reports.version, name="report-versions"),
    path("teamwork/reports/<int:report_id>/handing/", reports.handing, name="report-handing"),
    path("teamwork/reports/<int:report_id>/versions/<int:number>.<slug:kind>", reports.file, name="report-file"),
    path("setup/report/", reports.template, name="report-template"),
    path("setup/report/interface/", reports.interface, name="report-interface"),
    path("setup/budgets/", budgets.budgets, name="budgets"),
    path("setup/budgets/limits/", budgets.limit, name="budget-limit"),
]
