"""Documents and the disclosures they hold, and what was filed, form by form and cell by cell."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Sequence,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)

from schema.tables.metadata import metadata

MONEY = Numeric()  # 万元, exact; as many decimals as were printed

document = Table(
    "document",
    metadata,
    Column("division_code", Text, ForeignKey("budget.division.division_code"), primary_key=True),
    Column("document_id", BigInteger, Identity(always=True), primary_key=True),
    Column("content_hash", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("source_address", Text),
    Column("file_format", Text, nullable=False),
    Column("byte_size", BigInteger, nullable=False),
    Column("loaded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    UniqueConstraint("division_code", "content_hash"),
    schema="budget",
)

disclosure = Table(
    "disclosure",
    metadata,
    Column("division_code", Text, ForeignKey("budget.division.division_code"), primary_key=True),
    Column("disclosure_id", BigInteger, Identity(always=True), primary_key=True),
    Column("fiscal_year", SmallInteger, nullable=False),
    Column("reporting_unit_code", Text, nullable=False),
    Column("reporting_unit_name", Text, nullable=False),
    Column("stage", Text, nullable=False, server_default="budget"),
    Column("form_set_id", Text, nullable=False, server_default="hunan_budget"),
    Column("revision", SmallInteger, nullable=False),
    Column("is_current", Boolean, nullable=False),
    Column("published_on", Date),
    # the order of deliberate replacements: 0 as loaded, else the number of the load with --supersede
    Column("supersede_rank", Integer, nullable=False, server_default="0"),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("document_id", BigInteger, nullable=False),
    Column("content_hash", Text, nullable=False),
    # every cell was rounded on its own, so sums may differ by roundings; null if loaded before that was judged
    Column("is_rounded", Boolean),
    # the forms (by form_no) that print less finely than the others: their figures may differ as far as they print
    Column("coarse_forms", ARRAY(SmallInteger), nullable=False, server_default="{}"),
    # what its cover says; null where it is silent, and if it was loaded before that was kept
    Column("cover_unit_code", Text),
    Column("cover_unit_name", Text),
    Column("cover_year", SmallInteger),
    Column("cover_stage", Text),
    Column("form_count", SmallInteger, nullable=False),
    Column("cell_count", Integer, nullable=False),
    # official forms in it, and figures that have a meaning
    Column("known_form_count", SmallInteger, nullable=False, server_default="0"),
    Column("figure_count", Integer, nullable=False, server_default="0"),
    # the release of the program that read the document; null if that was before 0.2.0
    Column("read_by", Text),
    Column("loaded_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    UniqueConstraint("division_code", "fiscal_year", "reporting_unit_code", "stage", "revision"),
    UniqueConstraint("division_code", "fiscal_year", "reporting_unit_code", "stage", "content_hash"),
    Index(None, "disclosure_id"),
    Index(None, "content_hash"),
    Index(None, "fiscal_year", "reporting_unit_code"),
    schema="budget",
)

# Further documents of a disclosure: the same in another format, or its prose.
attached_document = Table(
    "attached_document",
    metadata,
    Column("division_code", Text, nullable=False),
    Column("fiscal_year", SmallInteger, nullable=False),
    Column("disclosure_id", BigInteger, nullable=False),
    Column("document_id", BigInteger, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("document_role", Text, nullable=False),
    PrimaryKeyConstraint("disclosure_id", "document_id", "fiscal_year", "division_code"),
    Index(None, "content_hash"),
    schema="budget",
)

# The official code of a unit that was known by its name first.
unit_alias = Table(
    "unit_alias",
    metadata,
    Column("division_code", Text, ForeignKey("budget.division.division_code"), primary_key=True),
    Column("provisional_code", Text, primary_key=True),
    Column("unit_code", Text, nullable=False),
    schema="budget",
)

supersede_rank = Sequence("supersede_rank", metadata=metadata, schema="budget")

form = Table(
    "form",
    metadata,
    Column("division_code", Text, nullable=False),
    Column("fiscal_year", SmallInteger, nullable=False),
    Column("disclosure_id", BigInteger, nullable=False),
    Column("form_no", SmallInteger, nullable=False),
    Column("report_no", SmallInteger),
    Column("form_id", Text),
    Column("title", Text),
    Column("subject_key", Text),
    Column("recognised_by", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("money_unit", Text, nullable=False),
    Column("note", Text),
    Column("is_empty", Boolean, nullable=False),
    # the columns that its header prints; null if the form was loaded before they were kept
    Column("header_columns", ARRAY(Text)),
    # what stands above it; null where it is silent, and if it was loaded before that was kept
    Column("heading_unit_code", Text),
    Column("heading_unit_name", Text),
    Column("heading_year", SmallInteger),
    Column("heading_stage", Text),
    PrimaryKeyConstraint("disclosure_id", "form_no", "fiscal_year", "division_code"),
    schema="filed",
)

# The units that a disclosure names, and how: budget.unit is settled from these, in whatever order they were loaded.
named_unit = Table(
    "unit",
    metadata,
    Column("division_code", Text, nullable=False),
    Column("fiscal_year", SmallInteger, nullable=False),
    Column("disclosure_id", BigInteger, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("department_code", Text, nullable=False),
    Column("unit_kind", Text),
    PrimaryKeyConstraint("disclosure_id", "unit_code", "fiscal_year", "division_code"),
    Index(None, "division_code", "fiscal_year", "department_code"),
    schema="filed",
)

# No keys here: a lookup a cell costs more than the cell, and a primary key is as large as a quarter of the cells. The
# loader writes form and cells together, each place once. The index holds a form once, not each of its cells.
cell = Table(
    "cell",
    metadata,
    # fixed widths first, the widest foremost: a row is 14 bytes shorter without gaps between them. No bigint here: an
    # entry of the index takes 8 bytes less, in what is logged for every cell, and two thousand million disclosures do
    Column("disclosure_id", Integer, nullable=False),
    Column("row_no", Integer, nullable=False),
    Column("source_row", Integer, nullable=False),
    Column("fiscal_year", SmallInteger, nullable=False),
    Column("form_no", SmallInteger, nullable=False),
    Column("column_no", SmallInteger, nullable=False),
    Column("row_span", SmallInteger, nullable=False),
    Column("column_span", SmallInteger, nullable=False),
    Column("is_ocr", Boolean, nullable=False, server_default="false"),
    Column("division_code", Text, nullable=False),
    Column("cell_text", Text, nullable=False),
    Column("report_no", SmallInteger),
    Column("form_id", Text),
    Column("row_key", Text),
    Column("row_label", Text),
    Column("column_key", Text),
    Column("column_label", Text),
    Column("amount", MONEY),
    # half of the last printed place, in 万元: the most by which rounding can have moved this figure; of a nought in a
    # form that prints less finely than others, that of the figures beside it
    Column("half_place", MONEY),
    Column("part_count", SmallInteger),
    Column("support", Text),
    Column("raw_value", Text),
    Index(None, "disclosure_id", "form_no"),
    # of the few cells that report.ocr_review and report.prior_figure ask for
    Index("cell_ocr_idx", "disclosure_id", postgresql_where=text("is_ocr")),
    Index(
        "cell_prior_idx",
        "disclosure_id",
        postgresql_where=text("strpos(column_key, '@') > 0 or strpos(column_key, '~') > 0"),
    ),
    schema="filed",
    postgresql_partition_by="LIST (fiscal_year)",
)

# What the prose around the tables states, figure by figure; a sentence with figures that was not understood has one row
# without a kind.
stated_fact = Table(
    "stated_fact",
    metadata,
    Column("division_code", Text, nullable=False),
    Column("fiscal_year", SmallInteger, nullable=False),
    Column("disclosure_id", BigInteger, nullable=False),
    Column("fact_no", Integer, nullable=False),
    # the attached document that states it; null: the document of the disclosure
    Column("document_id", BigInteger),
    Column("stated_kind", Text),
    Column("qualifier", Text),
    Column("stated_subject", Text),
    Column("measure", Text, nullable=False),
    Column("of_year", SmallInteger, nullable=False),
    # in 万元; rates and shares in per cent, a count as a number
    Column("stated_amount", Numeric),
    Column("half_place", Numeric),
    # what the other figures of the sentence make of it, and how far rounding may move that
    Column("implied_amount", Numeric),
    Column("implied_margin", Numeric),
    Column("printed_unit", Text, nullable=False),
    Column("sentence", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("source_row", Integer, nullable=False),
    PrimaryKeyConstraint("disclosure_id", "fact_no", "fiscal_year", "division_code"),
    schema="filed",
)
