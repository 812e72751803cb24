"""一企一档: opening a company's file, setting it right, writing down what surveys find, and whom to call there."""

from cells.domain.companies.contacts import add_contact, correct_contact, remove_contact
from cells.domain.companies.correcting import CompanyCorrection, correct, correct_many
from cells.domain.companies.registering import Registration, register, register_many
from cells.domain.companies.surveying import Survey, survey, survey_many

__all__ = [
    "CompanyCorrection",
    "Registration",
    "Survey",
    "add_contact",
    "correct",
    "correct_contact",
    "correct_many",
    "register",
    "register_many",
    "remove_contact",
    "survey",
    "survey_many",
]
