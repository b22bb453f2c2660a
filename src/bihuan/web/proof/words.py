"""Findings about a pack in words: what it means for whoever holds it."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FINDINGS: Mapping[str, str | Promise] = {
    "pack.altered": _("文件与本平台生成时不是逐字节一致，可能被改动、重新压缩或传输损坏。"),
    "pack.unreadable": _("文件不能作为证据包读取。"),
    "pack.unknown": _("本平台没有生成过这一份证据包，或内容与生成时不同。"),
    "manifest.missing": _("没有清单，不是本平台的证据包。"),
    "manifest.forged": _("清单不是本平台签名的。"),
    "entry.added": _("多出了清单里没有的文件。"),
    "entry.missing": _("清单里的文件不见了。"),
    "entry.altered": _("文件内容与打包时不同。"),
    "event.altered": _("经过记录被改动，哈希链接不上。"),
    "event.differs": _("经过记录与平台里现存的不一致。"),
    "chain.end": _("经过记录的结尾与清单不符，有增删。"),
    "case.gone": _("平台里没有这张工单。"),
    "evidence.differs": _("证据文件与平台里现存的不一致。"),
    "anchor.forged": _("封印不是用本平台的密钥做的。"),
    "anchor.differs": _("封印与平台里现存的不一致。"),
}
