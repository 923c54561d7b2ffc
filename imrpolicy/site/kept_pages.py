"""What the page of a policy is made from, so that it can be kept as long as none of it changes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from imrpolicy.policy import Policy
from imrpolicy.site.examples import decided_cases
from imrpolicy.site.model import Content, policy_path
from imrpolicy.site.policy_page import Options
from imrpolicy.site.words import services

Rows = tuple[tuple[object, ...], ...]


def neighbours(content: Content) -> dict[str, Rows]:
    """By service what the pages of other policies on it show of each policy."""
    found: dict[str, list[tuple[object, ...]]] = {}
    for policy in content.newest:
        shown = (policy.id, policy.title, policy.source.guideline, policy.stance, policy.status)
        for service in services(policy):
            found.setdefault(service, []).append((*shown, policy.effective))
    return {service: tuple(rows) for service, rows in found.items()}


def made_from(content: Content, policy: Policy, options: Options, near: Mapping[str, Rows]) -> Hashable:
    """Everything that the page of a version is made from, as a key under which it can be kept.

    Its folder, and what is around the folders of policies, are in its mark. Two sections are made from other
    policies: what else there is on its services, and the cases that it decides, which others may decide too.
    """
    path = policy_path(policy, content.versions[policy.id])
    return (
        content.marks[policy.id],
        (options.edit, options.guide, options.form is not None),
        tuple((service, near[service]) for service in sorted(services(policy)) if service in near),
        str(decided_cases(content, policy, path)),
    )
