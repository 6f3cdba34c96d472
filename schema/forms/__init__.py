"""The official forms as data: the language in which they are declared, and one file a set of forms."""

from __future__ import annotations

from schema.forms.hunan_budget import HUNAN_BUDGET
from schema.forms.template import Form, TemplateSet

SETS: tuple[TemplateSet, ...] = (HUNAN_BUDGET,)

FORMS: dict[str, Form] = {form.form_id: form for entry in SETS for form in entry.forms}

if len(FORMS) != sum(len(entry.forms) for entry in SETS):
    raise ValueError("two forms have one form_id")
