"""What the runner is told: which lines are commands, how much a summary takes, which files are kept."""

import io
import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gaebot.bot import actions
from gaebot.bot.actions import MAX_SUMMARY, PLAN_FILE, SUMMARY_FILE, ActionsOutput, Runner, as_text
from gaebot.bot.settings import InputError
from tests.render.test_github import command_in

VARIABLES = {
    "GITHUB_EVENT_NAME": "push",
    "GITHUB_EVENT_PATH": "/event.json",
    "GITHUB_REPOSITORY": "octo/demo",
    "GITHUB_API_URL": "https://api.example.com",
    "GITHUB_WORKSPACE": "/work",
    "RUNNER_TEMP": "/temp",
}


@pytest.fixture
def stream():
    return io.StringIO()


@pytest.fixture
def output(stream, tmp_path):
    (tmp_path / "folder").mkdir()
    return ActionsOutput(
        stream,
        str(tmp_path / "folder"),
        summary=str(tmp_path / "summary.md"),
        outputs=str(tmp_path / "outputs"),
    )


def lines(stream):
    """The lines as the runner reads them."""
    return re.split(r"\r\n|\r|\n", stream.getvalue().removesuffix("\n"))


# -- the runner's variables --------------------------------------------------------------------


def test_the_variables_are_read():
    given = {"GAEBOT_MAX_COMMENTS": "3", "GAEBOT_GITHUB_TOKEN": " a-token\n", "OTHER": "x"}
    runner = Runner.read({**VARIABLES, **given, "GITHUB_OUTPUT": "/out", "GITHUB_STEP_SUMMARY": "/sum"})
    assert (runner.event, runner.repository, runner.workspace) == ("push", "octo/demo", "/work")
    assert (runner.outputs, runner.summary, runner.token) == ("/out", "/sum", "a-token")
    assert runner.inputs == {"max-comments": "3"}
    assert "a-token" not in repr(runner)


@pytest.mark.parametrize("name", VARIABLES)
def test_a_variable_that_is_missing_is_named(name):
    with pytest.raises(InputError, match=name):
        Runner.read({**VARIABLES, name: ""})


# -- the log -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line", ["gaebot found 3 errors.", "", "webapp::x", "a ::error::b", "# [1]", "path:1:2: text"]
)
def test_a_line_that_is_no_command_is_left_as_it_is(output, stream, line):
    output.log(line)
    assert lines(stream) == [line]


@pytest.mark.parametrize(
    "line",
    [
        "::error::x",
        "  \t::set-output name=a::b",
        "\u00a0\u2003::error::x",
        "\ufeff::error::x",
        "a ##[error]x",
        "##[set-env name=PATH]x",
        "x\n::error::y",
        "x\r::error::y",
        "::stop-commands::x",
    ],
)
def test_what_would_be_a_command_is_text(output, stream, line):
    output.log(line)
    assert [command_in(one) for one in lines(stream)] == [None] * len(lines(stream))
    assert not any(
        "##[" in one or one.lstrip("\ufeff\u00a0 \t\u2003").startswith("::") for one in lines(stream)
    )


@given(st.text(alphabet="#[]: \t\r\n\x0b\x1c\x85\u2028\ufeffaerdo"))
def test_no_line_is_ever_a_command(text):
    stream = io.StringIO()
    ActionsOutput(stream, "").log(text)
    assert [one for one in lines(stream) if command_in(one)] == []


def test_text_that_was_made_harmless_stays_so():
    for line in ("::error::x", "#" * 5 + "[error]", ": ::::"):
        assert as_text(as_text(line)) == as_text(line)


# -- annotations -------------------------------------------------------------------------------


def test_annotations_are_written_as_they_are(output, stream):
    told = "::error file=a.py,line=1,title=gaebot%3A x::It is %25 old.%0AFix: it\n::notice::x\nLeft out: 3 notes.\n"
    output.annotate(told)
    assert stream.getvalue() == told


@pytest.mark.parametrize(
    "line",
    ["::set-output name=a::b", "::add-path::/x", "::error::a ##[error]b", "::error::a\r::debug::b", "::x"],
)
def test_other_commands_are_not_annotations(output, stream, line):
    output.annotate(f"{line}\n")
    assert [one for one in lines(stream) if command_in(one)] == []


def test_what_the_runner_would_drop_is_told_as_text(output, stream):
    for number in range(4):
        output.annotate("".join(f"::warning file=a.py,line={number}{n}::Old.\n" for n in range(4)))
    output.annotate("::error::Bad.\n")
    found = [command_in(one) for one in lines(stream)]
    assert sum(one is not None for one in found) == 11
    assert found[-1][0] == "error"
    assert lines(stream)[10] == "warning: file=a.py,line=22: Old."


def test_why_a_job_fails_is_one_annotation(output, stream):
    output.fail("No app at `a\nb` 100%\x1b[0m ##[error] ::x")
    (line,) = lines(stream)
    assert command_in(line) == (
        "error",
        {"title": "gaebot"},
        "No app at `a b` 100%\\x1b[0m ## [error] ::x",
    )


