r"""`yaml-script-backref`: what it leaves alone, finds and writes."""

from __future__ import annotations

import pytest

from gaebot.finding import RunsOn, Safety
from tests.rules.helpers import find, fixed

RULE = "yaml-script-backref"
CGI = "print 'Content-Type: text/plain'\nprint\n"
WSGI = "import webapp2\napp = webapp2.WSGIApplication([])\n"


def service(*handlers: str) -> str:
    return "runtime: python\nhandlers:\n" + "".join(handlers)


def pages(url: str, script: str) -> str:
    return service(f"- url: {url}\n  script: {script}\n")


@pytest.mark.parametrize("script", ["main.py", "main.app", "1.py", "v1/main.py"])
def test_leaves_alone(script: str) -> None:
    assert find(RULE, {"app.yaml": pages("/(.*)", script), "main.py": CGI}) == []


def test_static_files_with_references_are_left_alone() -> None:
    yaml = service("- url: /(.*\\.gif)\n  static_files: img/\\1\n  upload: img/.*\n")
    assert find(RULE, {"app.yaml": yaml, "main.py": CGI}) == []


@pytest.mark.parametrize(
    ("url", "script"),
    [
        ("/(a|b)?", r"\1.py"),  # the group may be empty
        ("/((a|b))", r"\2.py"),  # a group in a group
        ("/(.*)|/x", r"\1.py"),  # an alternative
        ("/(.*)", r"\2.py"),  # no such group
        ("/.*", r"\1.py"),
        ("/(.*)", r"\0.py"),
        ("/(.+?)(/.*)?", r"\1.py"),  # a lazy group, and something behind it
        ("/(.*)(.*)", r"\1\2.py"),
        ("/(([", r"\1.py"),
    ],
)
def test_uncertain_groups_are_not_filled_in(url: str, script: str) -> None:
    (finding,) = find(RULE, {"app.yaml": pages(f"'{url}'", script), "a.py": CGI, "b.py": CGI})
    assert finding.fix is None


def test_without_a_script_there_is_advice_only() -> None:
    (finding,) = find(RULE, {"app.yaml": pages("/(.*)", r"\1.py"), "models.py": "class Page: pass\n"})
    assert finding.fix is None


def test_only_scripts_get_a_handler_and_only_those_that_the_pattern_reaches() -> None:
    files = {
        "app.yaml": pages(r"/([a-z]+)\.html", r"\1.py"),
        "about.py": CGI,
        "home.py": "def main(): pass\nif __name__ == '__main__':\n  main()\n",
        "models.py": "import os\n",
        "page2.py": CGI,
        "sub/page.py": CGI,
    }
    assert fixed(RULE, files)["app.yaml"] == service(
        "- url: /about\\.html\n  script: about.py\n", "- url: /home\\.html\n  script: home.py\n"
    )


def test_siblings_comments_order_and_quotes_stay() -> None:
    yaml = service(
        "# before\n",
        "- script: '\\1.py'  # the page\n  # who may\n  login: admin\n  url: \"/(a|b)\\\\.html\"  # url\n",
        "# after\n",
        "- url: /x\n  script: a.py\n",
    )
    assert fixed(RULE, {"app.yaml": yaml, "a.py": CGI, "b.py": CGI})["app.yaml"] == service(
        "# before\n",
        "- script: 'a.py'  # the page\n  # who may\n  login: admin\n  url: \"/a\\\\.html\"\n",
        "- script: 'b.py'  # the page\n  # who may\n  login: admin\n  url: \"/b\\\\.html\"  # url\n",
        "# after\n",
        "- url: /x\n  script: a.py\n",
    )


def test_flow_style_and_indentation() -> None:
    yaml = "runtime: python\nhandlers:\n  - {url: /(.*), script: '\\1.py', login: admin}\n"
    after = fixed(RULE, {"app.yaml": yaml, "a.py": CGI, "b.py": CGI})["app.yaml"]
    assert after == (
        "runtime: python\nhandlers:\n  - {url: /a, script: 'a.py', login: admin}\n"
        "  - {url: /b, script: 'b.py', login: admin}\n"
    )


def test_crlf_is_kept() -> None:
    files: dict[str, str | bytes] = {
        "app.yaml": b"runtime: python\r\nhandlers:\r\n- url: /(.*)\r\n  script: \\1.py\r\n",
        "a.py": CGI,
        "b.py": CGI,
    }
    assert fixed(RULE, files)["app.yaml"] == (
        "runtime: python\r\nhandlers:\r\n- url: /a\r\n  script: a.py\r\n- url: /b\r\n  script: b.py\r\n"
    )


def test_names_are_escaped_in_the_url() -> None:
    files = {"app.yaml": pages("/(.*)", r"\1.py"), "v1.2/a.py": CGI}
    assert fixed(RULE, files)["app.yaml"] == pages(r"/v1\.2/a", "v1.2/a.py")


def test_parts_around_the_reference() -> None:
    files = {"app.yaml": pages(r"/s/(\w+)/?", r"pages/\1_page.py"), "pages/a_page.py": CGI, "pages/b.py": CGI}
    assert fixed(RULE, files)["app.yaml"] == pages("/s/a/?", "pages/a_page.py")


def test_the_longest_name_comes_first_where_the_url_varies() -> None:
    files = {"app.yaml": pages("/(.*).html", r"\1.py"), "a.py": CGI, "a/b.py": CGI}
    after = fixed(RULE, files)["app.yaml"]
    assert after.index("a/b.py") < after.index(": a.py")


def test_two_groups_that_can_be_told_apart() -> None:
    files = {"app.yaml": pages(r"/(\w+)/(\w+)", r"\1/\2.py"), "x/a.py": CGI, "x/y/b.py": CGI}
    assert fixed(RULE, files)["app.yaml"] == pages("/x/a", "x/a.py")


def test_wsgi_names() -> None:
    files = {"app.yaml": pages("/(.*)", r"\1.app"), "a.py": WSGI, "pkg/b.py": WSGI, "c.py": CGI}
    (finding,) = find(RULE, files)
    assert finding.fix is not None
    assert (finding.fix.safety, finding.fix.runs_on) == (Safety.REVIEW, RunsOn.TARGET)
    after = fixed(RULE, files)["app.yaml"]
    assert after == service(r"- url: /a" + "\n  script: a.app\n", "- url: /pkg\\.b\n  script: pkg.b.app\n")


def test_a_hundred_handlers_are_the_limit() -> None:
    files: dict[str, str | bytes] = {f"p{number}.py": CGI for number in range(101)}
    (finding,) = find(RULE, {"app.yaml": pages("/(.*)", r"\1.py"), **files})
    assert finding.fix is None
    assert "100 handlers" in finding.message


def test_aliases_are_not_patched() -> None:
    yaml = "runtime: python\nhandlers:\n- &h\n  url: /(.*)\n  script: \\1.py\n- *h\n"
    assert {finding.fix for finding in find(RULE, {"app.yaml": yaml, "a.py": CGI})} == {None}


def test_a_hostile_pattern_does_not_hang() -> None:
    files = {"app.yaml": pages("/((a+)+)+$", r"\1.py"), "a" * 60 + "!.py": CGI, "a" * 60 + "-.py": CGI}
    assert len(find(RULE, files)) == 1
