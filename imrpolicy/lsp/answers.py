"""Answers of the server in the terms of the protocol."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from imrpolicy.issues import Issue, Severity
from imrpolicy.lsp.complete import Completion, What
from imrpolicy.lsp.positions import Text
from imrpolicy.lsp.project import Project

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
}
_ICONS = {
    What.FACT: types.CompletionItemKind.Field,
    What.VALUE: types.CompletionItemKind.EnumMember,
    What.FUNCTION: types.CompletionItemKind.Function,
    What.VARIABLE: types.CompletionItemKind.Variable,
}
_SOURCE = "imrpolicy"


def range_of(text: Text, start: int, end: int) -> types.Range:
    """The range between two offsets."""
    return types.Range(types.Position(*text.place(start)), types.Position(*text.place(end)))


def diagnostic(issue: Issue, text: Text, project: Project) -> types.Diagnostic:
    """An issue at its place, with the page on its rule where the project has one."""
    lines = text.text.split("\n")
    number = min(issue.place.line, len(lines)) - 1
    start = sum(len(line) + 1 for line in lines[:number]) + min(issue.place.column - 1, len(lines[number]))
    end = min(start + issue.length, len(text.text))
    page = project.root.parent / "docs" / "rules" / f"{issue.rule}.md"
    link = types.CodeDescription(page.absolute().as_uri()) if page.is_file() else None
    help = f"\nhelp: {issue.help}" if issue.help else ""
    return types.Diagnostic(
        range=range_of(text, start, end),
        message=issue.message + help,
        severity=_SEVERITIES[issue.severity],
        code=issue.rule,
        code_description=link,
        source=_SOURCE,
    )


def completion_item(found: Completion, text: Text, offset: int, order: int) -> types.CompletionItem:
    """One line of the list that an editor shows."""
    form = types.InsertTextFormat.Snippet if found.is_snippet else types.InsertTextFormat.PlainText
    documentation = types.MarkupContent(types.MarkupKind.Markdown, found.markdown) if found.markdown else None
    return types.CompletionItem(
        label=found.label,
        kind=_ICONS[found.what],
        detail=found.detail,
        documentation=documentation,
        filter_text=found.text if found.what is What.VALUE else found.label,
        sort_text=f"{order:04}",
        insert_text_format=form,
        text_edit=types.TextEdit(range_of(text, found.start, offset), found.text),
    )


def edit_of_whole(text: Text, new: str) -> types.TextEdit:
    """A new text for a whole file."""
    return types.TextEdit(range_of(text, 0, len(text.text)), new)


def uri_of(path: Path) -> str:
    """The address of a file."""
    return path.absolute().as_uri()
