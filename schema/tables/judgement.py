"""Loads, findings and the stored results of the comparison."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from schema.tables.disclosure import MONEY
from schema.tables.metadata import metadata

load = Table(
    "load",
    metadata,
    Column("division_code", Text, nullable=False),
    Column("load_id", BigInteger, Identity(always=True), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("content_hash", Text),
    Column("outcome", Text, nullable=False),
    Column("message", Text),
    Column("loaded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    PrimaryKeyConstraint("division_code", "load_id"),
    schema="meta",
)

finding = Table(
    "finding",
    metadata,
    Column("division_code", Text, nullable=False),
    Column("fiscal_year", SmallInteger, nullable=False),
    Column("disclosure_id", BigInteger, nullable=False),
    Column("finding_no", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    # what the wording of the kind shows; a finding from before 0003 has its message instead
    Column("values", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("message", Text),
    Column("form_no", SmallInteger),
    Column("form_id", Text),
    Column("report_no", SmallInteger),
    Column("source_row", Integer),
    Column("column_no", SmallInteger),
    PrimaryKeyConstraint("fiscal_year", "division_code", "disclosure_id", "finding_no"),  # a year is read alone
    schema="meta",
)

# The cells of which the comparison says more than that they are equal, which follows from the cell alone.
comparison_exception = Table(
    "comparison_exception",
    metadata,
    Column("division_code", Text, nullable=False),
    Column("fiscal_year", SmallInteger, nullable=False),
    Column("disclosure_id", BigInteger, nullable=False),
    Column("exception_no", Integer, nullable=False),
    # the filed cell; null if the form prints none
    Column("form_no", SmallInteger),
    Column("row_no", Integer),
    Column("column_no", SmallInteger),
    Column("form_id", Text, nullable=False),
    Column("report_no", SmallInteger),
    Column("row_key", Text, nullable=False),
    Column("row_label", Text),
    Column("column_key", Text, nullable=False),
    Column("column_label", Text),
    Column("filed", MONEY),
    Column("rebuilt", MONEY),
    Column("difference", MONEY),
    Column("tolerance", MONEY),
    Column("status", Text, nullable=False),
    Column("support", Text),
    Column("filed_text", Text),
    Column("rebuilt_text", Text),
    PrimaryKeyConstraint("disclosure_id", "exception_no", "fiscal_year", "division_code"),
    Index(
        "comparison_exception_differs_idx",
        "division_code",
        "fiscal_year",
        "disclosure_id",
        postgresql_where="status = 'differs'",
    ),
    schema="internal",
)

comparison_count = Table(
    "comparison_count",
    metadata,
    Column("division_code", Text, nullable=False),
    Column("fiscal_year", SmallInteger, nullable=False),
    Column("disclosure_id", BigInteger, nullable=False),
    Column("form_id", Text, nullable=False),
    Column("cell_count_equal", BigInteger, nullable=False),
    Column("cell_count_rounding", BigInteger, nullable=False),
    Column("cell_count_differs", BigInteger, nullable=False),
    Column("cell_count_not_filed", BigInteger, nullable=False),
    PrimaryKeyConstraint("disclosure_id", "form_id", "fiscal_year", "division_code"),
    schema="internal",
)

# What a person says of a failed rule or a finding, kept by what stays the same from revision to revision. The figures
# are those that it is about: an answer counts as long as they are the same. A column of the key that says nothing is
# empty.
answer = Table(
    "answer",
    metadata,
    Column("division_code", Text, nullable=False),
    Column("fiscal_year", SmallInteger, nullable=False),
    Column("reporting_unit_code", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("rule", Text, nullable=False),  # or the kind of a finding
    Column("form_id", Text, nullable=False),
    Column("row_key", Text, nullable=False),
    Column("column_key", Text, nullable=False),
    Column("figure", MONEY),
    Column("expected", MONEY),
    Column("figure_text", Text),
    Column("expected_text", Text),
    Column("answer", Text, nullable=False),  # wrong, explained or accepted
    Column("note", Text),
    Column("answered_by", Text, nullable=False),
    Column("answered_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    PrimaryKeyConstraint(
        "division_code",
        "fiscal_year",
        "reporting_unit_code",
        "stage",
        "rule",
        "form_id",
        "row_key",
        "column_key",
    ),
    schema="meta",
)
