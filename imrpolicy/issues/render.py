"""Issues as text that a person likes to read."""

from __future__ import annotations

from imrpolicy.issues.issue import Issue

# A line longer than this is cut around the caret, so that a hostile line of a megabyte stays readable.
_WIDEST = 120


def render(issue: Issue) -> str:
    """One issue as text: the place and the message, the line with a caret, and the next step.

    >>> from imrpolicy.issues import Place
    >>> print(render(Issue(place=Place("a.yaml", 2, 7), rule="unknown-fact", message="no fact `request.day`",
    ...     help="did you mean `request.days`?", source="when: request.day < 3", length=11)))
    a.yaml:2:7: error[unknown-fact]: no fact `request.day`
      2 | when: request.day < 3
        |       ^^^^^^^^^^^
      help: did you mean `request.days`?
    """
    lines = [f"{issue.place}: {issue.severity.value}[{issue.rule}]: {issue.message}"]
    if issue.source.strip():
        lines += _excerpt(issue)
    if issue.help:
        lines.append(f"  help: {issue.help}")
    return "\n".join(lines)


def _excerpt(issue: Issue) -> list[str]:
    source = "".join(c if c.isprintable() else " " for c in issue.source)
    column = issue.place.column - 1
    if len(source) > _WIDEST:
        start = max(0, column - _WIDEST // 2)
        source, column = source[start : start + _WIDEST], column - start
    length = max(1, min(issue.length, len(source) - column))
    number = str(issue.place.line)
    return [
        f"  {number} | {source.rstrip()}",
        f"  {' ' * len(number)} | {' ' * column}{'^' * length}",
    ]