def test_what_is_folded_can_not_end_the_fold(output, stream):
    output.group("Traceback", "a\n::endgroup::\n::error::b\x1b[0m\n")
    assert lines(stream)[0] == "::group::Traceback"
    assert lines(stream)[-1] == "::endgroup::"
    assert [one for one in lines(stream)[1:-1] if one.startswith("::")] == []


# -- the summary -------------------------------------------------------------------------------


def test_summaries_stand_one_behind_the_other(output, tmp_path):
    output.summarise("# One")
    output.summarise("# Two é \udcff\n")
    assert (tmp_path / "summary.md").read_text(encoding="utf-8") == "# One\n# Two é \\udcff\n"
    assert output.kept() == {"plan": "", "kept": ""}


def test_a_summary_that_just_has_room(output, tmp_path):
    output.summarise("x" * (MAX_SUMMARY - 201))
    assert (tmp_path / "summary.md").stat().st_size == MAX_SUMMARY - 200
    assert output.kept()["kept"] == ""


def test_what_has_no_room_in_the_summary_is_kept(output, tmp_path):
    output.summarise("# One")
    output.summarise("é" * (MAX_SUMMARY // 2))
    output.summarise("# Three")
    text = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert text.startswith("# One\n\nThere was no room for all of it here")
    assert SUMMARY_FILE in text
    assert "# Three" not in text
    kept = (tmp_path / "folder" / "kept" / SUMMARY_FILE).read_text(encoding="utf-8")
    assert kept == "é" * (MAX_SUMMARY // 2) + "\n# Three\n"
    assert output.kept()["kept"] == str(tmp_path / "folder" / "kept")


def test_what_stood_in_the_summary_counts(output, tmp_path):
    (tmp_path / "summary.md").write_bytes(b"x" * (MAX_SUMMARY - 300))
    output.summarise("y" * 200)
    assert (tmp_path / "summary.md").stat().st_size <= MAX_SUMMARY
    assert (tmp_path / "folder" / "kept" / SUMMARY_FILE).read_text(encoding="utf-8") == "y" * 200 + "\n"


def test_without_a_summary_it_is_in_the_log(stream, tmp_path):
    ActionsOutput(stream, str(tmp_path)).summarise("# One\n::error::x")
    assert lines(stream) == ["# One", ": :error::x"]


# -- files and outputs -------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a\\b", ".hidden", "-x", "a\nb", "C:x", "x" * 101])
def test_only_plain_names_are_kept(output, tmp_path, name):
    with pytest.raises(ValueError, match="plain name"):
        output.keep(name, b"")
    assert list((tmp_path / "folder").iterdir()) == []


def test_the_plan_is_kept_apart(output, tmp_path):
    path = output.keep("gaebot-fixes.patch", b"a\r\nb")
    plan = output.keep(PLAN_FILE, b"{}")
    assert path == str(tmp_path / "folder" / "kept" / "gaebot-fixes.patch")
    assert (tmp_path / "folder" / "kept" / "gaebot-fixes.patch").read_bytes() == b"a\r\nb"
    assert output.kept() == {"plan": plan, "kept": str(tmp_path / "folder" / "kept")}
    assert [one.name for one in (tmp_path / "folder" / "plan").iterdir()] == [PLAN_FILE]


def test_the_plan_is_that_of_the_review():
    stored = pytest.importorskip("gaebot.bot.review.stored")
    assert (stored.FILE, stored.ARTIFACT) == (PLAN_FILE, "gaebot-plan")


def outputs(text):
    """The outputs that the runner reads."""
    found, rest = {}, text.splitlines(keepends=True)
    while rest:
        name, delimiter = rest.pop(0).rstrip("\n").split("<<", 1)
        value = []
        while rest[0].rstrip("\n") != delimiter:
            value.append(rest.pop(0))
        rest.pop(0)
        found[name] = "".join(value).removesuffix("\n")
    return found


def test_outputs_come_back(output, tmp_path):
    told = {"findings": "3", "report": "/a b/c", "hostile": "x\ny<<EOF\nEOF\nz=1", "nothing": ""}
    output.tell(told)
    output.tell({"more": "é"})
    assert outputs((tmp_path / "outputs").read_text(encoding="utf-8")) == {**told, "more": "é"}


def test_no_value_knows_its_delimiter(output, tmp_path, monkeypatch):
    first, second = uuid.UUID(int=1), uuid.UUID(int=2)
    answers = iter([first, second])
    monkeypatch.setattr(actions.uuid, "uuid4", lambda: next(answers))
    output.tell({"a": f"x\nghadelimiter_{first}\nb=1"})
    text = (tmp_path / "outputs").read_text(encoding="utf-8")
    assert outputs(text) == {"a": f"x\nghadelimiter_{first}\nb=1"}
