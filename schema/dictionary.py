"""One dictionary of all tables, views and fields: the Chinese and the English comment of each.

A field means the same wherever it stands, so it is described once. Columns of the reports are described by the form
templates.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files

from schema.forms import report_form
from schema.forms.template import Role
from schema.report_columns import report_labels


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
        """The comment of a table or view; KeyError where the dictionary lacks it."""
        if number := _report_no(schema, name):
            return f"{report_form(number).title} / form {number}, rebuilt from the ledger"
        return self.relations[f"{schema}.{name}"]

    def column(self, schema: str, relation: str, column: str) -> str:
        """The comment of a column; KeyError where neither the dictionary nor a template describes it."""
        number = _report_no(schema, relation)
        if number:
            labels = report_labels(report_form(number))
            by_label = {label: column_id for column_id, label in labels.items()}
            column_id = by_label.get(column, column)
            if column_id in self.fields and column_id not in {c.id for c in report_form(number).columns}:
                return self.fields[column_id]
            label = labels[column_id]
            money = column_id.endswith("_amount") or any(
                c.id == column_id and c.role is Role.MONEY for c in report_form(number).columns
            )
            return f"{label}（万元）" if money else label
        return self.fields[column]


def _report_no(schema: str, relation: str) -> int | None:
    if schema == "report" and relation[0] == "r" and relation[1:].isdigit():
        return int(relation[1:])
    if schema == "report_zh" and relation[:2].isdigit():
        return int(relation[:2])
    return None
