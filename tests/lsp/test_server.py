"""The server driven over stdio by a real client, as an editor does it."""

from __future__ import annotations

import asyncio
import sys

import pytest

pytest.importorskip("pygls")

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient

UNIT = "policies/odg/continuous-flow-cryotherapy"
_PATIENCE = 60


class Editor:
    """An editor with one file open.

    Attributes:
        client: The client.
        path: The file.
        text: Its text as typed so far.
    """

    def __init__(self, path):
        self.client = LanguageClient("editor", "1")
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.uri = path.as_uri()
        self.capabilities = None
        self._version = 1
        self._reports = asyncio.Queue()

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _published(params):
            self._reports.put_nowait(params)

    async def start(self, root):
        await self.client.start_io(sys.executable, "-m", "imrpolicy", "lsp", cwd=root)
        utf16 = types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind.Utf16])
        wanted = types.ClientCapabilities(general=utf16)
        params = types.InitializeParams(capabilities=wanted, root_uri=root.as_uri())
        answer = await self.client.initialize_async(params)
        self.capabilities = answer.capabilities
        self.client.initialized(types.InitializedParams())
        item = types.TextDocumentItem(self.uri, "yaml", self._version, self.text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    async def stop(self):
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await asyncio.wait_for(self.client.stop(), _PATIENCE)
        return self.client._server.returncode

    def type(self, old, new):
        """Type something, as one change of a range."""
        assert self.text.count(old) >= 1
        start = self.text.index(old)
        where = types.Range(self.place(start), self.place(start + len(old)))
        self.text = self.text.replace(old, new, 1)
        self._version += 1
        change = types.TextDocumentContentChangePartial(range=where, text=new)
        document = types.VersionedTextDocumentIdentifier(self._version, self.uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def place(self, offset):
        before = self.text[:offset]
        line = before.rpartition("\n")[2]
        return types.Position(before.count("\n"), len(line.encode("utf-16-le")) // 2)

    def at(self, marked):
        """The place behind a text, with the document, as requests have them."""
        place = self.place(self.text.index(marked) + len(marked))
        return {"text_document": types.TextDocumentIdentifier(self.uri), "position": place}

    async def report(self, name="policy.yaml"):
        """The next report about a file."""
        while True:
            found = await asyncio.wait_for(self._reports.get(), _PATIENCE)
            if found.uri.endswith(f"/{name}"):
                return list(found.diagnostics)


def in_an_editor(project, file, steps):
    """Run some steps in an editor that has a file open, and end it as editors do."""

    async def session():
        editor = Editor(project / file)
        await editor.start(project)
        await steps(editor)
        return await editor.stop()

    assert asyncio.run(asyncio.wait_for(session(), 4 * _PATIENCE)) == 0


@pytest.fixture
def draft(project):
    """A policy that may be changed, with letters beyond the first 65,536 in a line with an expression."""
    policy = project / UNIT / "policy.yaml"
    text = policy.read_text(encoding="utf-8").replace("status: released", "status: draft")
    block = "    - id: duration\n"
    assert block in text
    line = '    - {id: cold, text: "😀 cold", when: request.duration_days <= 14}\n'
    policy.write_text(text.replace(block, line + block), encoding="utf-8")
    return project


def test_problems_are_shown_while_typing(draft):
    async def steps(editor):
        assert await editor.report() == []
        editor.type("request.duration_days <= 14", "request.duration_day <= 14")
        [problem] = await editor.report()
        assert (problem.code, problem.source) == ("unknown-fact", "imrpolicy")
        assert problem.severity == types.DiagnosticSeverity.Error
        assert "did you mean `request.duration_days`?" in problem.message
        start = editor.text.index("request.duration_day <=")
        assert problem.range.start == editor.place(start)
        assert problem.range.end == editor.place(start + len("request.duration_day"))
        editor.type("request.duration_day <= 14", "request.duration_days <= 14")
        assert await editor.report() == []

    in_an_editor(draft, f"{UNIT}/policy.yaml", steps)


def test_a_problem_leads_to_the_page_on_its_rule(draft):
    page = draft / "docs/rules/unknown-fact.md"
    page.parent.mkdir(parents=True)
    page.write_text("# unknown-fact\n", encoding="utf-8")

    async def steps(editor):
        await editor.report()
        editor.type("request.duration_days <= 14", "request.duration_day <= 14")
        [problem] = await editor.report()
        assert problem.code_description.href == page.as_uri()
        editor.type("status: draft", "status: drft")
        problems = await editor.report()
        assert {problem.code for problem in problems if problem.code_description is None} == {"unknown-value"}

    in_an_editor(draft, f"{UNIT}/policy.yaml", steps)


def test_what_is_not_saved_is_forgotten_with_the_file(draft):
    async def steps(editor):
        await editor.report()
        editor.type("request.duration_days <= 14", "request.duration_day <= 14")
        assert await editor.report() != []
        document = types.TextDocumentIdentifier(editor.uri)
        editor.client.text_document_did_close(types.DidCloseTextDocumentParams(document))
        assert await editor.report() == []

    in_an_editor(draft, f"{UNIT}/policy.yaml", steps)


def test_what_is_typed_in_a_policy_shows_in_its_tests(draft):
    async def steps(editor):
        await editor.report("tests.yaml")
        editor.type("- id: duration", "- id: days")
        problems = await editor.report("tests.yaml")
        assert {problem.code for problem in problems} == {"unknown-criterion"}

    in_an_editor(draft, f"{UNIT}/policy.yaml", steps)


def test_broken_yaml_does_not_stop_the_server(draft):
    async def steps(editor):
        await editor.report()
        for broken in ("criteria: [", "criteria: \t{", 'criteria: "', "criteria: |\n\0"):
            editor.type("criteria:", broken)
            assert await editor.report() != []
            editor.type(broken, "criteria:")
            assert await editor.report() == []
        editor.type("criteria:\n", 'criteria: [\n    - id: q\n      when: pain.radicular == "')
        found = await editor.client.text_document_completion_async(
            types.CompletionParams(**editor.at('pain.radicular == "'))
        )
        assert "none" in [item.label for item in found.items]

    in_an_editor(draft, f"{UNIT}/policy.yaml", steps)


def test_names_are_completed_and_explained(draft):
    async def steps(editor):
        client = editor.client
        editor.type("request.duration_days <= 14", "request.dur")
        found = await client.text_document_completion_async(
            types.CompletionParams(**editor.at("request.dur"))
        )
        [item] = [item for item in found.items if item.label == "request.duration_days"]
        assert item.detail == "Duration of use"
        start = editor.text.index("request.dur}")
        assert item.text_edit.range.start == editor.place(start)
        editor.type("request.dur}", "request.duration_days <= 14}")
        shown = await client.text_document_hover_async(
            types.HoverParams(**editor.at("when: request.duration_d"))
        )
        assert "For how many days is the item requested?" in shown.contents.value
        assert shown.range.start == editor.place(editor.text.index("request.duration_days <= 14"))
        where = await client.text_document_definition_async(
            types.DefinitionParams(**editor.at("when: request.duration_d"))
        )
        assert where.uri.endswith("/schemas/case.schema.json")
        schema = (draft / "schemas/case.schema.json").read_text(encoding="utf-8").split("\n")
        assert '"duration_days": {' in schema[where.range.start.line]

    in_an_editor(draft, f"{UNIT}/policy.yaml", steps)


def test_a_test_is_completed_with_the_criteria_as_they_are_typed(draft):
    async def steps(editor):
        editor.type("criteria: {site: met, duration: not_met}", "criteria: {")
        asked = types.CompletionParams(**editor.at("criteria: {"))
        found = await editor.client.text_document_completion_async(asked)
        assert [item.label for item in found.items] == [
            "postoperative",
            "site",
            "cold",
            "duration",
            "purchase",
        ]

    text = (draft / UNIT / "tests.yaml").read_text(encoding="utf-8")
    one = "criteria: {postoperative: met, site: met, duration: met, purchase: not_met}"
    assert one in text
    (draft / UNIT / "tests.yaml").write_text(
        text.replace(one, "criteria: {site: met, duration: not_met}", 1), encoding="utf-8"
    )
    in_an_editor(draft, f"{UNIT}/tests.yaml", steps)


def test_a_criterion_is_renamed(draft):
    async def steps(editor):
        client, here = editor.client, editor.at("- id: dura")
        where = await client.text_document_prepare_rename_async(types.PrepareRenameParams(**here))
        assert where.start == editor.place(editor.text.index("- id: duration") + len("- id: "))
        edit = await client.text_document_rename_async(types.RenameParams(new_name="days", **here))
        assert sorted(uri.rpartition("/")[2] for uri in edit.changes) == ["policy.yaml", "tests.yaml"]
        assert {one.new_text for edits in edit.changes.values() for one in edits} == {"days"}
        with pytest.raises(JsonRpcException, match="the id `site` is already used"):
            await client.text_document_rename_async(types.RenameParams(new_name="site", **here))
        with pytest.raises(JsonRpcException, match="`Two Words` is no id"):
            await client.text_document_rename_async(types.RenameParams(new_name="Two Words", **here))
        elsewhere = editor.at("title: Cont")
        with pytest.raises(JsonRpcException, match="only the id of a criterion"):
            await client.text_document_rename_async(types.RenameParams(new_name="days", **elsewhere))

    in_an_editor(draft, f"{UNIT}/policy.yaml", steps)


def test_a_file_is_formatted(draft):
    async def steps(editor):
        options = types.FormattingOptions(tab_size=2, insert_spaces=True)
        document = types.TextDocumentIdentifier(editor.uri)
        request = types.DocumentFormattingParams(document, options)
        editor.type("title: ", "title:     ")
        [edit] = await editor.client.text_document_formatting_async(request)
        assert "title: Continuous-flow" in edit.new_text
        editor.type("criteria:", "criteria: [")
        assert not await editor.client.text_document_formatting_async(request)

    in_an_editor(draft, f"{UNIT}/policy.yaml", steps)


def test_a_broken_schema_silences_the_server_until_it_is_mended(draft):
    schema = draft / "schemas/case.schema.json"
    whole = schema.read_text(encoding="utf-8")

    async def steps(editor):
        await editor.report()
        here = types.HoverParams(**editor.at("when: request.dura"))
        schema.write_text("{", encoding="utf-8")
        assert await editor.client.text_document_hover_async(here) is None
        schema.write_text(whole, encoding="utf-8")
        assert await editor.client.text_document_hover_async(here) is not None

    in_an_editor(draft, f"{UNIT}/policy.yaml", steps)


def test_other_files_are_left_alone(project):
    (project / "notes.yaml").write_text("when: a.b\n", encoding="utf-8")

    async def steps(editor):
        found = await editor.client.text_document_completion_async(
            types.CompletionParams(**editor.at("when: a"))
        )
        assert not found.items
        here = types.HoverParams(**editor.at("when: a"))
        assert await editor.client.text_document_hover_async(here) is None

    in_an_editor(project, "notes.yaml", steps)
