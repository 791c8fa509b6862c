import pytest

from gaebot.finding import Severity
from gaebot.rule import Rule
from gaebot.select import UnknownRuleError, choose, find_rule, in_focus

RULES = tuple(
    Rule(f"gaebot.rules.python27.{family}.{name}", Severity.ERROR)
    for family, name in [("yaml", "yaml_runtime"), ("yaml", "yaml_skip_files"), ("wsgi", "wsgi_main")]
)


def ids(rules):
    return [rule.id for rule in rules]


def test_all_rules_without_a_choice():
    assert choose(RULES) == RULES


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        (["yaml-runtime"], [], ["yaml-runtime"]),
        (["yaml"], [], ["yaml-runtime", "yaml-skip-files"]),
        (["yaml,wsgi"], [], ["yaml-runtime", "yaml-skip-files", "wsgi-main"]),
        (["wsgi-main, yaml-runtime"], [], ["yaml-runtime", "wsgi-main"]),
        ("wsgi-main,yaml-runtime", (), ["yaml-runtime", "wsgi-main"]),
        ([], ["yaml"], ["wsgi-main"]),
        ([], "yaml-runtime,", ["yaml-skip-files", "wsgi-main"]),
        (["yaml"], ["yaml-runtime"], ["yaml-skip-files"]),
        (["yaml"], ["yaml"], []),
    ],
)
def test_choose(select, ignore, expected):
    assert ids(choose(RULES, select, ignore)) == expected


def test_an_unknown_name_is_an_error_that_names_the_nearest():
    with pytest.raises(UnknownRuleError, match="'yaml-runtme'. Did you mean yaml-runtime?"):
        choose(RULES, ["yaml-runtme"])
    with pytest.raises(UnknownRuleError, match="`gaebot rules` lists them"):
        choose(RULES, ignore=["qqqqqqq"])


def test_find_rule():
    assert find_rule(RULES, "wsgi-main").id == "wsgi-main"
    with pytest.raises(UnknownRuleError, match="Did you mean wsgi-main"):
        find_rule(RULES, "wsgi-mian")
    with pytest.raises(UnknownRuleError):
        find_rule(RULES, "yaml")  # a family has no page


@pytest.mark.parametrize(
    ("focus", "path", "expected"),
    [
        ([], "any.py", True),
        (["a.py"], "a.py", True),
        (["a.py"], "a.pyx", False),
        (["a"], "a/b/c.py", True),
        (["a"], "ab/c.py", False),
        (["a/b", "x.py"], "x.py", True),
        (["a/b"], "a", False),
    ],
)
def test_in_focus(focus, path, expected):
    assert in_focus(focus)(path) is expected
