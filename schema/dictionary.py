"""The dictionary of all tables, views and fields: Chinese label and meaning.

A field means the same everywhere, so it is described once. Columns of the forms are described by their declarations.
The labels become comments in Postgres, which BI tools show as names; everything else is in ``meta.data_dictionary``.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from importlib.resources import files

from schema.forms import FORMS
from schema.forms.template import Form
from schema.report_columns import (
    DISTRICT_COLUMNS,
    LEADING_COLUMNS,
    OF_DISCLOSURE,
    chinese_columns,
    chinese_name,
    comment_labels,
)

LONGEST_LABEL = 20  # characters
_MONEY = "万元"
_SUMS = {
    "report": "不可加总：合计与小计都是行，部门与单位的文件重叠；求和请用 district 或 mart",
    "report_zh": "不可加总：合计与小计都是行，部门与单位的文件重叠；求和请用 district 或 mart",
    "district": "不可再加总：合计与小计都是行；合计行即全区合计，每笔金额只计一次",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry of a table, view or column.

    ``label`` is Chinese, at most 20 characters, with the money unit. ``keys`` are the columns that identify a row,
    ``joins`` the columns that a column joins to. ``nulls`` is the meaning of null, ``sums`` whether amounts may be
    added up.
    """

    label: str
    english: str
    meaning: str = ""
    keys: str = ""
    joins: str = ""
    nulls: str = ""
    sums: str = ""

    @property
    def is_money(self) -> bool:
        """Whether the column holds amounts."""
        return _MONEY in self.label


@dataclass(frozen=True)
class Dictionary:
    """All entries. ``relations``: qualified name → entry; ``fields``: column name → entry."""

    relations: dict[str, Entry]
    fields: dict[str, Entry]

    @classmethod
    def load(cls) -> Dictionary:
        """Read ``dictionary.csv``; the columns after the English one are optional."""
        relations: dict[str, Entry] = {}
        fields: dict[str, Entry] = {}
        content = files("schema").joinpath("dictionary.csv").read_text(encoding="utf-8")
        for row in csv.DictReader(content.splitlines(), restval=""):
            target = relations if row["kind"] == "relation" else fields
            told = (row[name] for name in ("zh", "en", "meaning", "keys", "joins", "nulls", "sums"))
            target[row["name"]] = Entry(*told)
        return cls(relations, fields)

    def relation(self, schema: str, name: str) -> Entry:
        """The entry of a table or view; KeyError if the dictionary lacks it."""
        form = _form_of(schema, name)
        if form is None:
            return self.relations[f"{schema}.{name}"]
        if schema == "district":
            label, english = f"全区合计：{form.short_title}", f"form {form.form_id} for all units together"
            keys = "division_code, fiscal_year, stage, row_no"
        else:
            label, english = f"不可加总：{form.short_title}", f"form {form.form_id}, rebuilt from the ledger"
            keys = "公开文件编号, 行号" if schema == "report_zh" else "disclosure_id, row_no"
        return Entry(label, english, form.title, keys, sums=_SUMS[schema])

    def column(self, schema: str, relation: str, column: str) -> Entry:
        """The entry of a column. KeyError if neither the dictionary nor a declaration describes it.

        Chinese column names are their own labels, because some tools show the comment as the name of the field.
        """
        form = _form_of(schema, relation)
        if form is None:
            entry = self.fields[column]
            return replace(entry, label=column) if schema == "mart_zh" else entry
        if schema == "report_zh":
            by_name = {name: column_id for column_id, name in chinese_columns(form).items()}
            column = by_name[column]
        if column in self.fields and column in (LEADING_COLUMNS | DISTRICT_COLUMNS | OF_DISCLOSURE):
            return self.fields[column]
        label = comment_labels(form)[column]
        nulls = "该栏没有金额；不同于0.00" if _MONEY in label else ""
        return Entry(label, column.replace("_", " "), nulls=nulls)


def _form_of(schema: str, relation: str) -> Form | None:
    """The form that a view rebuilds, None for other views."""
    if schema in ("report", "district"):
        return FORMS.get(relation)
    if schema == "report_zh":
        return next((form for form in FORMS.values() if chinese_name(form) == relation), None)
    return None
