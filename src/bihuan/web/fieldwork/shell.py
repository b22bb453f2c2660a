"""What every page of work outside does alike: its tabs and what is said in the corner."""

from django.utils.translation import gettext_lazy

from bihuan.fieldwork import crews
from bihuan.fieldwork import orders_queries as orders
from bihuan.fieldwork import queries as visits
from bihuan.identity import roles
from bihuan.identity.viewer import Viewer
from bihuan.web.tabbed import Tab, Tabbed

ANY = (roles.HANDLE, roles.SETUP)


TABS: tuple[Tab, ...] = (
    Tab("mine", gettext_lazy("我的维修单"), (roles.HANDLE,), orders.count),
    Tab("calendar", gettext_lazy("上门日历"), (roles.HANDLE,), visits.count, gettext_lazy("今日待上门")),
    Tab("orders", gettext_lazy("全部维修单"), (roles.HANDLE,)),
    Tab("blocks", gettext_lazy("阻碍与无资源"), (roles.HANDLE,)),
    Tab("light", gettext_lazy("光衰整治"), (roles.HANDLE, roles.SETUP)),
    Tab("figures", gettext_lazy("统计"), (roles.FIGURES,)),
    Tab("crews", gettext_lazy("班组与片区"), (roles.DUTY, roles.SETUP)),
)


def home(who: Viewer) -> str:
    """Whoever goes out herself begins with her own orders, all others with everybody's."""
    return "mine" if any(who.staff_id in crew.member_ids for crew in crews.in_use()) else "orders"


_PAGES = Tabbed("fieldwork", TABS, home)
open_to, first, entered, tell, show = _PAGES.open_to, _PAGES.first(), _PAGES.entered, _PAGES.tell, _PAGES.show
