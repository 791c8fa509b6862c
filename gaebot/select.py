"""Which rules run and which findings are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from gaebot.rule import Rule


class UnknownRuleError(ValueError):
    """A name that is neither a rule nor a family. The text names the nearest right one."""


def choose(rules: Sequence[Rule], select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The rules to run: those selected (all, when nothing is) without those ignored.

    Both hold rule ids ('yaml-runtime') and families ('yaml', which stands for all its rules), or
    several of them with commas between. Raises `UnknownRuleError`.
    """
    selected = _matching(rules, select)
    ignored = _matching(rules, ignore)
    return tuple(rule for rule in rules if (rule in selected or not selected) and rule not in ignored)


def find_rule(rules: Sequence[Rule], rule_id: str) -> Rule:
    """The rule with an id. Raises `UnknownRuleError`."""
    for rule in rules:
        if rule.id == rule_id:
            return rule
    raise UnknownRuleError(_unknown(rule_id, [rule.id for rule in rules]))


def in_focus(focus: Iterable[str]) -> Callable[[str], bool]:
    """Whether a path in the app is one of those asked for, or lies below one; always when none is."""
    wanted = frozenset(focus)

    def is_asked_for(path: str) -> bool:
        parts = path.split("/")
        return not wanted or any("/".join(parts[:length]) in wanted for length in range(1, len(parts) + 1))

    return is_asked_for


def _matching(rules: Sequence[Rule], names: Iterable[str]) -> frozenset[Rule]:
    whole = names.split(",") if isinstance(names, str) else [n for name in names for n in name.split(",")]
    known = {rule.id for rule in rules} | {rule.family for rule in rules}
    for name in map(str.strip, whole):
        if name and name not in known:
            raise UnknownRuleError(_unknown(name, known))
    wanted = {name.strip() for name in whole}
    return frozenset(rule for rule in rules if rule.id in wanted or rule.family in wanted)


def _unknown(name: str, known: Iterable[str]) -> str:
    import difflib  # noqa: PLC0415 - only a wrong name needs it

    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    hint = f"Did you mean {near[0]}?" if near else "`gaebot rules` lists them."
    return f"There is no rule called {name!r}. {hint}"
