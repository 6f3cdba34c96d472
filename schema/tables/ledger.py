"""The ledger: additive amounts with their coordinates, projects, and performance goals."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)

from schema.tables.disclosure import MONEY
from schema.tables.metadata import metadata

amount = Table(
    "amount",
    metadata,
    Column("division_code", Text, nullable=False),
    Column("fiscal_year", SmallInteger, nullable=False),
    Column("disclosure_id", BigInteger, nullable=False),
    Column("line_no", Integer, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("statement", Text, nullable=False),
    Column("fund_code", Text),
    Column("nature", Text),
    Column("functional_code", Text),
    Column("department_economic_code", Text),
    Column("government_economic_code", Text),
    Column("item_code", Text),
    Column("project_id", Integer),
    Column("amount", MONEY, nullable=False),
    Column("basis", Text, nullable=False),
    # the coordinates that were chosen, not shown: marts show them at their last certain level
    Column("allocated", ARRAY(Text), nullable=False, server_default="{}"),
    Column("is_rounding", Boolean, nullable=False, server_default="false"),
    Column("source_form_no", SmallInteger),
    Column("source_row_no", Integer),
    Column("source_column_no", SmallInteger),
    PrimaryKeyConstraint("disclosure_id", "line_no", "fiscal_year", "division_code"),
    # not division_code first: a plan made while the table was empty took it to find a disclosure
    Index(None, "unit_code", "division_code"),
    # the few lines of projects, which goals are held against
    Index("amount_of_project_idx", "division_code", "disclosure_id", postgresql_where=text("project_id is not null")),
    schema="budget",
    postgresql_partition_by="LIST (fiscal_year)",
)

# What the facts of mart show: the lines of budget.current_amount of budgets, at their last certain level, as
# internal.settle_facts keeps them. Fixed widths and what sums are made by first: they are read fastest.
stored_fact = Table(
    "stored_fact",
    metadata,
    Column("disclosure_id", BigInteger, nullable=False),
    Column("line_no", Integer, nullable=False),
    Column("fiscal_year", SmallInteger, nullable=False),
    Column("is_unit_allocated", Boolean, nullable=False),
    Column("is_nature_allocated", Boolean, nullable=False),
    Column("is_function_allocated", Boolean, nullable=False),
    # a remainder that only balances forms
    Column("is_remainder", Boolean, nullable=False),
    Column("division_code", Text, nullable=False),
    Column("statement", Text, nullable=False),
    Column("amount", Numeric(18, 6), nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("functional_class", Text),
    Column("nature", Text),
    Column("functional_code", Text),
    Column("department_economic_class", Text),
    Column("fund_class", Text),
    Column("fund_code", Text),
    Column("department_economic_code", Text),
    Column("government_economic_class", Text),
    Column("government_economic_code", Text),
    Column("item_code", Text),
    Column("basis", Text, nullable=False),
    Column("reporting_unit_code", Text, nullable=False),
    Column("project_id", Integer),
    Column("source_row_no", Integer),
    Column("source_form_no", SmallInteger),
    Column("source_column_no", SmallInteger),
    PrimaryKeyConstraint("disclosure_id", "line_no", "fiscal_year", "division_code"),
    # what a division spends or receives is read without the lines of the others
    Index(None, "division_code", "statement"),
    schema="internal",
    postgresql_partition_by="LIST (fiscal_year)",
)

# What units spend by subject, by disclosure: sums of the stored facts of expenditure for the views that compare years,
# which internal.settle_facts keeps, too. is_allocated: no form tells the unit or the 类 of a part of it. Without a key:
# a subject may be null.
stored_spending = Table(
    "stored_spending",
    metadata,
    Column("disclosure_id", BigInteger, nullable=False),
    Column("fiscal_year", SmallInteger, nullable=False),
    Column("is_allocated", Boolean, nullable=False),
    Column("division_code", Text, nullable=False),
    Column("amount", Numeric(18, 6), nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("functional_class", Text),
    Column("functional_code", Text),
    Column("department_economic_class", Text),
    Index(None, "division_code", "disclosure_id"),
    schema="internal",
    postgresql_partition_by="LIST (fiscal_year)",
)

# Where documents of a department and of its units overlap: what does not count, because another one holds it.
covered_part = Table(
    "covered_part",
    metadata,
    Column("division_code", Text, nullable=False),
    Column("fiscal_year", SmallInteger, nullable=False),
    Column("disclosure_id", BigInteger, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("statement", Text, nullable=False),
    Column("department_code", Text, nullable=False),
    PrimaryKeyConstraint("disclosure_id", "unit_code", "statement", "fiscal_year", "division_code"),
    Index(None, "division_code", "fiscal_year", "department_code"),
    schema="budget",
)

project = Table(
    "project",
    metadata,
    Column("division_code", Text, nullable=False),
    Column("fiscal_year", SmallInteger, nullable=False),
    Column("disclosure_id", BigInteger, nullable=False),
    Column("project_id", Integer, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("project_name", Text, nullable=False),
    Column("project_category", Text),
    Column("project_period", Text),
    PrimaryKeyConstraint("fiscal_year", "division_code", "disclosure_id", "project_id"),  # a year is read alone
    schema="budget",
)

performance_goal = Table(
    "performance_goal",
    metadata,
    Column("division_code", Text, nullable=False),
    Column("fiscal_year", SmallInteger, nullable=False),
    Column("disclosure_id", BigInteger, nullable=False),
    Column("goal_no", SmallInteger, nullable=False),
    Column("form_id", Text, nullable=False),
    Column("unit_code", Text, nullable=False),
    Column("project_id", Integer),  # null: the goal of the whole department (整体支出)
    Column("subject_key", Text, nullable=False),
    Column("goal_text", Text),
    # whether marts show it, as internal.settle_goals keeps it
    Column("is_counted", Boolean, nullable=False, server_default="false"),
    PrimaryKeyConstraint("fiscal_year", "division_code", "disclosure_id", "goal_no"),  # a year is read alone
    schema="budget",
)

performance_task = Table(
    "performance_task",
    metadata,
    Column("division_code", Text, nullable=False),
    Column("fiscal_year", SmallInteger, nullable=False),
    Column("disclosure_id", BigInteger, nullable=False),
    Column("goal_no", SmallInteger, nullable=False),
    Column("task_no", SmallInteger, nullable=False),
    Column("task_name", Text, nullable=False),
    Column("task_content", Text),
    PrimaryKeyConstraint("disclosure_id", "goal_no", "task_no", "fiscal_year", "division_code"),
    schema="budget",
)

performance_indicator = Table(
    "performance_indicator",
    metadata,
    Column("division_code", Text, nullable=False),
    Column("fiscal_year", SmallInteger, nullable=False),
    Column("disclosure_id", BigInteger, nullable=False),
    Column("goal_no", SmallInteger, nullable=False),
    Column("indicator_no", SmallInteger, nullable=False),
    Column("level1_name", Text),
    Column("level2_name", Text),
    Column("level3_name", Text),
    # ≤ ≥ = < > where the target is a number; null where it is a quality
    Column("target_operator", Text),
    Column("target_number", Numeric),
    Column("target_measure", Text),
    Column("target_value", Text),
    Column("target_text", Text),
    Column("target_type", Text),
    Column("indicator_note", Text),
    PrimaryKeyConstraint("disclosure_id", "goal_no", "indicator_no", "fiscal_year", "division_code"),
    schema="budget",
)
