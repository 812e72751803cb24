"""P1, the front door: who we are, what is new, how things are done. For everybody, and with nothing personal on it."""

import re
from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts import purposes
from cells.models import Company
from core.counting import times
from news.choices import AnnouncementKind
from news.models import Announcement
from portal import emblem
from reports.figures import FIGURES
from reports.models import Snapshot

NOTICES = 5
STORIES = 3
# Of a company's name so much must be known that nobody leafs through the ledger, and so often may be asked.
SHORTEST_NAME = 4
SHORTEST_OWN = 2
# What a company's name shares with all others tells none of them.
GENERIC = re.compile("有限|责任|股份|公司|集团|控股|科技|网络|信息|技术|软件|数据|互联网|服务|发展|市")
MOST_AN_HOUR = 30


@dataclass(frozen=True)
class Errand:
    """Something people come for: its number, what it is called, and the page that says how."""

    number: str
    words: Any
    note: Any
    slug: str

    @property
    def url(self) -> str:
        return reverse("portal:guide", args=[self.slug])


GUIDES = (
    Errand("壹", gettext_lazy("转接组织关系"), gettext_lazy("转入、转出、介绍信"), "transfer"),
    Errand("贰", gettext_lazy("开具证明"), gettext_lazy("党员身份证明怎么开"), "certificate"),
    Errand("叁", gettext_lazy("找党组织"), gettext_lazy("单位还没有支部怎么办"), "branch"),
    Errand("肆", gettext_lazy("投诉建议"), gettext_lazy("十五个工作日内答复"), "complaint"),
)
# Figures of the latest snapshot that say how big we are, by their keys.
PUBLIC_FIGURES = ("organisations", "members", "covered_companies")


@require_safe
def front(request):
    """The front page: a story, the latest notices, and the ways to what people come for."""
    public = Announcement.objects.public().latest()
    snapshot = _snapshot()
    context = {
        "here": "front",
        "stories": public.filter(kind=AnnouncementKind.STORY)[:STORIES],
        "notices": public.filter(kind=AnnouncementKind.NOTICE)[:NOTICES],
        "about": public.about().first(),
        "guides": GUIDES,
        "snapshot": snapshot,
        "figures": _figures(snapshot) if snapshot else [],
    }
    return render(request, "portal/front.html", context)


@require_safe
def about(request):
    """Who we are, in the association's own words."""
    ours = Announcement.objects.public().about().latest().first()
    return render(request, "portal/about.html", {"here": "about", "about": ours})


@require_safe
def guides(request):
    """How things are done: the list."""
    return render(request, "portal/guides.html", {"here": "guides", "guides": GUIDES})


@require_safe
def guide(request, slug):
    """How one thing is done."""
    found = next((errand for errand in GUIDES if errand.slug == slug), None)
    if found is None:
        raise Http404
    context = {
        "here": "guides",
        "guide": found,
        "find_url": reverse("portal:find-branch"),
        "feedback_url": reverse("portal:feedback"),
    }
    return render(request, f"portal/guides/{slug}.html", context)


@require_safe
def find_branch(request):
    """Which Party organisation a company belongs to. A company without one looks like a company unknown."""
    name = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
    context: dict[str, Any] = {"here": "find-branch", "q": name, "problem": ""}
    status = 200
    if name and len(name) < SHORTEST_NAME:
        context["problem"] = _("请至少写出企业名称中连续的 %(number)d 个字。") % {"number": SHORTEST_NAME}
    elif name and len(GENERIC.sub("", name)) < SHORTEST_OWN:
        context["problem"] = _("请写出企业名称中特有的至少 %(number)d 个字，只写“科技”“有限公司”这样的字查不到。") % {
            "number": SHORTEST_OWN
        }
    elif name and not _may_ask(get_adapter().get_client_ip(request)):
        context["problem"], status = _("一小时内查得太多了，请过一会儿再查。"), 429
    elif name:
        found = branches_of(name)
        if len(found) > 1:
            context["problem"] = _("名称里有这些字的企业不止一家，请写得更全一些。")
        else:
            context |= {"asked": True, "company": found[0] if found else None}
    return render(request, "portal/find_branch.html", context, status=status)


@require_safe
def accessibility(request):
    return render(request, "portal/accessibility.html", {"here": ""})


@require_safe
def privacy(request):
    """What members are told about their data, in the version that stands, for whoever wants to know beforehand."""
    return render(request, "portal/privacy.html", {"here": "", "notice": purposes.CURRENT[purposes.NOTICE]})


@require_safe
def emblem_file(request):
    """The emblem the committee put in its slot, as it is; nothing where the slot is empty."""
    picture = emblem.read(settings.ZHIBU_EMBLEM_FILE)
    if picture is None:
        raise Http404
    answer = HttpResponse(picture.data, content_type=picture.content_type)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


def branches_of(name: str) -> list[Company]:
    """The company called ``name``, or else those whose name contains it, two at most, with their Party organisation.

    A company without one is not among them.
    """
    covered = Company.objects.filter(name__contains=name, cover_cell__dissolved_on=None).exclude(cover_cell=None)
    found = covered.select_related("cover_cell").order_by("name")
    return list(found.filter(name=name)[:1]) or list(found[:2])


def _may_ask(address: str) -> bool:
    """Count one more question from this network address; False once it asked too often within the hour."""
    return times(f"find-branch:{address}") <= MOST_AN_HOUR


def _snapshot() -> Snapshot | None:
    """The figures last drawn of the whole: what is shown to the public was frozen, and costs one row."""
    if not settings.ZHIBU_PUBLIC_FIGURES:
        return None
    return Snapshot.objects.filter(cell__parent=None).order_by("-on", "-pk").first()


def _figures(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Some of the frozen numbers with their words; one the snapshot does not know is left out."""
    known = [(FIGURES[key], snapshot.figures.get(key)) for key in PUBLIC_FIGURES]
    return [
        {"words": figure.words, "number": frozen["number"], "unit": figure.unit(frozen["number"])}
        for figure, frozen in known
        if frozen and frozen["number"] is not None
    ]
