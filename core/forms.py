"""The joint between a form and a deed: the form's answers are the deed's arguments, a refusal goes back on the form."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, QueryDict

from core.errors import Refusal

# Posted with a form that was kept while its sender signed in again: fill it in, but do nothing yet.
REFILL = "_refill"
# Posted by a part of a form that asks something on its own: where the whole form goes.
WHOLE = "_whole"
# Drawn with every form that posts: which drawing of it this is, so that a second press does nothing twice.
ONCE = "_once"


def attempt(form: forms.BaseForm, deed: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
    """Run ``deed`` with the form's answers; put what it refuses back on the form.

    Returns whether the deed was done; what it returned is then ``form.done``, and what it refused with is
    ``form.refusal``.
    ``PermissionDenied`` passes through. A refilled form is shown once more
    before anything is done.
    """
    if not form.is_valid() or REFILL in form.data:
        return False
    try:
        form.done = deed(*args, **kwargs, **form.cleaned_data)  # type: ignore[attr-defined]
    except Refusal as refusal:
        refusal.leave_trace()
        form.refusal = refusal  # type: ignore[attr-defined]
        blame(form, refusal.field, str(refusal.message))
        return False
    except ValidationError as error:
        for field, messages in _by_field(error).items():
            for message in messages:
                blame(form, field, message)
        return False
    return True


def posted(request: HttpRequest) -> QueryDict | None:
    """The answers sent with the request, however few; None where the form is only being looked at."""
    return request.POST if request.method == "POST" else None


def blame(form: forms.BaseForm, field: str | None, message: str) -> None:
    """Say ``message`` at ``field``, or at the top of the form when the form does not ask for that field."""
    form.add_error(field if field in form.fields else None, message)


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    return error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}


def faults(form: forms.BaseForm) -> list[tuple[str, str]]:
    """Everything wrong with a bound form, in the order of its fields, as (id of the control, sentence)."""
    found = [("", str(message)) for message in form.non_field_errors()]
    for bound in form:
        found += [(_control_of(bound), str(message)) for message in bound.errors]
    return found


def _control_of(bound: forms.BoundField) -> str:
    """The id a link to the field leads to: the control, the first of several, or nothing for a hidden one."""
    if bound.is_hidden:
        return ""
    several = isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    return f"{bound.auto_id}_0" if several else bound.auto_id
