"""Addresses of proof."""

from django.urls import URLPattern, path

from bihuan.web.proof import files, marks, pages, recordings, signing

app_name = "proof"

urlpatterns: list[URLPattern] = [
    path("cases/<str:number>/files/", files.files, name="files"),
    path("cases/<str:number>/evidence/<int:ident>/preview/", files.preview, name="preview"),
    path("cases/<str:number>/evidence/<int:ident>/view/", files.view, name="view"),
    path("cases/<str:number>/packs/<int:ident>.zip", pages.pack, name="pack"),
    path("cases/<str:number>/signature/", signing.sign, name="sign"),
    path("cases/<str:number>/mark/", marks.mark, name="mark"),
    path("marks/", marks.listing, name="marks"),
    path("marks/<int:ident>/<slug:noun>/", marks.step, name="mark-step"),
    path("cases/<str:number>/recordings/<int:ident>/", recordings.recording, name="recording"),
    path("setup/recordings/", recordings.hosts, name="recording-hosts"),
    path("setup/recordings/<int:ident>/refusal/", recordings.refusal, name="recording-refusal"),
    path("setup/signing/", signing.texts, name="signing-texts"),
    path("packs/", pages.verify, name="verify"),
]
