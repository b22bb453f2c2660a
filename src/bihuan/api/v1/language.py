"""In which language an answer is worded: Chinese unless the caller prefers English."""

from django.utils.translation.trans_real import parse_accept_lang_header

CHINESE, ENGLISH = "zh-hans", "en"


def chosen(accept_language: str) -> str:
    """`zh-hans` or `en`, whichever an `Accept-Language` header ranks first; `zh-hans` when it names neither."""
    for name, _weight in parse_accept_lang_header(accept_language.lower()):
        if name.startswith("zh"):
            return CHINESE
        if name.startswith("en"):
            return ENGLISH
    return CHINESE
