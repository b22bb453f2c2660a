"""The upload, and how a file is to be read."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bihuan.channels.file import queries
from bihuan.channels.file.actions import MOST_UPLOAD
from bihuan.channels.file.fields import FIELDS, GROUPS
from bihuan.channels.file.layout import Layout, from_plain
from bihuan.channels.file.models import ImportJob


class UploadForm(forms.Form):
    """A file, and under which mapping it is read."""

    file = forms.FileField(
        label=_("文件"),
        error_messages={
            "required": _("请选择要导入的文件。"),
            "empty": _("文件是空的，请选择有内容的文件。"),
            "missing": _("请选择要导入的文件。"),
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv,.txt"}),
    )
    mapping = forms.ChoiceField(label=_("映射"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = gettext("Excel（.xlsx、.xls）或 CSV，最大 %(size)d MB。") % {"size": MOST_UPLOAD // 1024**2}
        self.fields["file"].help_text = limit
        names = [(one.name, one.title or one.name) for one in queries.mappings()]
        mapping = self.fields["mapping"]
        assert isinstance(mapping, forms.ChoiceField)
        mapping.choices = [(queries.AUTO, _("自动识别")), *names]


class ReadingForm(forms.Form):
    """For each heading the field it is; the system the rows come from; how strict to be."""

    source_system = forms.CharField(
        label=_("来源系统"),
        max_length=64,
        help_text=_("与来源单号一起认出同一张工单：同一文件导入两次不会重复。"),
        error_messages={"required": _("请写明工单来自哪个系统。")},
    )
    mode = forms.ChoiceField(label=_("方式"), choices=ImportJob.Mode.choices, widget=forms.RadioSelect)
    day_order = forms.ChoiceField(
        label=_("日期写法"),
        required=False,
        choices=[
            ("", _("年在前，四位数（2016-04-01），或月份是单词")),
            ("dmy", _("日/月/年（22/04/2016、22-04-16）")),
            ("mdy", _("月/日/年（04/22/2016、04-22-16）")),
            ("ymd", _("年/月/日，两位年（16-04-22）")),
        ],
    )
    create_missing = forms.BooleanField(label=_("目录中没有的争议类型、分类和产品，先补建再导入"), required=False)
    strict = forms.BooleanField(label=_("遇到不认识的区域或分类时，拒绝该行"), required=False)
    mapping_name = forms.CharField(
        label=_("保存为映射"),
        max_length=60,
        required=False,
        help_text=_("以后表头相同的文件会自动使用；留空则不保存。"),
    )

    def __init__(self, job: ImportJob, *args: Any, **kwargs: Any) -> None:
        layout = from_plain(job.layout)
        kwargs["initial"] = {
            "source_system": layout.constants.get("source_system", ""),
            "mode": job.mode,
            "day_order": layout.day_order,
            "create_missing": job.create_missing,
            "strict": job.strict,
        }
        super().__init__(*args, **kwargs)
        self.headings: list[str] = job.headings
        if "source_system" in layout.columns:
            self.fields["source_system"].required = False
        meanings = {heading: code for code, named in layout.columns.items() for heading in named}
        for place, heading in enumerate(self.headings):
            self.fields[f"column{place}"] = forms.ChoiceField(
                label=heading, choices=field_choices, required=False, initial=meanings.get(heading, "")
            )

    def columns(self) -> dict[str, list[str]]:
        """field → headings, as chosen."""
        chosen: dict[str, list[str]] = {}
        for place, heading in enumerate(self.headings):
            code = self.cleaned_data.get(f"column{place}")
            if code:
                chosen.setdefault(code, []).append(heading)
        return chosen

    def column_fields(self) -> list[forms.BoundField]:
        """The selects, in the order of the file."""
        return [self[f"column{place}"] for place in range(len(self.headings))]


def field_choices() -> list[tuple[Any, Any]]:
    """All fields by group; empty: kept aside under its heading."""
    groups = [
        (name, [(field.code, field.name) for field in FIELDS.values() if field.group == code])
        for code, name in GROUPS.items()
    ]
    return [("", _("（附加信息，原样保留）")), *groups]


def layout_of(job: ImportJob) -> Layout:
    """The layout of a job."""
    return from_plain(job.layout)
