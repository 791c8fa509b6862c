"""Open and renew fix-up pull requests: look at the repository and the host, plan, act, and tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gaebot import disk
from gaebot.bot.event import FixUp
from gaebot.bot.fixups.act import Result, carry_out
from gaebot.bot.fixups.apps import Apps, read_apps
from gaebot.bot.fixups.commits import as_committed, commits_of
from gaebot.bot.fixups.content import PREPARE, SWITCH, Content, groups, make
from gaebot.bot.fixups.decide import Decision, Shown, Step, decide, is_fix_up
from gaebot.bot.fixups.evidence import gather
from gaebot.bot.fixups.plan import Offer, Plan, plan
from gaebot.bot.fixups.words import text_for
from gaebot.bot.forge import Forge, ForgeError, PullRequest
from gaebot.bot.outcome import Outcome, Output
from gaebot.bot.settings import Settings
from gaebot.render.diff import render_diff
from gaebot.render.inert import prose
from gaebot.render.visible import visible
from gaebot.render.words import counted, one_line

PATCH = "gaebot-fixes.patch"
"""The file that is kept where no pull request may be opened."""


def fix_up(forge: Forge, job: FixUp, settings: Settings, root: str, output: Output) -> Outcome:
    """Offer what gaebot would fix in the repository that is checked out in `root`, at the branch of the job.

    What the host refuses is told, and never fails the run. Raises `api.USAGE_ERRORS` and `InputError` for
    what the repository's owners have to mend.
    """
    apps = read_apps(root, settings)
    try:
        return _fix_up(forge, job, settings, apps, output)
    except ForgeError as error:
        why = (
            f"The code host could not be asked: {one_line(str(error)).rstrip('.')}. The next run tries again."
        )
        output.log(why)
        output.summarise(f"## gaebot: fix-up pull requests\n\n{prose(why)}\n")
        return Outcome(why=why)


def _fix_up(forge: Forge, job: FixUp, settings: Settings, apps: Apps, output: Output) -> Outcome:
    base = job.base or forge.default_branch()
    head = forge.branch(base)
    if head is None:
        return _nothing(output, f"There is no branch {visible(base)}.")
    here = disk.checked_out(apps.root)
    if here is not None and here != head:
        return _nothing(
            output, f"{visible(base)} has moved on to {head[:10]}: the run for that commit does the work."
        )
    contents = [
        make(name, apps.subjects, wanted, unsafe=settings.unsafe)
        for name, wanted in groups(apps.subjects, settings.group_by, unsafe=settings.unsafe)
    ]
    contents, others = _true_to(forge, head, contents)
    if others:
        names = ", ".join(map(visible, others[:5])) + (", …" if len(others) > 5 else "")
        return _nothing(output, f"Some files are not checked out as they are in the repository: {names}.")
    work = _Work(forge, settings, apps, base, head, {content.name: content for content in contents})
    plans = work.plans()
    results = carry_out(forge, plans)
    return _tell(work, results, output)


def _nothing(output: Output, why: str) -> Outcome:
    output.log(why)
    return Outcome(why=why)


def _true_to(forge: Forge, head: str, contents: list[Content]) -> tuple[list[Content], tuple[str, ...]]:
    """Contents with line ends as they are committed, and the files that are not what is committed."""
    paths = sorted({change.path for content in contents for change in content.changes})
    if not paths:
        return contents, ()
    blobs = forge.blobs(paths, head)
    made = [as_committed(content, blobs) for content in contents]
    return [content for content, _ in made], tuple(sorted({path for _, others in made for path in others}))


@dataclass(frozen=True)
class _Work:
    """All that a run knows: the host, the apps, and what each group of fixes comes to, by its name."""

    forge: Forge
    settings: Settings
    apps: Apps
    base: str
    head: str
    contents: Mapping[str, Content]

    def plans(self) -> list[Plan]:
        """What is done for each group: those that hold something now, and those that the host still shows."""
        me = self.forge.me()
        prefix = self.settings.branch_prefix
        branches = self.forge.branches(prefix)
        ours = [
            pull
            for pull in self.forge.pull_requests(state="open")
            if pull.head_repository == self.forge.repository and pull.head_ref.startswith(prefix)
        ]
        shown = {name: self._shown(prefix + name, branches, ours) for name in self._names(branches, ours, me)}
        decisions = self._decisions(shown, me)
        made = []
        for name, decision in decisions.items():
            offer = self._offer(name) if decision.step in {Step.OPEN, Step.RENEW} else None
            made.append(plan(name, shown[name], decision, settings=self.settings, me=me, offer=offer))
        # What is closed makes room for what is opened.
        return sorted(made, key=lambda each: each.step is not Step.CLOSE)

    def _names(self, branches: Mapping[str, str], ours: Iterable[PullRequest], me: str) -> list[str]:
        """The groups to look at: those of now, and those that were once and have left something behind."""
        prefix = self.settings.branch_prefix
        rules = {rule.id for subject in self.apps.subjects for rule in subject.rules}
        possible = {PREPARE, SWITCH} | rules
        left = {name.removeprefix(prefix) for name in branches} & possible
        left |= {pull.head_ref.removeprefix(prefix) for pull in ours if is_fix_up(pull, me)}
        return [*self.contents, *sorted(left - self.contents.keys())]

    def _shown(self, branch: str, branches: Mapping[str, str], ours: Sequence[PullRequest]) -> Shown:
        head = branches.get(branch)
        pulls = tuple(pull for pull in ours if pull.head_ref == branch)
        if not pulls:
            found = self.forge.pull_requests(head=branch, state="all")
            mine = [pull for pull in found if pull.head_repository == self.forge.repository]
            pulls = tuple(sorted(mine, key=lambda pull: pull.number, reverse=True))
        commits = self.forge.commits(self.head, head) if head is not None else ()
        return Shown(branch, head, commits, pulls)

    def _decisions(self, shown: Mapping[str, Shown], me: str) -> dict[str, Decision]:
        decisions: dict[str, Decision] = {}

        def decided(name: str, *, room: int, waits: bool = False) -> Decision:
            content = self.contents.get(name)
            is_empty = content is None or not content.changes
            return decide(
                shown[name], me=me, base=self.base, is_empty=is_empty, waits=waits, has_room=room > 0
            )

        # First what stands already: it takes the room.
        first = {name: decided(name, room=1) for name in shown}
        taken = sum(
            each.pull is not None and first[name].step is not Step.CLOSE for name, each in shown.items()
        )
        for name in shown:
            waits = name == SWITCH and first.get(PREPARE, Decision(Step.NOTHING)).step in _GOING_ON
            decisions[name] = decided(name, room=self.settings.max_pull_requests - taken, waits=waits)
            taken += decisions[name].step is Step.OPEN
        return decisions

    def _offer(self, name: str) -> Offer:
        content = self.contents[name]
        report = self.apps.report(content.after)
        has_next = name == PREPARE and SWITCH in self.contents and bool(self.contents[SWITCH].changes)
        text = text_for(content, gather(content), report, has_next=has_next)
        return Offer(self.head, self.base, commits_of(content), text)


_GOING_ON = frozenset({Step.OPEN, Step.RENEW, Step.HANDS_OFF, Step.ELSEWHERE})
"""While one of these is done about `prepare`, `switch` waits."""


# -- telling ------------------------------------------------------------------------------


def _tell(work: _Work, results: Sequence[Result], output: Output) -> Outcome:
    """Say what was done in the log and the job's summary, and keep what could not be offered as a patch."""
    lines = [line for result in results for line in _lines(work, result)]
    blocked = [result for result in results if result.is_blocked and result.plan.group in work.contents]
    went: dict[str, int] = {}
    for result in blocked:
        content = work.contents[result.plan.group]
        name = PATCH if len(blocked) == 1 else f"{PATCH.removesuffix('.patch')}-{content.name}.patch"
        output.keep(name, render_diff(content.changes))
        lines.append(
            f"{content.name}: the changes are kept as {name} with the artifacts of this run; "
            f"`git apply {name}` makes them."
        )
        went["artifact"] = went.get("artifact", 0) + len(content.fixed)
    if not lines:
        lines = ["There is nothing to fix, and nothing to tidy up."]
    for line in lines:
        output.log(visible(line))
    output.summarise("## gaebot: fix-up pull requests\n\n" + "".join(f"- {prose(line)}\n" for line in lines))
    numbers = tuple(
        result.pull.number
        for result in results
        if result.pull is not None and result.plan.step is not Step.CLOSE
    )
    is_idle = not any(result.has_changed for result in results)
    why = " ".join(lines) if is_idle else ""
    return Outcome(work.apps.report(work.apps.subjects), went, pull_requests=numbers, why=why)


def _lines(work: _Work, result: Result) -> list[str]:
    """What there is to say of a group."""
    group, step = result.plan.group, result.plan.step
    content = work.contents.get(group)
    lines = []
    if step is not Step.NOTHING:
        number = f" #{result.pull.number}" if result.pull is not None else ""
        size = f" ({counted(len(content.fixed), 'finding')})" if content is not None and content.fixed else ""
        done = step.value
        if result.problems and (result.is_blocked or result.ends):
            done = "not all of it could be done"
        elif step is Step.RENEW and not result.has_changed:
            done = "its pull request is as it should be"
        lines.append(f"{group}{number}{size}: {done}.")
    if content is not None and content.left_out:
        lines.append(
            f"{group}: left out is what would change files in `.github/workflows`: "
            f"{'; '.join(content.left_out)}."
        )
    return [*lines, *(f"{group}: {problem}" for problem in result.problems)]
