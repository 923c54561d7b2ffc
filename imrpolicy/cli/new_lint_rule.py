"""A new rule of the catalogue, in a checkout of the project: its module, its cases and its page."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from imrpolicy.cli.write import write_whole
from imrpolicy.issues import Severity
from imrpolicy.lint import RULES, Rule
from imrpolicy.policy import shown

_ID = re.compile(r"[a-z]+(?:-[a-z]+)*", re.ASCII)
_LONGEST = 60
_REGISTRY = Path("imrpolicy/lint/registry.py")
_PACKAGE = Path("imrpolicy/lint/rules")
_CASES = Path("tests/lint/rules")
_PAGES = Path("docs/rules")

_PAGE = """\
<what the rule finds, in one sentence that ends with a period>

## Why

<what goes wrong for whom, where nobody notices>

## Avoid

```yaml
text: The knee gives way, <the word>.
```

## Prefer

```yaml
text: The knee gives way on examination.
```

## Source

<where the reason comes from>

## What it does not see

<what is left out, so that nothing is found which is fine>
"""

_MODULE = '''\
"""{page}"""

from __future__ import annotations

from collections.abc import Iterator

from imrpolicy.issues import Severity
from imrpolicy.lint.project import Project
from imrpolicy.lint.rule import Finding, Rule

_WORD = "<the word>"


def check(project: Project) -> Iterator[Finding]:
    """Look at the text of each criterion, exclusion and condition."""
    for policy in project.current:
        for leaf in policy.leaves:
            if _WORD in leaf.text:
                yield Finding(
                    subject=f"{{policy.id}}#{{leaf.id}}",
                    file=policy.file,
                    leaf=leaf.id,
                    path=("text",),
                    words=_WORD,
                    message=f"the text says `{{_WORD}}`",
                    help="<what to do next>",
                )


RULE = Rule(id="{id}", severity=Severity.WARNING, check=check, page=__doc__ or "")
'''

_DATA = """\
pass:
- name: Nothing is wrong.
fail:
- name: <what an editor did>
  changes:
  - file: policies/demo/knee-brace/policy.yaml
    find: 'text: The knee gives way on examination.'
    with: 'text: The knee gives way, <the word>.'
  finds:
  - at: demo/knee-brace/policy.yaml:16
    marked: <the word>
    message: the text says `<the word>`
"""


class NewRuleError(ValueError):
    """A rule cannot be started; the message says why and what to do next."""


def new_lint_rule(top: Path, name: str) -> tuple[Path, ...]:
    """Write a rule with blanks, which finds a word, and enter it in the catalogue.

    Args:
        top: The checkout.
        name: The id of the rule, such as `summary-number`.

    Returns:
        The files written.

    Raises:
        NewRuleError: The id is none or taken, or this is no checkout of the project.
        OSError: A file cannot be written.
    """
    if _ID.fullmatch(name) is None or len(name) > _LONGEST:
        raise NewRuleError(
            f"`{name[:_LONGEST]}` is no id: write small letters and hyphens, such as `summary-number`"
        )
    module = name.replace("-", "_")
    if keyword.iskeyword(module):
        raise NewRuleError(f"`{name}` is a word of Python; write two words, such as `summary-number`")
    if not (top / _REGISTRY).is_file():
        raise NewRuleError(
            f"there is no {_REGISTRY.as_posix()} here; a rule is a part of imrpolicy: go to a checkout of it"
        )
    if name in {rule.id for rule in RULES}:
        raise NewRuleError(f"the rule `{name}` exists already; `imrpolicy check --explain {name}` shows it")
    page = Rule(id=name, severity=Severity.WARNING, check=lambda _: (), page=_PAGE).markdown
    files = {
        top / _PACKAGE / f"{module}.py": _MODULE.format(page=_PAGE, id=name),
        top / _CASES / f"{name}.yaml": _DATA,
        top / _PAGES / f"{name}.md": page,
        top / _REGISTRY: _entered((top / _REGISTRY).read_text(encoding="utf-8"), module),
    }
    for path in files:
        # Nothing is written before all of it can be.
        if not path.parent.is_dir():
            raise NewRuleError(f"there is no directory {shown(path.parent)}; restore the checkout")
        if path.exists() and path.name != _REGISTRY.name:
            raise NewRuleError(f"{shown(path)} exists already; choose another id, or delete the file")
    for path, text in files.items():
        write_whole(path, text)
    return tuple(files)


def _entered(registry: str, module: str) -> str:
    """The catalogue with one more rule, at its place in the list of imports and in that of the rules."""
    for ending in (",\n", ".RULE,\n"):
        found = re.search(rf"(?:^    [a-z_]+{re.escape(ending)})+", registry, re.MULTILINE)
        if found is None:
            raise NewRuleError(f"{_REGISTRY.as_posix()} has no list of rules; restore it")
        lines = sorted({*found[0].splitlines(keepends=True), f"    {module}{ending}"})
        registry = registry[: found.start()] + "".join(lines) + registry[found.end() :]
    return registry
