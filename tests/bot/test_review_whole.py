"""A review of a real checkout, from git to comments."""

from gaebot.bot.checkout import GitChecks
from gaebot.bot.event import Review
from gaebot.bot.review.run import review
from gaebot.bot.settings import Settings
from tests.bot.fake_forge import FakeForge, FakeOutput
from tests.bot.pulls import state, summary
from tests.bot.test_checkout import BASE, World
from tests.trees import APP_YAML

HEAD = {
    **BASE,
    "blog/app.yaml": APP_YAML,
    "blog/main.py": "import simplejson\n",
    ".gaebot.yaml": "skip: ['*']\n",
}


def test_from_git_to_comments_and_nothing_new_the_second_time(tmp_path):
    world = World(tmp_path / "r", head=HEAD)
    host = FakeForge(dict(BASE), dict(HEAD))
    host.pull = world.forge.pull
    checks = GitChecks(str(world.folder), Settings(), host, host.pull)
    job = Review(7, world.head)
    first = review(host, job, Settings(), checks, FakeOutput())
    assert first.fails
    assert sum(first.went.values()) == len(first.report.findings)
    assert {thread.path for thread in host.threads_} == {"blog/app.yaml", "blog/main.py"}
    assert first.went["review"] == len(host.threads_)
    assert "| `blog` | blocked |" in summary(host)
    assert "| `shop` | blocked |" in summary(host)
    before, writes = state(host), host.writes
    again = GitChecks(str(world.folder), Settings(), host, host.pull)
    assert review(host, job, Settings(), again, FakeOutput()).went == first.went
    assert (state(host), host.writes) == (before, writes)
