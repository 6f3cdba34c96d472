"""The official forms as data: the language in which they are declared, and one file a set of forms."""

from __future__ import annotations

from schema.forms.final_accounts import FINAL_ACCOUNTS
from schema.forms.hunan_2018 import HUNAN_2018
from schema.forms.hunan_budget import HUNAN_BUDGET
from schema.forms.jiangsu_budget import JIANGSU_BUDGET
from schema.forms.national_budget import NATIONAL_BUDGET
from schema.forms.shanghai_budget import SHANGHAI_BUDGET
from schema.forms.template import Form, TemplateSet

SETS: tuple[TemplateSet, ...] = (HUNAN_BUDGET, SHANGHAI_BUDGET, JIANGSU_BUDGET, FINAL_ACCOUNTS, NATIONAL_BUDGET)
KEPT_SETS: tuple[TemplateSet, ...] = (HUNAN_2018,)  # of forms known by title alone: cells are kept, nothing is claimed

FORMS: dict[str, Form] = {form.form_id: form for entry in SETS for form in entry.forms}
KEPT_FORMS: dict[str, Form] = {form.form_id: form for entry in KEPT_SETS for form in entry.forms}

if len(FORMS | KEPT_FORMS) != sum(len(entry.forms) for entry in SETS + KEPT_SETS):
    raise ValueError("two forms have one form_id")

_BY_NUMBER = {form.report_no: form for form in FORMS.values() if form.report_no is not None}
_SET_OF: dict[str, TemplateSet] = {form.form_id: entry for entry in SETS + KEPT_SETS for form in entry.forms}


def report_form(report_no: int) -> Form:
    """The form with this number among the 23 of Hunan; KeyError if there is none."""
    return _BY_NUMBER[report_no]


def set_of(form_id: str) -> TemplateSet:
    """The set that a form belongs to."""
    return _SET_OF[form_id]
