"""A new source of guidelines, with blanks to fill in; what is written in the file already stays as it is."""

from __future__ import annotations

import re

from imrpolicy.authored import Document, Mapping, parse_document
from imrpolicy.issues import has_errors
from imrpolicy.policy.files import SEQUENCES

# As the schema of sources has it.
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_LONGEST = 60

_SOURCE = """\
  {id}:
    title: <the full name, as letters cite it>
    publisher: <who publishes it>
    kind: guideline
    note: <how far it was read, and what it is good for>
"""


class NewSourceError(ValueError):
    """A source cannot be started; the message says why and what to do next."""


def with_source(document: Document, name: str) -> str:
    """The text of `sources.yaml` with one source more, at its end.

    Args:
        document: The file, read without errors.
        name: The id of the source, which names the folder of its policies.

    Raises:
        NewSourceError: The id is none, or exists already; or the file has no sources to add to.
    """
    if not _ID.fullmatch(name) or len(name) > _LONGEST:
        raise NewSourceError(
            f"`{name[:_LONGEST]}` is no id: write small letters, digits and hyphens, such as `va-dod`"
        )
    known = document.node_at(("sources",)) if document.root is not None else None
    if not isinstance(known, Mapping) or list(document.data()) != ["sources"]:
        raise NewSourceError(f"{document.path} has no `sources:` to add to; run `imrpolicy check`")
    if name == SEQUENCES:
        raise NewSourceError(f"the folder `{name}` holds the search sequences; choose another id")
    if name in known.entries:
        line = known.keys[name].place.line
        raise NewSourceError(f"the source `{name}` exists already, in line {line} of {document.path}")
    text = document.text if document.text.endswith("\n") else document.text + "\n"
    text += _SOURCE.format(id=name)
    broken = has_errors(parse_document(text.encode(), document.path).issues)
    if broken or {key.place.column for key in known.keys.values()} != {3}:
        raise NewSourceError(f"{document.path} is not in canonical form; run `imrpolicy fmt {document.path}`")
    return text
