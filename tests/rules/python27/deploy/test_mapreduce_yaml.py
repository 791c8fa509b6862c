"""`mapreduce-yaml`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from tests.rules.helpers import APP_YAML, find, fixed

RULE = "mapreduce-yaml"
OLD = "google.appengine.ext.mapreduce.input_readers.DatastoreInputReader"
NEW = "mapreduce.input_readers.DatastoreInputReader"
BUNDLED: dict[str, str | bytes] = {
    "app.yaml": APP_YAML,
    "mapreduce/__init__.py": "",
    "mapreduce/input_readers.py": "class DatastoreInputReader(object): pass\n",
}


def job(reader: str) -> str:
    return f"mapreduce:\n- name: x\n  mapper:\n    input_reader: {reader}  # reads\n    handler: jobs.run\n"


@pytest.mark.parametrize("text", [job(NEW), job("mine.Reader"), "", "mapreduce: [\n", "- a\n"])
def test_leaves_alone(text: str) -> None:
    assert find(RULE, {**BUNDLED, "mapreduce.yaml": text}) == []


def test_other_files_are_left_alone() -> None:
    assert find(RULE, {**BUNDLED, "other.yaml": job(OLD)}) == []


@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_the_bundled_class_is_named(quote: str) -> None:
    files = {**BUNDLED, "mapreduce.yaml": job(f"{quote}{OLD}{quote}")}
    assert fixed(RULE, files)["mapreduce.yaml"] == job(f"{quote}{NEW}{quote}")


def test_without_the_library_there_is_advice_only() -> None:
    (finding,) = find(RULE, {"app.yaml": APP_YAML, "mapreduce.yaml": job(OLD)})
    assert finding.fix is None
    assert f"write `{NEW}`" in finding.message


def test_without_the_class_there_is_advice_only() -> None:
    gone = "google.appengine.ext.mapreduce.input_readers.Gone"
    (finding,) = find(RULE, {**BUNDLED, "mapreduce.yaml": job(gone)})
    assert finding.fix is None
