"""Divisions, units and subject codes: what every disclosure refers to."""

from sqlalchemy import ARRAY, Boolean, Column, ForeignKey, Integer, SmallInteger, Table, Text, text

from schema.tables.metadata import metadata

# the coordinates on which rules select, in the order of their columns
RULE_COORDINATES = ("fund", "nature", "functional", "department_economic", "government_economic", "item")

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
    # agency (行政机关), institution (事业单位) or mixed, as its money shows; null if no form shows it
    Column("unit_kind", Text),
    schema="budget",
)

# Successors of units (`hetang units --succession`): the old unit's money is the new one's from that year on.
# A split unit has several rows.
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

# The subjects as each year with disclosures knows them, settled by budget.settle_subjects: dimensions that a planner
# can count. Class is the 类, of functions also the 款 (group); of funds the first two digits.
subject_of_year = Table(
    "subject_of_year",
    metadata,
    Column("fiscal_year", SmallInteger, primary_key=True),
    Column("scheme", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("subject_name", Text, nullable=False),
    Column("class_code", Text, nullable=False),
    Column("class_name", Text),
    Column("group_code", Text),
    Column("group_name", Text),
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

# What follows says in rows what schema/forms declares: SQL knows a form by nothing else.

form_set = Table(
    "form_set",
    metadata,
    Column("set_id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("divisions", ARRAY(Text), nullable=False),
    Column("first_year", SmallInteger, nullable=False),
    Column("last_year", SmallInteger, nullable=False),
    Column("stage", Text, nullable=False),
    schema="meta",
)

# What the rows of a form are: units or not, and which subject (coordinate) beneath them.
form_template = Table(
    "form_template",
    metadata,
    Column("form_id", Text, primary_key=True),
    Column("set_id", Text, nullable=False),
    Column("form_order", SmallInteger, nullable=False),
    Column("report_no", SmallInteger),
    Column("title", Text, nullable=False),
    Column("short_title", Text, nullable=False),
    Column("layout", Text, nullable=False),
    Column("is_by_unit", Boolean, nullable=False),
    Column("subject", Text),
    Column("total_key", Text),
    Column("total_label", Text),
    Column("total_column", Text),
    Column("total_is_last", Boolean, nullable=False),
    Column("unprinted_levels", ARRAY(SmallInteger), nullable=False),
    Column("is_optional", Boolean, nullable=False, server_default="false"),
    Column("variant_of", Text),  # the form that it replaces
    schema="meta",
)

# The fixed lines of lists, so that the views can print them in official order and wording.
form_line = Table(
    "form_line",
    metadata,
    Column("form_id", Text, primary_key=True),
    Column("list_key", Text, primary_key=True),
    Column("line_no", SmallInteger, primary_key=True),
    Column("report_no", SmallInteger),
    Column("row_key", Text, nullable=False),
    Column("row_label", Text, nullable=False),
    Column("row_level", SmallInteger, nullable=False),
    Column("is_leaf", Boolean, nullable=False),
    Column("is_optional", Boolean, nullable=False, server_default=text("false")),
    # the lines, or rows, printed directly beneath a sum
    Column("parts", ARRAY(Text), nullable=False, server_default="{}"),
    schema="meta",
)

# The columns, those of amounts in lists among them; list_key says of which list, or "sums" if some rows of the form
# add up others.
form_column = Table(
    "form_column",
    metadata,
    Column("form_id", Text, primary_key=True),
    Column("column_no", Integer, primary_key=True),
    Column("report_no", SmallInteger),
    Column("list_key", Text),
    Column("column_key", Text, nullable=False),
    Column("column_label", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("is_leaf", Boolean, nullable=False),
    Column("is_optional", Boolean, nullable=False, server_default=text("false")),
    # the columns printed directly beneath a sum
    Column("parts", ARRAY(Text), nullable=False, server_default="{}"),
    schema="meta",
)

# Which ledger lines a figure adds up. A figure with several rules adds up the lines of each.
form_rule = Table(
    "form_rule",
    metadata,
    Column("form_id", Text, primary_key=True),
    Column("rule_no", SmallInteger, primary_key=True),
    Column("set_id", Text, nullable=False),
    Column("report_no", SmallInteger),
    Column("line_key", Text),
    Column("column_key", Text, nullable=False),
    Column("statement", Text, nullable=False),
    Column("found_by", Text, nullable=False),
    *(Column(f"{name}_patterns", ARRAY(Text)) for name in RULE_COORDINATES),
    schema="meta",
)

# What a figure means: figures of one selection are the same figure in all forms. A code that is selected alone is
# stored separately, because in other forms it is the code of a row.
form_selection = Table(
    "form_selection",
    metadata,
    Column("form_id", Text, primary_key=True),
    Column("selection_no", SmallInteger, primary_key=True),
    Column("line_key", Text),
    Column("column_key", Text, nullable=False),
    Column("selection", Text, nullable=False),
    Column("functional_code", Text),
    Column("department_economic_code", Text),
    Column("government_economic_code", Text),
    # whether it holds for the rows of single codes, too
    Column("is_by_subject", Boolean, nullable=False),
    schema="meta",
)

managed_function = Table(
    "managed_function",
    metadata,
    Column("function_schema", Text, primary_key=True),
    Column("function_name", Text, primary_key=True),
    Column("definition_hash", Text, nullable=False),
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

# What tables, views and columns are: schema/dictionary.csv and the declarations of the forms, written by every upgrade.
# The relation itself has position 0.
data_dictionary = Table(
    "data_dictionary",
    metadata,
    Column("schema_name", Text, primary_key=True),
    Column("relation_name", Text, primary_key=True),
    Column("position", SmallInteger, primary_key=True),
    Column("column_name", Text),
    Column("label", Text, nullable=False),  # the comment in Postgres
    Column("english", Text, nullable=False),
    Column("meaning", Text),
    Column("money_unit", Text),  # 万元, null if the column holds no amounts
    Column("keys", Text),  # of a relation: the columns that identify a row
    Column("joins", Text),
    Column("nulls", Text),
    Column("sums", Text),  # of a relation: whether its amounts may be added up
    schema="meta",
)

# How much a kind of finding matters, and its wording with named places; see schema/codes/finding_kinds.py.
finding_kind = Table(
    "finding_kind",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("severity", Text, nullable=False),  # error, warning or note
    Column("wording_zh", Text, nullable=False),
    Column("wording_en", Text, nullable=False),
    Column("meaning_zh", Text, nullable=False),
    Column("meaning_en", Text, nullable=False),
    schema="meta",
)

# The rules that documents are checked by, each a view of the schema "rule"; see schema/codes/rule.csv.
rule = Table(
    "rule",
    metadata,
    Column("rule", Text, primary_key=True),
    Column("rule_order", SmallInteger, nullable=False),
    Column("severity", Text, nullable=False),  # error, warning or note
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("meaning_zh", Text, nullable=False),
    Column("meaning_en", Text, nullable=False),
    Column("source", Text, nullable=False),
    schema="meta",
)
