"""`cron-url-unhandled`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find

RULE = "cron-url-unhandled"
CRON = "cron:\n- url: {}\n  schedule: every 1 hours\n"


def app_yaml(*handlers: str, more: str = "") -> str:
    entries = "".join(f"- url: {url}\n  script: main.app\n" for url in handlers)
    return f"runtime: python27\nthreadsafe: true\n{more}handlers:\n{entries}"


@pytest.mark.parametrize(
    ("handlers", "url"),
    [
        (["/.*"], "/tasks/clean"),
        (["/tasks/clean"], "/tasks/clean"),
        (["/tasks/clean"], "/tasks/clean?all=1"),
        (["/tasks/(a|clean)/?"], "/tasks/clean"),
        (["/x"], "/_ah/warmup"),
        (["/x"], "no-slash"),
        (["/(a{9999}){9999}", "/x"], "/tasks"),
        (["/(["], "/tasks"),
        ([], "/tasks"),
    ],
)
def test_handled_or_not_to_be_told(handlers: list[str], url: str) -> None:
    yaml = app_yaml(*(f"'{handler}'" for handler in handlers))
    assert find(RULE, {"app.yaml": yaml, "cron.yaml": CRON.format(url)}) == []


@pytest.mark.parametrize(
    "more",
    [
        "builtins:\n- django_wsgi: on\n",
        "builtins:\n- some_new_one: on\n",
        "includes:\n- not/there.yaml\n",
        "includes:\n- more.yaml\n",
    ],
)
def test_builtins_and_includes_take_urls_too(more: str) -> None:
    files = {
        "app.yaml": app_yaml("/x", more=more),
        "more.yaml": "handlers:\n- url: /tasks/.*\n  script: tasks.app\n",
        "cron.yaml": CRON.format("/tasks/clean"),
    }
    assert find(RULE, files) == []


@pytest.mark.parametrize("kind", ["static_dir: s", "static_files: s/index.html\n  upload: s/index.html"])
def test_static_handlers_take_urls_too(kind: str) -> None:
    yaml = f"runtime: python27\nhandlers:\n- url: /static\n  {kind}\n"
    url = "/static/ping" if "dir" in kind else "/static"
    assert find(RULE, {"app.yaml": yaml, "cron.yaml": CRON.format(url)}) == []


def test_a_target_is_looked_up() -> None:
    job = "cron:\n- url: /jobs\n  schedule: every 1 hours\n  target: {}\n"
    files = {"app.yaml": app_yaml("/x"), "worker.yaml": "service: worker\n" + app_yaml("/jobs")}
    assert find(RULE, {**files, "cron.yaml": job.format("worker")}) == []
    assert find(RULE, {**files, "cron.yaml": job.format("elsewhere")}) == []
    assert len(find(RULE, {**files, "cron.yaml": job.format("default")})) == 1


def test_a_backend_has_the_handlers_of_app_yaml() -> None:
    job = "cron:\n- url: /jobs\n  schedule: every 1 hours\n  target: b\n"
    files = {"backends.yaml": "backends:\n- name: b\n", "cron.yaml": job}
    assert find(RULE, {**files, "app.yaml": app_yaml("/jobs")}) == []
    assert len(find(RULE, {**files, "app.yaml": app_yaml("/x")})) == 1


def test_without_an_app_yaml_nothing_is_said() -> None:
    files = {"app.yaml.example": app_yaml("/x"), "cron.yaml": CRON.format("/tasks")}
    assert find(RULE, files) == []


@pytest.mark.parametrize(
    "cron", ["", "cron:\n", "cron: 3\n", "cron:\n- 3\n- url: [1]\n", "cron: [\n", "- a\n"]
)
def test_odd_cron_files_are_left_to_others(cron: str) -> None:
    assert find(RULE, {"app.yaml": app_yaml("/x"), "cron.yaml": cron}) == []


def test_a_job_without_a_handler() -> None:
    files = {"app.yaml": app_yaml("/tasks/mail"), "cron.yaml": CRON.format("/tasks/clean")}
    (finding,) = find(RULE, files)
    assert (finding.place.path, finding.place.start.line) == ("cron.yaml", 2)
    assert "`/tasks/clean`" in finding.message
    assert "app.yaml" in finding.message


def test_a_builtin_that_is_off_takes_nothing() -> None:
    yaml = app_yaml("/x", more="builtins:\n- django_wsgi: off\n")
    assert len(find(RULE, {"app.yaml": yaml, "cron.yaml": CRON.format("/tasks")})) == 1
