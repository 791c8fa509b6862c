"""`yaml-inbound-services`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import Severity
from tests.rules.helpers import find, fixed

RULE = "yaml-inbound-services"
HEAD = "runtime: python27\napi_version: 1\nthreadsafe: true\n"


@pytest.mark.parametrize(
    "yaml",
    [
        "inbound_services:\n- mail\n- mail_bounce\n- warmup\n- rest\n",
        "inbound_services: [mail, mail]\n",
        "inbound_services: []\n",
        "inbound_services:\n",
        "handlers:\n- {url: /_ah/xmpp/message/chat/, script: a.b}\n",
    ],
)
def test_leaves_alone(yaml: str) -> None:
    assert find(RULE, {"app.yaml": HEAD + yaml}) == []


def test_other_runtimes_are_left_alone() -> None:
    assert find(RULE, {"app.yaml": "runtime: go\ninbound_services: [foo, xmpp_message]\n"}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("inbound_services:\n- warm_up  # x\n", "inbound_services:\n- warmup  # x\n"),
        ("inbound_services: ['Mail', warmup]\r\n", "inbound_services: ['mail', warmup]\r\n"),
        ("inbound_services: mail\n", "inbound_services: [mail]\n"),
        ("inbound_services: [mail-bounce]", "inbound_services: [mail_bounce]"),
    ],
)
def test_what_is_meant(before: str, after: str) -> None:
    assert fixed(RULE, {"app.yaml": HEAD + before})["app.yaml"] == HEAD + after


@pytest.mark.parametrize(
    ("yaml", "words"),
    [
        ("inbound_services: [sms]\n", "must be one of"),
        ("inbound_services:\n- mail\n-\n", "is empty"),
        ("inbound_services: {mail: on}\n", "must be a list"),
        ("inbound_services: [[mail]]\n", "not a list"),
        ("inbound_services: foo\n", "must be a list"),
    ],
)
def test_what_only_a_human_can_put_right(yaml: str, words: str) -> None:
    (finding,) = find(RULE, {"app.yaml": HEAD + yaml})
    assert words in finding.message
    assert finding.severity is Severity.ERROR
    assert finding.fix is None


@pytest.mark.parametrize(("name", "api"), [("xmpp_message", "XMPP"), ("channel_presence", "Channel")])
def test_services_that_are_shut_down(name: str, api: str) -> None:
    (finding,) = find(RULE, {"app.yaml": f"{HEAD}inbound_services:\n- {name}\n"})
    assert f"{api} service is shut down" in finding.message
    assert finding.severity is Severity.WARNING
