"""A bundle for import in Superset: the wide views of ``mart_zh`` as datasets, and a dashboard of the district.

Datasets are built from ``meta.data_dictionary``: labels, the time column, and sums where amounts may be added up. Ids
are derived from names, so that importing again creates no duplicates. The format is that of Superset's exports (version
1.0.0). Its files are YAML; JSON is valid YAML.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import psycopg

SCHEMA = "mart_zh"
DATABASE = "部门预算公开"
DASHBOARD = "全区部门预算"
MASKED = "X" * 10  # if the password is this text, Superset asks for it
COUNT = "行数"

_VERSION = "1.0.0"
_TIME_COLUMN = "年度日期"
_ADDS_UP = "可加总"
_COLUMNS = """
    select
        entry.relation_name,
        entry.column_name,
        entry.label,
        coalesce(entry.meaning, '') as meaning,
        coalesce(entry.money_unit, '') as money_unit,
        coalesce(relation.label, '') as relation_label,
        coalesce(relation.sums, '') as sums,
        format_type(attribute.atttypid, attribute.atttypmod) as type
    from meta.data_dictionary as entry
    inner join meta.data_dictionary as relation
        on relation.schema_name = entry.schema_name
        and relation.relation_name = entry.relation_name
        and relation.column_name is null
    inner join pg_attribute as attribute
        on attribute.attrelid = format('%%I.%%I', entry.schema_name, entry.relation_name)::regclass
        and attribute.attname = entry.column_name
    where entry.schema_name = %s
    order by entry.relation_name, entry.position
