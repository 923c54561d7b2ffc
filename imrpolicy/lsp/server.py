"""The server itself: the protocol by pygls, and nothing else."""

from __future__ import annotations

import asyncio
from importlib.metadata import version
from pathlib import Path

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from imrpolicy.facts import SchemaError
from imrpolicy.lsp.answers import completion_item, diagnostic, edit_of_whole, range_of, uri_of
from imrpolicy.lsp.complete import completions
from imrpolicy.lsp.complete_facts import fact_completions
from imrpolicy.lsp.form import FormError, formatted
from imrpolicy.lsp.hover import hover
from imrpolicy.lsp.places import criteria_beside, definition
from imrpolicy.lsp.positions import Text
from imrpolicy.lsp.rename import RenameError, Replacement, check_renamable, rename
from imrpolicy.lsp.session import Opened, Session
from imrpolicy.lsp.shadow import check_opened
from imrpolicy.lsp.targets import Target, target_at

# How long the typing has to pause before the files are checked, in seconds.
_PAUSE = 0.2
_TRIGGERS = [".", '"', "'"]


class PolicyServer(LanguageServer):
    """A language server for policies.

    Attributes:
        session: What it remembers between two requests.
    """

    def __init__(self) -> None:
        super().__init__("imrpolicy", version("imrpolicy"))
        self.session = Session()
        self._waiting: dict[Path, asyncio.Task[None]] = {}

    def opened(self, uri: str) -> Opened | None:
        """A file with its project; none where the server has nothing to say of it."""
        path = to_fs_path(uri)
        try:
            return self.session.opened(Path(path), self._unsaved()) if path else None
        except (OSError, SchemaError) as error:
            self.log(f"the schemas cannot be used: {error}; `imrpolicy check` says where")
            return None

    def text(self, uri: str) -> Text:
        """The text of a file as the editor has it."""
        source = self.workspace.get_text_document(uri).source
        return Text.of(source, self._encoding())

    def _encoding(self) -> str:
        return str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding))

    def _unsaved(self) -> dict[Path, str]:
        found = {}
        for uri, document in self.workspace.text_documents.items():
            path = to_fs_path(uri)
            if path:
                found[Path(path)] = Text.of(document.source).text
        return found

    def located(self, uri: str, place: types.Position) -> tuple[Opened | None, Target | None, Text]:
        """The file, the name at a place in it, and its text."""
        text, opened = self.text(uri), self.opened(uri)
        if opened is None:
            return None, None, text
        document = opened.project.document(opened.path)
        offset = text.offset(place.line, place.character)
        dictionary = opened.project.schemas.dictionary
        target = target_at(document, offset, opened.kind, dictionary) if document is not None else None
        return opened, target, text

    def check_soon(self, uri: str) -> None:
        """Check a file once the typing pauses."""
        opened = self.opened(uri)
        if opened is None:
            return
        # One check for each folder: what is typed in a policy changes what is wrong in its tests.
        folder = opened.path.parent
        waiting = self._waiting.pop(folder, None)
        if waiting is not None:
            waiting.cancel()
        self._waiting[folder] = asyncio.get_running_loop().create_task(self._check(uri))

    async def _check(self, uri: str) -> None:
        await asyncio.sleep(_PAUSE)
        opened = self.opened(uri)
        if opened is None:
            return
        try:
            found = await asyncio.to_thread(check_opened, opened.path, opened.kind, opened.project)
        except (OSError, SchemaError) as error:
            self.log(f"could not check {opened.path.name}: {error}")
            return
        for path, issues in found.items():
            document = opened.project.document(path)
            text = Text(document.text if document is not None else "", self._encoding())
            diagnostics = [diagnostic(issue, text, opened.project) for issue in issues]
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri_of(path), diagnostics))

    def log(self, message: str) -> None:
        """Tell the editor's log, where nobody is disturbed."""
        self.window_log_message(types.LogMessageParams(types.MessageType.Warning, message))

    def edit_of(self, found: tuple[Replacement, ...]) -> types.WorkspaceEdit:
        """Replacements in several files as one edit."""
        changes: dict[str, list[types.TextEdit]] = {}
        for one in found:
            text = Text(one.text, self._encoding())
            edit = types.TextEdit(range_of(text, one.start, one.end), one.new)
            changes.setdefault(uri_of(one.path), []).append(edit)
        return types.WorkspaceEdit(changes=changes)


