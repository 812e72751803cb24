"""企业, whom to call in them, and the advisors who look after them."""

from django.utils.translation import gettext_lazy as _

from cells import rules
from cells.api.keys import ASSIGNMENT_KEY, Keyed
from cells.domain import assignments, companies, reveals
from cells.filters import AssignmentCriteria, CompanyCriteria, ContactCriteria
from cells.models import Assignment, Company, Contact
from cells.serializers import companies as told
from core.rest.deeds import deed
from core.rest.resource import Resource

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class Companies(Resource):
    """企业台账."""

    model = Company
    base = scope = "companies"
    shape = told.CompanyShape
    criteria = CompanyCriteria
    orders = {
        "name": "name_pinyin",
        "code": "pk",
        "district": "district",
        "staff": "staff_now",
        "members_known": "members_now",
    }

    def reach(self):
        return told.CompanyShape.fetched(Company.objects.visible_to(self.by).with_facts().with_fact_values())

    @deed(_("企业建档"), answers=told.RegisterAnswers, may=rules.KEEP_FILES)
    def create(self, **answers):
        return companies.register(by=self.by, on=self.today, **answers)

    @deed(_("更正档案"), answers=told.CorrectCompanyAnswers, may=rules.KEEP_COMPANY)
    def partial_update(self, company, **answers):
        return companies.correct(company, version=self.version, by=self.by, on=self.today, **answers)

    @deed(_("登记摸排"), answers=told.SurveyAnswers, may=rules.KEEP_COMPANY)
    def survey(self, company, **answers):
        return companies.survey(company, version=self.version, by=self.by, on=self.today, **answers)


class Contacts(Resource):
    """企业联系人."""

    model = Contact
    base = "contacts"
    scope = "companies"
    shape = told.ContactShape
    criteria = ContactCriteria
    orders = {"name": "name", "company": "company__name_pinyin"}
    reveals = {"phone": reveals.reveal_contact}
    lookup_field = "uid"
    lookup_value_regex = UUID

    def reach(self):
        seen = Company.objects.visible_to(self.by).values("pk")
        return Contact.objects.filter(company__in=seen, voided_at__isnull=True).select_related("company__keeper")

    @deed(_("添加联系人"), answers=told.ContactAnswers, may=rules.KEEP_FILES)
    def create(self, company, **answers):
        return companies.add_contact(company, by=self.by, on=self.today, **answers)

    @deed(_("更正联系人"), answers=told.CorrectContactAnswers, may=rules.KEEP_CONTACT)
    def partial_update(self, contact, **answers):
        said = {"name": contact.name, "post": contact.post} | answers
        return companies.correct_contact(contact, by=self.by, on=self.today, **said)

    @deed(_("移除联系人"), may=rules.KEEP_CONTACT)
    def destroy(self, contact):
        companies.remove_contact(contact, by=self.by, on=self.today)


class Assignments(Keyed):
    """党建工作指导员联系的企业."""

    model = Assignment
    base = "assignments"
    scope = "companies"
    shape = told.AssignmentShape
    criteria = AssignmentCriteria
    orders = {"assigned_on": "valid__startswith", "company": "company__name_pinyin"}
    parts = ("company__code", "advisor__code", "valid__startswith")
    lookup_value_regex = ASSIGNMENT_KEY

    def reach(self):
        seen = Company.objects.visible_to(self.by).values("pk")
        return Assignment.objects.standing().filter(company__in=seen).select_related("advisor", "company__keeper")

    @deed(_("指派指导员"), answers=told.AssignAnswers, may=rules.ASSIGN)
    def create(self, company, **answers):
        return assignments.assign(company, by=self.by, on=self.today, **answers)

    @deed(_("结束联系"), answers=told.EndAssignmentAnswers, may=rules.END_ASSIGNMENT)
    def end(self, assignment, **answers):
        return assignments.end(assignment, by=self.by, on=self.today, **answers)
