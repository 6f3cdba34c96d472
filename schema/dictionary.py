"""One dictionary of all tables, views and fields: the Chinese and the English comment of each.

A field means the same wherever it stands, so it is described once. Columns of the reports are described by the form
templates.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files

from schema.forms import FORMS
from schema.forms.template import Form, Role
from schema.report_columns import COUNTED, chinese_name, report_labels


@dataclass(frozen=True)
class Dictionary:
    """``relations``: qualified name → comment; ``fields``: column name → comment."""

    relations: dict[str, str]
    fields: dict[str, str]

    @classmethod
    def load(cls) -> Dictionary:
        """Read ``dictionary.csv``."""
        relations: dict[str, str] = {}
        fields: dict[str, str] = {}
        content = files("schema").joinpath("dictionary.csv").read_text(encoding="utf-8")
        for row in csv.DictReader(content.splitlines()):
            target = relations if row["kind"] == "relation" else fields
            target[row["name"]] = f"{row['zh']} / {row['en']}"
        return cls(relations, fields)

    def relation(self, schema: str, name: str) -> str:
        """The comment of a table or view; KeyError if the dictionary lacks it."""
        if form := _form_of(schema, name):
            if schema == "district":
                return f"{form.title}，全区合计 / form {form.form_id} for all units together, each yuan once"
            return f"{form.title} / form {form.form_id}, rebuilt from the ledger"
        return self.relations[f"{schema}.{name}"]

    def column(self, schema: str, relation: str, column: str) -> str:
        """The comment of a column; KeyError if neither the dictionary nor a declaration describes it."""
        if schema == "mart_zh":
            return column  # some tools take the comment for the name of the field
        form = _form_of(schema, relation)
        if form is None:
            return self.fields[column]
        labels = report_labels(form) | COUNTED
        column_id = {label: column_id for column_id, label in labels.items()}.get(column, column)
        declared = {c.id: c for c in form.columns}
        if column_id in self.fields and column_id not in declared:
            return self.fields[column_id]
        label = labels[column_id]
        is_money = declared[column_id].role is Role.MONEY if column_id in declared else column_id.endswith("_amount")
        return f"{label}（万元）" if is_money else label


def _form_of(schema: str, relation: str) -> Form | None:
    """The form that a view rebuilds."""
    if schema in ("report", "district"):
        return FORMS.get(relation)
    if schema == "report_zh":
        return next((form for form in FORMS.values() if chinese_name(form) == relation), None)
    return None
