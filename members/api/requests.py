"""更正申请 and 个人信息申请: asked by members, answered by others."""

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser

from core.rest import asking
from core.rest.deeds import May, deed
from core.rest.reading import StrictJSON
from members import rules
from members.api.reading import OnRecord
from members.choices import EVIDENCE_TYPES
from members.domain import evidence as papers
from members.domain import requests, rights
from members.evidence_file import as_file
from members.filters import ChangeRequestCriteria, SubjectRequestCriteria
from members.models import ChangeRequest, Member, SubjectRequest
from members.reach import readable_requests
from members.serializers import answers as asked
from members.serializers import shapes

KEEPS = May(lambda by, request: rules.KEEP_MEMBER.allows(by, request.member), rules.KEEP_MEMBER.anywhere)
ANSWERS = May(lambda by, request: rules.ANSWER_MEMBER.allows(by, request.member), rules.ANSWER_MEMBER.anywhere)
# Whoever is a member themselves; programs are nobody.
ASKS = May(lambda by, member: rules.OWN_RECORD.allows(by, member), lambda by: Member.objects.own(by).exists())


class Asked(OnRecord):
    """Requests of members: what they say is read of one at a time. Each is decided once, and has no versions."""

    versioned = False

    def find(self, key):
        found = super().find(key)
        if found is not None:
            found.is_opened = True
        return found

    def own_record(self):
        return Member.objects.own(self.by).get()


class ChangeRequests(Asked):
    """更正申请. Nobody decides their own."""

    model = ChangeRequest
    base = "change-requests"
    shape = shapes.ChangeRequestShape
    criteria = ChangeRequestCriteria
    orders = {"asked_at": "-asked_at", "member": "member__name_pinyin"}
    parser_classes = [StrictJSON, MultiPartParser]

    def reach(self):
        return readable_requests(self.by)

    @deed(_("申请更正"), answers=asked.AskAnswers, may=ASKS)
    def create(self, **answers):
        return requests.ask(self.own_record(), by=self.by, on=self.today, **answers)

    @deed(_("撤回申请"), may=rules.OWN_REQUEST)
    def withdraw(self, request):
        return requests.withdraw(request, by=self.by, on=self.today)

    @deed(_("同意"), may=KEEPS)
    def grant(self, request):
        return requests.grant(request, by=self.by, on=self.today)

    @deed(_("退回"), answers=asked.RefuseAnswers, may=KEEPS)
    def refuse(self, request, **answers):
        return requests.refuse(request, by=self.by, on=self.today, **answers)

    @deed(
        _("同意多件"),
        answers=asked.GrantManyAnswers,
        may=rules.KEEP_MEMBER,
        on_one=False,
        shape=shapes.DecidedManyShape,
    )
    def grant_many(self, **answers):
        done = requests.grant_many(answers["requests"], by=self.by, on=self.today)
        return {"results": [{"code": request.code, "state": request.state} for request in done]}

    @action(methods=["get"], detail=True)
    def evidence(self, request, **_address):
        """The file itself, to be saved; every opening stands in the trail."""
        asking.refuse_unknown(request.query_params, ())
        found = self.get_object()
        if not found.has_evidence:
            raise Http404
        return as_file(found, papers.open_evidence(found, by=self.by, on=self.today))

    evidence.files = tuple(EVIDENCE_TYPES.values())


class SubjectRequests(Asked):
    """个人信息申请: one's own, and those of members in one's care."""

    model = SubjectRequest
    base = "subject-requests"
    shape = shapes.SubjectRequestShape
    criteria = SubjectRequestCriteria
    orders = {"due_on": "due_on", "asked_at": "asked_at", "member": "member__name_pinyin"}

    def reach(self):
        return SubjectRequest.objects.readable_by(self.by).select_related("member", "answered_by")

    @deed(_("提出申请"), answers=asked.RightAnswers, may=ASKS)
    def create(self, **answers):
        return rights.ask(self.own_record(), by=self.by, on=self.today, **answers)

    @deed(_("办理"), answers=asked.GrantRightAnswers, may=ANSWERS)
    def grant(self, request, **answers):
        return rights.grant(request, by=self.by, on=self.today, **answers)

    @deed(_("不予办理"), answers=asked.RefuseRightAnswers, may=ANSWERS)
    def refuse(self, request, **answers):
        return rights.refuse(request, by=self.by, on=self.today, **answers)
