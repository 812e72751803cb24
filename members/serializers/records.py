"""What enrolling and correcting are told: the items of a record, checked together as forms check them."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from cells.reach import seen_cells
from core.rest.answers import Answers, Choice, Code, Optional, Text
from members.checks import check_answers
from members.choices import Category, Gender, IdKind
from members.dictionaries import EDUCATION, ETHNICITY, POST
from members.domain.roster import CORRECTABLE, ITEMS
from members.models import Member
from members.reach import seen_members
from members.rows import MASKS

MOST_AT_ONCE = 200


class Written(Optional):
    """A day as somebody writes it; ``members.checks`` reads it together with the rest. Null empties it."""

    def __init__(self, **kwargs):
        super().__init__(**{"allow_null": True} | kwargs)


def _coded(choices):
    return Choice(choices, required=False, allow_blank=True)


class RecordAnswers(Answers):
    """One member's record. Every problem is told at its item, all at once."""

    name = Text()
    id_number = Text()
    gender = _coded(Gender)
    ethnicity = _coded(ETHNICITY.choices)
    birth_date = Written()
    education = _coded(EDUCATION.choices)
    category = Choice(Category)
    joined_on = Written()
    converted_on = Written()
    post = _coded(POST.choices)
    mobile = Optional()
    landline = Optional()
    address = Optional()
    is_lost = serializers.BooleanField(required=False)
    lost_on = Written()
    is_migrant = serializers.BooleanField(required=False)
    flow_to = Optional()
    id_kind = _coded(IdKind)
    archive_birth_date = Written()
    native_place = Optional()
    degree = Optional()
    school = Optional()
    major = Optional()
    work_started_on = Written()
    applied_on = Written()
    new_stratum = Optional()
    technical_title = Optional()
    employer_text = Optional()
    email = Optional()
    remarks = Optional()

    def get_fields(self):
        fields = super().get_fields()
        for name in fields.keys() & set(CORRECTABLE):
            fields[name].label = Member._meta.get_field(name).verbose_name
        return fields

    def validate(self, told):
        member = told.get("member", self.context["thing"])
        answers = {name: told.pop(name) for name in ITEMS if name in told}
        known = None
        if member is None:
            answers["id_kind"] = answers.get("id_kind") or IdKind.RESIDENT
        else:
            known = {name: getattr(member, name) for name in ITEMS}
            answers = {name: value for name, value in answers.items() if not _as_shown(member, name, value)}
        found = check_answers(answers, on=timezone.localdate(), known=known)
        if found.problems:
            raise ValidationError(
                {name: [ErrorDetail(said[0], code="refused")] for name, said in found.problems.items()}
            )
        return told | found.values


class EnrolAnswers(RecordAnswers):
    cell = Code(seen_cells, label=_("编入党支部"))


class _OneOfMany(RecordAnswers):
    """A record among several; what is said of the change is said once, beside them."""

    def get_fields(self):
        fields = super().get_fields()
        del fields["change_note"]
        return fields


class EnrolmentAnswers(_OneOfMany):
    cell = Code(seen_cells, label=_("编入党支部"))


class EnrolManyAnswers(Answers):
    enrolments = EnrolmentAnswers(many=True, allow_empty=False, max_length=MOST_AT_ONCE, label=_("补录的党员"))


class CorrectionAnswers(_OneOfMany):
    member = Code(seen_members, label=_("党员"))
    version = serializers.IntegerField(label=_("读取时的版本"), min_value=1, max_value=2**31 - 1)

    def get_fields(self):
        fields = super().get_fields()
        for name in fields.keys() - {"member", "version"}:
            fields[name].required = False
        return fields


class CorrectManyAnswers(Answers):
    corrections = CorrectionAnswers(many=True, allow_empty=False, max_length=MOST_AT_ONCE, label=_("要更正的资料"))


def _as_shown(member, name, value):
    """Whether a number comes back as it was shown, masked: it is to stay as it is."""
    return name in MASKS and bool(value) and value == MASKS[name](getattr(member, name))
