"""What an editor shows of the name under the pointer."""

from __future__ import annotations

from pathlib import Path

from imrpolicy.authored.node import plain_data
from imrpolicy.lsp.functions import BY_NAME
from imrpolicy.lsp.places import policy_of
from imrpolicy.lsp.project import FileKind, Project
from imrpolicy.lsp.targets import Sort, Target
from imrpolicy.lsp.tree import named_members, text_at
from imrpolicy.lsp.wording import (
    criterion_in_markdown,
    field_in_markdown,
    function_in_markdown,
    value_in_markdown,
)
from imrpolicy.policy.files import SOURCES_FILE


def hover(target: Target, path: Path, kind: FileKind, project: Project) -> str:
    """What a name means, in Markdown; empty where nothing is known of it.

    Args:
        target: The name.
        path: The file that it is in.
        kind: The kind of that file.
        project: The project.
    """
    match target.sort:
        case Sort.FACT if target.field is not None:
            return field_in_markdown(target.name, target.field)
        case Sort.VALUE if target.field is not None:
            inner = target.field.type.element or target.field.type
            return value_in_markdown(target.name, target.field.title, inner, target.value)
        case Sort.FUNCTION:
            return function_in_markdown(BY_NAME[target.name])
        case Sort.CRITERION:
            document = policy_of(target, path, kind, project)
            member = named_members(document).get(target.name) if document is not None else None
            data = plain_data(member) if member is not None else None
            return criterion_in_markdown(data, project.schemas.dictionary) if data else ""
        case Sort.POLICY | Sort.VERSION:
            document = policy_of(target, path, kind, project)
            if document is None:
                return ""
            return f"**{text_at(document, 'title')}**\n\n{text_at(document, 'summary')}"
        case Sort.SOURCE:
            document = project.document(project.root / SOURCES_FILE)
            if document is None:
                return ""
            title = text_at(document, "sources", target.name, "title")
            return f"**{title}**\n\n{text_at(document, 'sources', target.name, 'publisher')}" if title else ""
    return ""
