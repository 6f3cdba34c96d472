"""The columns of the report views and their Chinese labels, from the form templates."""

from __future__ import annotations

from schema.forms.template import Form

LEADING_COLUMNS = {
    "disclosure_id": "公开文件编号",
    "division_code": "行政区划代码",
    "fiscal_year": "预算年度",
    "reporting_unit_code": "填报单位编码",
    "row_no": "行号",
    "row_level": "行级次",
    "is_leaf": "是否末级",
    "row_key": "行标识",
}


def report_labels(form: Form) -> dict[str, str]:
    """Column of ``report.rNN`` → its Chinese label, unique and within 63 bytes, in the order of the view."""
    labels = dict(LEADING_COLUMNS)
    if form.lists:
        for line_list in form.lists:
            labels[f"{line_list.id}_item"] = line_list.label
            for amount in line_list.amounts:
                labels[f"{amount.id}_amount"] = line_list.amount_label(amount)
    else:
        if form.sheet is not None:
            labels |= {"item": "栏目"}
        for column in form.columns:
            labels[column.id] = column.label
    for column_id, label in labels.items():
        while len(label.encode()) > 63:
            label = label.split("-", 1)[1] if "-" in label else label[:20]
        labels[column_id] = label
    return labels
