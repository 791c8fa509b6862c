"""`queue-url-unhandled`: what it leaves alone and finds."""

from __future__ import annotations

import pytest

from tests.rules.helpers import find

RULE = "queue-url-unhandled"
YAML = "runtime: python27\nhandlers:\n- url: /page\n  script: main.app\n"
ADD = "from google.appengine.api import taskqueue\n"
DEFER = "from google.appengine.ext import deferred\n"


@pytest.mark.parametrize(
    "source",
    [
        f"{ADD}taskqueue.add(url='/page')\n",
        f"{ADD}taskqueue.add(url='/page?x=1')\n",
        f"{ADD}taskqueue.add(url=URL)\n",
        f"{ADD}taskqueue.add(url='/work/%s' % key)\n",
        f"{ADD}taskqueue.add(url='/work/' + key)\n",
        f"{ADD}taskqueue.add(url='/work', target='worker')\n",
        f"{ADD}taskqueue.add(params={{}})\n",
        f"{ADD}taskqueue.Queue('pull').add(taskqueue.Task(payload='x', method='PULL'))\n",
        f"{ADD}taskqueue.add(url='/_ah/mine')\n",
        f"{ADD}taskqueue.add(url='http://example.com/work')\n",
        "taskqueue.add(url='/work')\n",
        "from mine import taskqueue\ntaskqueue.add(url='/work')\n",
        f"{DEFER}deferred.defer(work, _url='/page')\n",
        f"{DEFER}deferred.defer(work, _target='worker')\n",
        "from twisted.internet import defer\ndefer.deferred()\n",
    ],
)
def test_leaves_alone(source: str) -> None:
    assert find(RULE, {"app.yaml": YAML, "main.py": source}) == []


@pytest.mark.parametrize("path", ["tests/test_main.py", "main_test.py", "test/x.py"])
def test_tests_are_left_alone(path: str) -> None:
    assert find(RULE, {"app.yaml": YAML, path: f"{ADD}taskqueue.add(url='/work')\n"}) == []


@pytest.mark.parametrize(
    "more",
    [
        "builtins:\n- deferred: on\n",
        "- url: /_ah/queue/deferred\n  script: google.appengine.ext.deferred.application\n",
        "- url: /_ah/queue/.*\n  script: main.app\n",
        "- url: .*\n  script: main.app\n",
    ],
)
def test_deferred_tasks_with_a_handler(more: str) -> None:
    assert find(RULE, {"app.yaml": YAML + more, "main.py": f"{DEFER}deferred.defer(work)\n"}) == []


def test_a_handler_of_any_service_counts() -> None:
    worker = "module: worker\nruntime: python27\nhandlers:\n- url: /work\n  script: main.app\n"
    source = f"{ADD}taskqueue.add(url='/work')\n"
    assert find(RULE, {"app.yaml": YAML, "worker.yaml": worker, "main.py": source}) == []


@pytest.mark.parametrize(
    "source",
    [
        f"{ADD}taskqueue.add(url='/work')\n",
        "from google.appengine.api.labs import taskqueue\ntaskqueue.add(url='/work')\n",
        "from google.appengine.api.taskqueue import Task\nTask(url='/work', params={})\n",
        "from google.appengine.api.taskqueue import add as send\nsend(url='/work')\n",
        "import google.appengine.api.taskqueue as queues\nqueues.add(url='/work')\n",
        f"{ADD}taskqueue.Queue('q').add(taskqueue.Task(url=r'/work'))\n",
    ],
)
def test_a_task_without_a_handler(source: str) -> None:
    (finding,) = find(RULE, {"app.yaml": YAML, "main.py": source})
    assert "`/work`" in finding.message


def test_a_deferred_task_without_a_handler() -> None:
    (finding,) = find(RULE, {"app.yaml": YAML, "main.py": f"{DEFER}deferred.defer(work, 1)\n"})
    assert "- deferred: on" in finding.message
