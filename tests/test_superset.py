"""The bundle for Superset: what it holds fits the warehouse and itself, and is the same every time."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import psycopg
import pytest

from loader.answers.superset import masked, superset_bundle
from tests.conftest import Run, shared_clone, url_of

ADDRESS = "postgresql://reader:secret@db.example:5432/hetang"

Files = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def warehouse(request: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    with shared_clone(request, "superset", of="loaded_template") as connection:
        yield connection


@pytest.fixture(scope="module")
def files(warehouse: psycopg.Connection) -> Files:
    return read(superset_bundle(warehouse, ADDRESS))


def read(content: bytes) -> Files:
    with ZipFile(io.BytesIO(content)) as bundle:
        return {name.removeprefix("hetang/"): json.loads(bundle.read(name)) for name in bundle.namelist()}


def of(files: Files, folder: str) -> list[dict[str, Any]]:
    return [told for name, told in files.items() if name.startswith(f"{folder}/")]


def test_datasets_are_the_views_of_the_warehouse(warehouse: psycopg.Connection, files: Files) -> None:
    """Every view with all its columns; one dataset a name."""
    views = warehouse.execute(
        "select table_name, array_agg(column_name::text order by ordinal_position)"
        " from information_schema.columns where table_schema = 'mart_zh' group by table_name order by table_name"
    ).fetchall()
    told = [(set_["table_name"], [c["column_name"] for c in set_["columns"]]) for set_ in of(files, "datasets")]
    assert sorted(told) == sorted(views)
    assert {set_["schema"] for set_ in of(files, "datasets")} == {"mart_zh"}
    assert all(column["verbose_name"] for set_ in of(files, "datasets") for column in set_["columns"])


def test_only_money_that_adds_up_has_sums(warehouse: psycopg.Connection, files: Files) -> None:
    sums = {
        (set_["table_name"], metric["expression"])
        for set_ in of(files, "datasets")
        for metric in set_["metrics"]
        if metric["metric_type"] == "sum"
    }
    facts = ("支出明细", "收入明细", "三公经费明细", "专项资金明细")
    assert sums == {(name, 'sum("金额_万元")') for name in facts}  # not 比对, where totals are rows, nor 预算执行
    for name, expression in sums:
        assert warehouse.execute(f"select {expression} >= 0 from mart_zh.{name}").fetchone() == (True,)


def test_the_time_column_is_a_date(warehouse: psycopg.Connection, files: Files) -> None:
    times = {set_["table_name"]: set_["main_dttm_col"] for set_ in of(files, "datasets")}
    assert times["支出明细"] == "年度日期"
    assert times["比对汇总"] is None
    for set_ in of(files, "datasets"):
        dates = [column["column_name"] for column in set_["columns"] if column["type"] == "DATE"]
        assert [column["column_name"] for column in set_["columns"] if column["is_dttm"]] == dates


def columns_of(params: dict[str, Any]) -> set[str]:
    metrics = [params["metric"]] if "metric" in params else params["metrics"]
    own = {metric["column"]["column_name"] for metric in metrics if isinstance(metric, dict)}
    return {*params.get("groupby", []), *([params["x_axis"]] if "x_axis" in params else []), *own}


def test_charts_ask_what_their_dataset_has(files: Files) -> None:
    datasets = {set_["uuid"]: set_ for set_ in of(files, "datasets")}
    assert {chart["viz_type"] for chart in of(files, "charts")} >= {"big_number_total", "echarts_timeseries_bar"}
    for chart in of(files, "charts"):
        set_ = datasets[chart["dataset_uuid"]]
        params = chart["params"]
        metrics = [params["metric"]] if "metric" in params else params["metrics"]
        assert columns_of(params) <= {column["column_name"] for column in set_["columns"]}, chart["slice_name"]
        named = {metric for metric in metrics if isinstance(metric, str)}
        assert named <= {metric["metric_name"] for metric in set_["metrics"]}, chart["slice_name"]


def test_the_dashboard_shows_every_chart_in_full_rows(files: Files) -> None:
    (dashboard,) = of(files, "dashboards")
    position = dashboard["position"]
    shown = [part["meta"] for part in position.values() if isinstance(part, dict) and part["type"] == "CHART"]
    assert {meta["uuid"] for meta in shown} == {chart["uuid"] for chart in of(files, "charts")}
    assert len({meta["chartId"] for meta in shown}) == len(shown)
    for row in position["GRID_ID"]["children"]:
        assert sum(position[chart]["meta"]["width"] for chart in position[row]["children"]) == 12


def test_filters_reach_the_charts_that_have_their_column(files: Files) -> None:
    (dashboard,) = of(files, "dashboards")
    datasets = {set_["uuid"]: set_ for set_ in of(files, "datasets")}
    numbers = {
        part["meta"]["uuid"]: part["meta"]["chartId"]
        for part in dashboard["position"].values()
        if isinstance(part, dict) and part["type"] == "CHART"
    }
    filters = {told["name"]: told for told in dashboard["metadata"]["native_filter_configuration"]}
    assert {"年度", "行政区划代码", "部门", "单位"} <= filters.keys()
    assert {parent for told in filters.values() for parent in told["cascadeParentIds"]} <= {
        told["id"] for told in filters.values()
    }
    for name, told in filters.items():
        lacking = {
            numbers[chart["uuid"]]
            for chart in of(files, "charts")
            if name not in [column["column_name"] for column in datasets[chart["dataset_uuid"]]["columns"]]
        }
        assert set(told["scope"]["excluded"]) == lacking
        (target,) = told["targets"]
        assert name in [column["column_name"] for column in datasets[target["datasetUuid"]]["columns"]]
    assert filters["年度"]["scope"]["excluded"] == []
    # without the first, Superset shows the year as chosen and asks for all years
    assert [name for name, told in filters.items() if told["requiredFirst"]] == ["年度"]
    assert filters["年度"]["controlValues"]["defaultToFirstItem"]


def test_the_same_warehouse_gives_the_same_bundle(warehouse: psycopg.Connection, files: Files) -> None:
    assert superset_bundle(warehouse, ADDRESS) == superset_bundle(warehouse, ADDRESS)
    ids = [told["uuid"] for told in files.values() if "uuid" in told]
    assert len(ids) == len(set(ids)) == len(files) - 1  # all but metadata.yaml
    (database,) = of(files, "databases")
    assert database["uuid"] == "a6d0ab8e-ce24-5c6b-b48c-58a2f4412152"  # another one would double what is imported


def test_the_password_is_masked_unless_it_is_asked_for(loaded: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    assert masked(ADDRESS) == f"postgresql://reader:{'X' * 10}@db.example:5432/hetang"
    path = tmp_path / "new" / "hetang.zip"
    run("superset", path, "--address", ADDRESS)
    (database,) = of(read(path.read_bytes()), "databases")
    assert database["sqlalchemy_uri"] == masked(ADDRESS)
    result = run("superset", path, "--address", ADDRESS, "--with-password")
    (database,) = of(read(path.read_bytes()), "databases")
    assert database["sqlalchemy_uri"] == ADDRESS
    assert path.stat().st_mode & 0o077 == 0
    assert "password" in result.output


def test_an_address_of_something_else_is_refused(loaded: psycopg.Connection, run: Run, tmp_path: Path) -> None:
    assert "postgresql://" in run("superset", tmp_path / "a.zip", "--address", "mysql://x", code=2).output
    # the server is somebody else's: its reader is not known, and the owner's address is not for BI tools
    result = run("superset", tmp_path / "a.zip", code=5)
    assert "grant-reader" in result.output
    assert url_of(loaded) not in result.output
    assert not (tmp_path / "a.zip").exists()
