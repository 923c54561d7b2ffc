"""Messages for keys that are unknown, missing or at odds with each other."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from imrpolicy.authored.branches import best_alternatives, choices
from imrpolicy.authored.finding import Finding, known_words
from imrpolicy.authored.wording import listed, quoted
from imrpolicy.issues import Issue, nearest


def unknown_key(finding: Finding) -> Iterator[Issue]:
    """Keys that the schema does not know, each at its place."""
    known = list(finding.broken.schema.get("properties", {}))
    for key in finding.broken.unknown_keys():
        near = _meant(key, known)
        if key in finding.broken.known_beside and not near:
            message = f"{quoted(key)} does not go together with the other keys of {finding.subject}"
            yield finding.issue("conflicting-keys", message, known_words(known), at=finding.at_key(key))
        else:
            message = f"{quoted(key)} is not a key of {finding.subject}"
            help = f"did you mean `{near}`?" if near else known_words(known) if known else ""
            if near and key.startswith(f"{near}:"):
                help = f"type a space after `{near}:`"
            yield finding.issue("unknown-key", message, help, at=finding.at_key(key))


def missing_key(finding: Finding) -> Iterator[Issue]:
    """Keys that are required and not there, not even misspelt."""
    properties = finding.broken.schema.get("properties", {})
    strange = [key for key in finding.broken.value if key not in properties] if properties else []
    meant = {_meant(key, properties) for key in strange}
    for key in finding.broken.missing_keys():
        if key in meant:
            continue
        reason = None if properties else finding.because_of(key, forbidden=False)
        known = properties or finding.schema.get("properties", {})
        said = finding.said(known.get(key, {}))
        help = f"add `{key}:`" + (f" ({said})" if said else "")
        if reason is None:
            yield finding.issue("missing-key", f"{finding.subject} has no key `{key}`", help)
        else:
            message = f"with `{reason[0]}: {reason[1]}`, {finding.subject} needs the key `{key}`"
            yield finding.issue("missing-key", message, help, at=finding.at_key(reason[0]))


def missing_partner(finding: Finding) -> Iterator[Issue]:
    """Keys that another key calls for."""
    for key, partners in finding.broken.wanted.items():
        for partner in partners:
            if key in finding.broken.value and partner not in finding.broken.value:
                message = f"with `{key}`, {finding.subject} needs the key `{partner}` too"
                yield finding.issue("missing-key", message, f"add `{partner}:`", at=finding.at_key(key))


def missing_one_of(finding: Finding) -> Iterator[Issue]:
    """A mapping that lacks the one key that would tell which alternative it is."""
    alternatives = best_alternatives(finding.broken)
    missing = dict.fromkeys(key for rules in alternatives for rule in rules for key in rule.missing_keys())
    names = listed(f"`{key}`" for key in missing)
    if any(nearest(key, missing) for key in finding.broken.value):
        return  # a misspelt one, which is told as a key that is unknown
    yield finding.issue("missing-key", f"{finding.subject} needs one of the keys {names}", "add one of them")
    unknown = [
        {key for rule in rules if rule.keyword == "additionalProperties" for key in rule.unknown_keys()}
        for rules in alternatives
    ]
    for key in sorted(set.intersection(*unknown)):
        message = f"{quoted(key)} is not a key of {finding.subject}"
        yield finding.issue("unknown-key", message, at=finding.at_key(key))


def together(finding: Finding, groups: list[list[str]]) -> Iterator[Issue]:
    """Keys of which only one may be given."""
    given = [key for group in groups for key in group if key in finding.broken.value]
    names = listed((f"`{key}`" for key in dict.fromkeys(given)), "and")
    at = finding.at_key(given[-1]) if given else finding.node
    yield finding.issue("conflicting-keys", f"{names} cannot be given together", "keep one of them", at=at)


def misnamed_key(finding: Finding) -> Iterator[Issue]:
    """A key that is not among the names, or not of the form, that the schema admits."""
    key = finding.broken.value
    at = finding.at_key(key)
    known = [str(choice.value) for choice in choices(finding.broken)]
    if known:
        near = nearest(key, known)
        help = f"did you mean `{near}`?" if near else known_words(known)
        yield finding.issue("unknown-key", f"{quoted(key)} is not a key of {finding.subject}", help, at=at)
    else:
        message = f"{quoted(key)} does not have the form of the keys of {finding.subject}"
        yield finding.issue("wrong-form", message, finding.said(), at=at)


def _meant(key: str, known: Collection[str]) -> str | None:
    """The known key that an unknown one most likely stands for; `{from:2009}` is a key with its value."""
    head = key.partition(":")[0]
    return head if head in known else nearest(key, known)