"""


@dataclass(frozen=True, slots=True)
class _Chart:
    """A chart of the dashboard. It groups by the columns ``by`` and shows the sums of the columns ``values``."""

    name: str
    dataset: str
    kind: str
    by: tuple[str, ...] = ()
    values: tuple[str, ...] = ("金额_万元",)
    width: int = 6
    height: int = 75  # room for twenty names
    limit: int = 1000  # rows, the greatest values first

    @property
    def key(self) -> str:
        return _id("chart", self.name)


_ROWS = (
    (
        _Chart("支出合计（万元）", "支出明细", "big_number_total", width=3, height=20),
        _Chart("收入合计（万元）", "收入明细", "big_number_total", width=3, height=20),
        _Chart("三公经费合计（万元）", "三公经费明细", "big_number_total", width=3, height=20),
        _Chart("不符的单元格", "比对汇总", "big_number_total", values=("不符格数",), width=3, height=20),
    ),
    (
        _Chart("支出最多的20个单位（万元）", "支出明细", "echarts_timeseries_bar", ("单位",), limit=20),
        _Chart("三公经费最多的20个单位（万元）", "三公经费明细", "echarts_timeseries_bar", ("单位",), limit=20),
    ),
    (
        _Chart("支出按功能分类（万元）", "支出明细", "echarts_timeseries_bar", ("功能分类类",)),
        _Chart("支出按部门经济分类（万元）", "支出明细", "pie", ("部门经济分类类",)),
    ),
    (
        _Chart(
            "公开数与还原数比对",
            "比对汇总",
            "table",
            ("公开单位", "报表"),
            values=("不符格数", "未公开格数", "舍入格数", "一致格数"),
            width=12,
        ),
    ),
)
_CHARTS = tuple(chart for row in _ROWS for chart in row)
# Filter → the dataset with its values. Charts are out of its scope if their dataset lacks the column.
_FILTERS = {
    "年度": "支出明细",
    "行政区划代码": "支出明细",
    "部门": "支出明细",
    "单位": "支出明细",
    "公开单位": "比对汇总",
}
_WITHIN = {"部门": "行政区划代码", "单位": "部门", "公开单位": "行政区划代码"}  # the second narrows the first


def superset_bundle(connection: psycopg.Connection, address: str) -> bytes:
    """The bundle as a zip file, the same for the same schema and address.

    ``address`` is the ``postgresql://`` address to which Superset connects. The file contains it unchanged, so use
    ``masked`` first if the file must not contain the password.
    """
    datasets = _datasets(connection)
    files: dict[str, dict[str, Any]] = {
        "metadata.yaml": {"version": _VERSION, "type": "Dashboard"},
        f"databases/{DATABASE}.yaml": _database(address),
    }
    files |= {f"datasets/{DATABASE}/{name}.yaml": dataset for name, dataset in datasets.items()}
    files |= {f"charts/{chart.name}.yaml": _chart(chart, datasets[chart.dataset]) for chart in _CHARTS}
    files[f"dashboards/{DASHBOARD}.yaml"] = _dashboard(datasets)
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as bundle:
        for path, content_of in files.items():
            # entries without the time of day, so that the same bundle has the same bytes
            entry = ZipInfo(f"hetang/{path}")
            entry.compress_type = ZIP_DEFLATED
            bundle.writestr(entry, json.dumps(content_of, ensure_ascii=False, indent=1))
    return content.getvalue()


def masked(address: str) -> str:
    """The address with a mask instead of the password. Superset asks for it during the import."""
    parts = urlsplit(address)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(parts.username or '', safe='%')}:{MASKED}@{place}"))


def _id(kind: str, name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"hetang/superset/{kind}/{name}"))


def _database(address: str) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "uuid": _id("database", DATABASE),
        "database_name": DATABASE,
        "sqlalchemy_uri": address,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "extra": {},
    }


def _datasets(connection: psycopg.Connection) -> dict[str, dict[str, Any]]:
    """View → its dataset."""
    with connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        rows = cursor.execute(_COLUMNS, (SCHEMA,)).fetchall()
    return {
        name: _dataset(name, list(columns))
        for name, columns in groupby(rows, key=lambda row: str(row["relation_name"]))
    }


def _dataset(name: str, columns: list[dict[str, Any]]) -> dict[str, Any]:
    has_time = any(column["column_name"] == _TIME_COLUMN for column in columns)
    return {
        "version": _VERSION,
        "uuid": _id("dataset", f"{SCHEMA}.{name}"),
        "database_uuid": _id("database", DATABASE),
        "table_name": name,
        "schema": SCHEMA,
        "description": "：".join(filter(None, (columns[0]["relation_label"], columns[0]["sums"]))),
        "main_dttm_col": _TIME_COLUMN if has_time else None,
        "filter_select_enabled": True,
        "columns": [
            {
                "column_name": column["column_name"],
                "verbose_name": column["label"],
                "description": column["meaning"],
                "type": column["type"].upper(),
                "is_dttm": column["column_name"] == _TIME_COLUMN,
                "is_active": True,
                "groupby": not column["money_unit"],
                "filterable": True,
            }
            for column in columns
        ],
        "metrics": [
            {"metric_name": COUNT, "verbose_name": COUNT, "metric_type": "count", "expression": "count(*)"},
            *(
                {
                    "metric_name": _sum_of(column["column_name"]),
                    "verbose_name": _sum_of(column["label"]),
                    "metric_type": "sum",
                    "expression": f'sum("{column["column_name"]}")',
                    "d3format": ",.2f",
                }
                for column in columns
                if column["money_unit"] and column["sums"] == _ADDS_UP
            ),
        ],
    }


def _sum_of(column: str) -> str:
    return f"合计_{column}"


def _chart(chart: _Chart, dataset: dict[str, Any]) -> dict[str, Any]:
    known = {metric["metric_name"] for metric in dataset["metrics"]}
    metrics = [_sum_of(value) if _sum_of(value) in known else _count_of_cells(value) for value in chart.values]
    return {
        "version": _VERSION,
        "uuid": chart.key,
        "dataset_uuid": dataset["uuid"],
        "slice_name": chart.name,
        "viz_type": chart.kind,
        "params": {"viz_type": chart.kind, "adhoc_filters": [], "row_limit": chart.limit, **_shown(chart, metrics)},
    }


def _count_of_cells(column: str) -> dict[str, Any]:
    """A sum defined in the chart, over numbers that are not money."""
    return {
        "expressionType": "SIMPLE",
        "column": {"column_name": column},
        "aggregate": "SUM",
        "label": column,
        "hasCustomLabel": True,
        "optionName": f"metric_{_id('metric', column)}",
    }


def _shown(chart: _Chart, metrics: list[Any]) -> dict[str, Any]:
    """The names that each kind of chart uses for its columns and values."""
    (first, *others) = metrics
    if chart.kind == "big_number_total":
        return {"metric": first, "y_axis_format": ",.2f" if isinstance(first, str) else ",d"}
    if chart.kind == "pie":
        return {
            "metric": first,
            "groupby": list(chart.by),
            "sort_by_metric": True,
            "number_format": ",.2f",
            "label_type": "key_percent",
            "outerRadius": 55,  # per cent: longer names fit beside it
            "show_legend": False,
        }
    if chart.kind == "table":
        return {
            "query_mode": "aggregate",
            "groupby": list(chart.by),
            "metrics": [first, *others],
            "column_config": {value: {"d3NumberFormat": ",d"} for value in chart.values},
            "timeseries_limit_metric": first,
            "order_desc": True,
            "include_search": True,
        }
    (axis,) = chart.by
    return {
        "x_axis": axis,
        "groupby": [],
        "metrics": metrics,
        "orientation": "horizontal",
        "x_axis_sort": first,
        "x_axis_sort_asc": True,
        "timeseries_limit_metric": first,
        "order_desc": True,
        "show_legend": False,
        "y_axis_format": ",.2~f",
        "rich_tooltip": True,
    }


def _dashboard(datasets: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "version": _VERSION,
        "uuid": _id("dashboard", DASHBOARD),
        "dashboard_title": DASHBOARD,
        "slug": "hetang-district",
        "description": "金额单位：万元；部门与单位的文件重叠，每笔金额只计一次",
        "published": True,
        "css": "",
        "position": _position(),
        "metadata": {
            "native_filter_configuration": [_filter(column, datasets) for column in _FILTERS],
            "cross_filters_enabled": True,
            "color_scheme": "supersetColors",
        },
    }


def _position() -> dict[str, Any]:
    rows = [f"ROW-{number}" for number, _ in enumerate(_ROWS, 1)]
    position: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "HEADER_ID": {"id": "HEADER_ID", "type": "HEADER", "meta": {"text": DASHBOARD}},
        "GRID_ID": {"id": "GRID_ID", "type": "GRID", "parents": ["ROOT_ID"], "children": rows},
    }
    for row, charts in zip(rows, _ROWS, strict=True):
        above = ["ROOT_ID", "GRID_ID"]
        position[row] = {
            "id": row,
            "type": "ROW",
            "parents": above,
            "children": [f"CHART-{chart.key}" for chart in charts],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        position |= {f"CHART-{chart.key}": _placed(chart, [*above, row]) for chart in charts}
    return position


def _placed(chart: _Chart, above: list[str]) -> dict[str, Any]:
    return {
        "id": f"CHART-{chart.key}",
        "type": "CHART",
        "parents": above,
        "children": [],
        "meta": {
            "uuid": chart.key,
            "chartId": _number(chart),
            "sliceName": chart.name,
            "width": chart.width,
            "height": chart.height,
        },
    }


def _number(chart: _Chart) -> int:
    """A number that is unique in the bundle. Superset replaces it."""
    return _CHARTS.index(chart) + 1


def _filter(column: str, datasets: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": _filter_id(column),
        "name": column,
        "type": "NATIVE_FILTER",
        "filterType": "filter_select",
        "targets": [{"datasetUuid": datasets[_FILTERS[column]]["uuid"], "column": {"name": column}}],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": list(_out_of_scope(column, datasets))},
        # selects the newest year before any chart is queried, because sums over years have no meaning
        "requiredFirst": column == "年度",
        "controlValues": {
            "multiSelect": True,
            "enableEmptyFilter": column == "年度",
            "defaultToFirstItem": column == "年度",
            "sortAscending": column != "年度",
            "inverseSelection": False,
            "searchAllOptions": False,
        },
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
        "cascadeParentIds": [_filter_id(_WITHIN[column])] if column in _WITHIN else [],
        "description": "",
    }


def _filter_id(column: str) -> str:
    return f"NATIVE_FILTER-{_id('filter', column)}"


def _out_of_scope(column: str, datasets: dict[str, dict[str, Any]]) -> Iterator[int]:
    for chart in _CHARTS:
        if all(known["column_name"] != column for known in datasets[chart.dataset]["columns"]):
            yield _number(chart)
