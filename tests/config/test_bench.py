"""The benchmark: its floor is never among the portal's addresses, and its report judges by the bar."""

import xml.etree.ElementTree as ET

import pytest
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from bench import report
from bench.client import Times
from bench.pages import FLOOR, PAGES


def row(page: str, services: int, floors: float, **more) -> dict:
    return {
        "services": services, "page": page, "way": "kept", "clients": 1, "p50": floors * 2, "p95": floors * 3,
        "p99": floors * 4, "per_second": 100.0, "floors": floors, "status": 200, "bytes": 1000, "queries_kept": 1,
        "queries_anew": 20,
    } | more  # fmt: skip


@pytest.fixture
def result() -> dict:
    rows = [row("floor", size, 1) for size in (1000, 100_000)]
    rows += [row("catalogue", 1000, 1.0), row("catalogue", 100_000, 1.2), row("catalogue", 100_000, 9.0, way="anew")]
    rows += [row("service", 1000, 1.0), row("service", 100_000, 2.5, p99=50)]
    return {
        "rows": rows, "rounds": 2, "memory": {"services": 100_000, "requests": 0, "megabytes": [[80.0, 81.0]]},
        "machine": {"cpus": 2, "load_before": [0.1, 0.2, 0.3], "load_after": [1.0, 0.5, 0.4]},
        "dictionaries": {"seconds": 0.01, "megabytes_mapped": 0.5, "megabytes_used": 6.0},
    }  # fmt: skip


def test_the_portal_has_no_floor():
    with pytest.raises(Resolver404):
        resolve(FLOOR.address)
    with pytest.raises(NoReverseMatch):
        reverse("floor")


def test_each_page_is_named_once():
    assert len({page.name for page in PAGES}) == len(PAGES)


def test_the_table_tells_what_misses_the_bar(result):
    lines = {tuple(line.split()[:4]): line for line in report.table(result).splitlines()}
    assert lines["100000", "1", "catalogue", "kept"].endswith("✓")
    assert lines["100000", "1", "service", "kept"].endswith("over 2 floors; grows over 1.3; p99 over 4 × p50")
    assert "✓" not in lines["1000", "1", "service", "kept"]


def test_the_chart_is_a_picture(result, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "FOLDER", tmp_path)
    report.write(result)
    report.draw(result)
    assert ET.parse(tmp_path / "bench.svg").getroot().tag.endswith("svg")  # noqa: S314  our own file
    assert (tmp_path / "bench.json").read_text().count('"catalogue"') == 3


def test_percentiles_are_of_all_requests():
    times = Times([0.001 * number for number in range(1, 101)], wall=2)
    assert [round(times.percentile(percent)) for percent in (50, 95, 99)] == [51, 96, 100]
    assert times.per_second == 50
