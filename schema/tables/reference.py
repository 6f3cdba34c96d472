"""Divisions, units and subject codes: what every disclosure refers to."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, SmallInteger, Table, Text, text

from schema.tables.metadata import metadata

division = Table(
    "division",
    metadata,
    Column("division_code", Text, primary_key=True),
    Column("division_name", Text, nullable=False),
    schema="budget",
)

unit = Table(
    "unit",
    metadata,
    Column("division_code", Text, ForeignKey("budget.division.division_code"), primary_key=True),
    Column("unit_code", Text, primary_key=True),
    Column("fiscal_year", SmallInteger, primary_key=True),
    Column("unit_name", Text, nullable=False),
    Column("department_code", Text, nullable=False),
    Column("is_department", Boolean, nullable=False),
    # agency (行政机关), institution (事业单位) or mixed, as its money shows; null where no form tells
    Column("unit_kind", Text),
    schema="budget",
)

# What became of units between the years, as far as somebody has told (`hetang units --succession`): the old unit's
# money is the new one's from that year on. Of a split unit there are several rows.
unit_succession = Table(
    "unit_succession",
    metadata,
    Column("division_code", Text, ForeignKey("budget.division.division_code"), primary_key=True),
    Column("from_year", SmallInteger, primary_key=True),
    Column("old_unit_code", Text, primary_key=True),
    Column("new_unit_code", Text, primary_key=True),
    Column("succession", Text, nullable=False),  # renamed, merged, split or transferred
    Column("note", Text),
    Column("source", Text),
    schema="budget",
)

# Codes change meaning over the years, so a subject is keyed by scheme, code and the first year of validity.
subject = Table(
    "subject",
    metadata,
    Column("scheme", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("first_year", SmallInteger, primary_key=True),
    Column("last_year", SmallInteger, nullable=False),
    Column("subject_name", Text, nullable=False),
    Column("parent_code", Text),
    Column("level", SmallInteger, nullable=False),
    Column("source", Text, nullable=False),
    schema="budget",
)

subject_alias = Table(
    "subject_alias",
    metadata,
    Column("scheme", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("alias", Text, primary_key=True),
    Column("source", Text, nullable=False),
    schema="budget",
)

economic_crosswalk = Table(
    "economic_crosswalk",
    metadata,
    Column("unit_kind", Text, primary_key=True),
    Column("department_economic_code", Text, primary_key=True),
    Column("government_economic_code", Text, primary_key=True),
    Column("is_official", Boolean, nullable=False),
    Column("source", Text, nullable=False),
    schema="budget",
)

# The fixed lines of forms 1 and 6, so that the views can print them in official order and wording.
form_line = Table(
    "form_line",
    metadata,
    Column("report_no", SmallInteger, primary_key=True),
    Column("list_key", Text, primary_key=True),
    Column("line_no", SmallInteger, primary_key=True),
    Column("row_key", Text, nullable=False),
    Column("row_label", Text, nullable=False),
    Column("row_level", SmallInteger, nullable=False),
    Column("is_leaf", Boolean, nullable=False),
    Column("is_optional", Boolean, nullable=False, server_default=text("false")),
    schema="meta",
)

form_template = Table(
    "form_template",
    metadata,
    Column("report_no", SmallInteger, primary_key=True),
    Column("title", Text, nullable=False),
    Column("short_title", Text, nullable=False),
    Column("layout", Text, nullable=False),
    schema="meta",
)

form_column = Table(
    "form_column",
    metadata,
    Column("report_no", SmallInteger, primary_key=True),
    Column("column_no", Integer, primary_key=True),
    Column("column_key", Text, nullable=False),
    Column("column_label", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("is_leaf", Boolean, nullable=False),
    schema="meta",
)

managed_view = Table(
    "managed_view",
    metadata,
    Column("position", Integer, primary_key=True),
    Column("view_schema", Text, nullable=False),
    Column("view_name", Text, nullable=False),
    Column("definition_hash", Text, nullable=False),
    schema="meta",
)