def build() -> PolicyServer:
    """The server with everything that it can do."""
    server = PolicyServer()
    _register_checks(server)
    _register_answers(server)
    _register_edits(server)
    return server


def _register_checks(server: PolicyServer) -> None:
    # They are coroutines so that pygls runs them in the loop, where a check can be put off.
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def _opened(ls: PolicyServer, params: types.DidOpenTextDocumentParams) -> None:
        ls.check_soon(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def _changed(ls: PolicyServer, params: types.DidChangeTextDocumentParams) -> None:
        ls.check_soon(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def _saved(ls: PolicyServer, params: types.DidSaveTextDocumentParams) -> None:
        ls.check_soon(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def _closed(ls: PolicyServer, params: types.DidCloseTextDocumentParams) -> None:
        # What was not saved is gone, and so is what was wrong in it.
        ls.check_soon(params.text_document.uri)


def _register_answers(server: PolicyServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=_TRIGGERS))
    def _complete(ls: PolicyServer, params: types.CompletionParams) -> types.CompletionList:
        opened, text = ls.opened(params.text_document.uri), ls.text(params.text_document.uri)
        if opened is None:
            return types.CompletionList(is_incomplete=False, items=[])
        offset = text.offset(params.position.line, params.position.character)
        dictionary = opened.project.schemas.dictionary
        if opened.kind.schema == "policy":
            found = completions(text.text, offset, dictionary)
        else:
            known = criteria_beside(opened.path, opened.kind, opened.project)
            found = fact_completions(text.text, offset, opened.kind, dictionary, known)
        items = [completion_item(one, text, offset, order) for order, one in enumerate(found)]
        return types.CompletionList(is_incomplete=False, items=items)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def _hover(ls: PolicyServer, params: types.HoverParams) -> types.Hover | None:
        opened, target, text = ls.located(params.text_document.uri, params.position)
        if opened is None or target is None:
            return None
        markdown = hover(target, opened.path, opened.kind, opened.project)
        content = types.MarkupContent(types.MarkupKind.Markdown, markdown)
        return types.Hover(content, range_of(text, target.start, target.end)) if markdown else None

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    def _definition(ls: PolicyServer, params: types.DefinitionParams) -> types.Location | None:
        opened, target, _ = ls.located(params.text_document.uri, params.position)
        if opened is None or target is None:
            return None
        found = definition(target, opened.path, opened.kind, opened.project)
        if found is None:
            return None
        text = Text(found.text, ls._encoding())  # noqa: SLF001 - of the same module
        return types.Location(uri_of(found.path), range_of(text, found.start, found.end))


def _register_edits(server: PolicyServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    def _prepare(ls: PolicyServer, params: types.PrepareRenameParams) -> types.Range:
        opened, target, text = ls.located(params.text_document.uri, params.position)
        if opened is None:
            raise _refusal("this is no file of policies")
        try:
            check_renamable(target, opened.path, opened.kind, opened.project)
        except RenameError as error:
            raise _refusal(str(error)) from error
        assert target is not None  # noqa: S101 - it was just checked
        return range_of(text, target.start, target.end)

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    def _rename(ls: PolicyServer, params: types.RenameParams) -> types.WorkspaceEdit:
        opened, target, _ = ls.located(params.text_document.uri, params.position)
        if opened is None:
            raise _refusal("this is no file of policies")
        try:
            found = rename(target, params.new_name, opened.path, opened.kind, opened.project)
        except RenameError as error:
            raise _refusal(str(error)) from error
        return ls.edit_of(found)

    @server.feature(types.TEXT_DOCUMENT_FORMATTING)
    def _format(ls: PolicyServer, params: types.DocumentFormattingParams) -> list[types.TextEdit]:
        opened, text = ls.opened(params.text_document.uri), ls.text(params.text_document.uri)
        if opened is None:
            return []
        try:
            new = formatted(text.text, opened.path, opened.kind, opened.project)
        except FormError as error:
            ls.log(str(error))
            return []
        return [] if new == text.text else [edit_of_whole(text, new)]


def _refusal(message: str) -> JsonRpcInvalidParams:
    return JsonRpcInvalidParams(message)
