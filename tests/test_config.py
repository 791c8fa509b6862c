"""`.gaebot.yaml`: what it may say, how wrong things in it are told, and which one counts."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from gaebot import api, disk
from gaebot.config import KEYS, ConfigError, json_schema, parse_config
from gaebot.finding import Severity
from gaebot.text import SourceFile
from scripts.schema import SCHEMA, text
from tests.rules.helpers import HOP
from tests.trees import write_tree

EVERYTHING = """\
# yaml-language-server: $schema=gaebot.schema.json
to: python27
select: [yaml, threads, py-sets]
ignore: yaml-runtime, ts-counter
severity:
  yaml-libraries-missing: error
  py-sets: note
skip:
- generated/
- "*_pb2.py"
vendored: [shared/markup, one.py]
templates: jinja2
fail-on: error
baseline: known.json
"""


def parsed(written: str):
    return parse_config(SourceFile(".gaebot.yaml", written.encode()))


def test_everything_that_it_may_say() -> None:
    config = parsed(EVERYTHING)
    assert (config.to, config.templates, config.fail_on, config.baseline) == (
        HOP,
        "jinja2",
        "error",
        "known.json",
    )
    assert config.select == ("yaml", "threads", "py-sets")
    assert config.ignore == ("yaml-runtime", "ts-counter")
    assert config.severity == {"yaml-libraries-missing": Severity.ERROR, "py-sets": Severity.NOTE}
    assert config.skip == ("generated/", "*_pb2.py")
    assert config.vendored == ("shared/markup", "one.py")


@pytest.mark.parametrize("written", ["", "# nothing\n", "---\n", "select: []\n", "severity: {}\n"])
def test_it_may_say_nothing(written: str) -> None:
    config = parsed(written)
    assert (config.select, config.severity, config.to) == ((), {}, None)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("selekt: yaml\n", ".gaebot.yaml:1: there is no key `selekt`. Did you mean `select`?"),
        ("to: python27\nxyz: 1\n", ".gaebot.yaml:2: there is no key `xyz`. It may be baseline, fail-on,"),
        ("fail_on: error\n", ".gaebot.yaml:1: there is no key `fail_on`. Did you mean `fail-on`?"),
        ("to: python2.7\n", ".gaebot.yaml:1: `to` can't be `python2.7`. Did you mean `python27`?"),
        ("to: [python27]\n", ".gaebot.yaml:1: `to` wants one of some words."),
        ("\nfail-on: warnings\n", ".gaebot.yaml:2: `fail-on` can't be `warnings`. Did you mean `warning`?"),
        (
            "templates: mako\n",
            ".gaebot.yaml:1: `templates` can't be `mako`. It may be django, jinja2, webapp2.",
        ),
        (
            "select: [yaml, yaml-runtine]\n",
            ".gaebot.yaml:1: `select` names no rule with `yaml-runtine`. Did you mean `yaml-runtime`?",
        ),
        (
            "ignore:\n- yaml\n- thread\n",
            ".gaebot.yaml:3: `ignore` names no rule with `thread`. Did you mean `threads`?",
        ),
        ("select: {a: b}\n", ".gaebot.yaml:1: `select` wants a list of texts."),
        ("skip:\n- a: b\n", ".gaebot.yaml:2: `skip` wants a list of texts."),
        ("severity: error\n", ".gaebot.yaml:1: `severity` wants a mapping such as `yaml-runtime: note`."),
        (
            "severity:\n  yaml-runtime: fatal\n",
            ".gaebot.yaml:2: `yaml-runtime` can't be `fatal`. It may be error, note, warning.",
        ),
        (
            "severity:\n  yaml-runtimes: note\n",
            ".gaebot.yaml:2: `severity` names no rule with `yaml-runtimes`. Did you mean `yaml-runtime`?",
        ),
        ("severity: {yaml: note}\n", "names no rule with `yaml`."),
        ("baseline:\n", ".gaebot.yaml:1: `baseline` wants one path."),
        ("to: python27\nto: python27\n", ".gaebot.yaml:2: `to` is said twice: keep one of them."),
        ("- select\n", ".gaebot.yaml:1: keys belong here: to, select,"),
        ("a: [\n", ".gaebot.yaml:2: this can't be read as YAML:"),
        ("a: &x 1\nb: *y\n", "can't be read as YAML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_the_way_out(written: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parsed(written)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


# -- the schema --------------------------------------------------------------------------------


def test_the_schema_is_what_the_script_makes() -> None:
    assert SCHEMA.read_text("utf-8") == text()


def test_the_schema_takes_what_gaebot_takes() -> None:
    schema = json_schema(HOP)
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.validate(yaml.safe_load(EVERYTHING), schema)
    assert set(schema["properties"]) == set(KEYS)


@pytest.mark.parametrize(
    "wrong",
    [
        '{"selekt": "yaml"}',
        '{"to": "python3"}',
        '{"select": ["nothing"]}',
        '{"severity": {"py-sets": "bad"}}',
        '{"skip": [1]}',
    ],
)
def test_the_schema_refuses_what_gaebot_refuses(wrong: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(json.loads(wrong), json_schema(HOP))
    with pytest.raises(ConfigError):
        parsed(wrong.replace("[1]", "[{a: 1}]"))


# -- which one counts --------------------------------------------------------------------------

APP = "application: a\nversion: 1\nruntime: python\napi_version: 1\nhandlers:\n- url: /\n  script: main.py\n"
FILES = {"app.yaml": APP, "main.py": "from sets import Set\n"}


def rules(*paths: str, **options: object) -> set[str]:
    return {finding.rule for finding in api.check(*paths, **options).findings}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_tree(tmp_path, {f"apps/shop/{path}": content for path, content in FILES.items()})
    return tmp_path


def test_the_nearest_one_counts_whole(here: Path) -> None:
    (here / ".git").mkdir()
    write_tree(here, {".gaebot.yaml": "select: yaml\nignore: yaml-runtime\n"})
    assert rules("apps/shop") == {"yaml-threadsafe-missing", "yaml-script-cgi"}
    write_tree(here, {"apps/shop/.gaebot.yaml": "select: py-sets\n"})
    assert rules("apps/shop") == {"py-sets"}


def test_the_search_ends_at_the_top_of_the_repository(here: Path) -> None:
    write_tree(here, {".gaebot.yaml": "select: py-sets\n"})
    (here / "apps/.git").mkdir()
    assert len(rules("apps/shop")) > 1
    (here / "apps/.git").rmdir()
    assert rules("apps/shop") == {"py-sets"}


def test_without_a_repository_it_ends_at_the_current_folder(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(here, {".gaebot.yaml": "select: py-sets\n"})
    monkeypatch.chdir(here / "apps")
    assert len(rules("shop")) > 1


def test_options_replace_keys(here: Path) -> None:
    write_tree(here, {".gaebot.yaml": "select: py-sets\n", "other.yaml": "select: yaml-runtime\n"})
    assert rules("apps/shop", select="yaml-runtime") == {"yaml-runtime"}
    assert rules("apps/shop", config="other.yaml") == {"yaml-runtime"}
    assert len(rules("apps/shop", isolated=True)) > 2
    assert "py-sets" not in rules("apps/shop", ignore="py-sets")


def test_a_config_that_is_not_there(here: Path) -> None:
    with pytest.raises(ConfigError, match="other.yaml can't be read"):
        api.check("apps/shop", config="other.yaml")


def test_grades_skipped_paths_and_third_party_code(here: Path) -> None:
    write_tree(
        here,
        {
            ".gaebot.yaml": "select: py-md5-sha\nseverity: {py-md5-sha: error}\nskip: [old/, '*_x.py']\nvendored: [apps/shop/shared]\n",
            **{
                f"apps/shop/{name}": "import md5\nX = md5.new().hexdigest()\n"
                for name in ("old/a.py", "b_x.py", "shared/c.py", "d.py")
            },
        },
    )
    more = {
        "main.py": "import old.a, b_x, shared.c, d\n" + "import md5\nX = md5.new().hexdigest()\n",
        "old/__init__.py": "",
        "shared/__init__.py": "",
    }
    write_tree(here, {f"apps/shop/{name}": content for name, content in more.items()})
    report = api.check(".")
    assert [(finding.path, finding.severity) for finding in report.findings] == [
        ("apps/shop/d.py", Severity.ERROR),
        ("apps/shop/main.py", Severity.ERROR),
    ]
    assert report.vendored == ("apps/shop/shared (.gaebot.yaml)",)
    api.fix(".", unsafe=True)
    assert "md5.new" in (here / "apps/shop/old/a.py").read_text()
    assert "md5.new" not in (here / "apps/shop/d.py").read_text()


def test_the_engine_that_a_team_prefers(here: Path) -> None:
    main = "from google.appengine.ext.webapp import template\ntemplate.render('a.html', {})\n"
    write_tree(
        here, {"apps/shop/main.py": main, ".gaebot.yaml": "templates: django\nselect: tmpl-webapp-template\n"}
    )
    (finding,) = api.check("apps/shop").findings
    assert finding.message.endswith("take django, as this team prefers.")


def test_the_grade_that_fails_is_known_for_each_app(here: Path) -> None:
    write_tree(here, {f"apps/other/{path}": content for path, content in FILES.items()})
    write_tree(here, {"apps/other/.gaebot.yaml": "fail-on: never\n"})
    assert api.check("apps").fail_on == {"apps/other": "never"}


def test_its_own_folder_is_no_app(here: Path) -> None:
    write_tree(here, {"apps/shop/.gaebot.yaml": "to: python27\n"})
    assert disk.find_apps(".") == ["apps/shop"]
    assert not any(finding.path.endswith(".gaebot.yaml") for finding in api.check(".").findings)
