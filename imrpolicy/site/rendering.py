"""The HTML of the site: Jinja templates that escape whatever they are given."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from imrpolicy.authored.wording import listed
from imrpolicy.expression import facts_of, in_english
from imrpolicy.facts import label, number
from imrpolicy.site import text, words
from imrpolicy.site.text import clean


def render(template: str, page: str, **values: Any) -> Markup:
    """The HTML of a template.

    Args:
        template: Its name, without the ending.
        page: The path of the page that it goes on, from which its links start.
        values: What it shows.
    """
    made = _environment().get_template(f"{template}.html.j2").render(href=partial(text.link, page), **values)
    return Markup(made.strip())  # noqa: S704 - the environment escapes every value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("imrpolicy.site"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        t=text.html,
        prose=text.prose,
        code=text.code,
        web=text.web_address,
        english=lambda node: text.html(in_english(node)),
        facts=facts_of,
        day=words.day,
        period=words.period,
        listed=partial(listed, last="and"),
        short=words.short,
        linked=_linked,
        first=lambda value: value[:1].upper() + value[1:],
    )
    environment.globals.update(
        words=words, label=label, number=number, plural=words.plural, rule=words.rule, chip=_chip
    )
    return environment


def _chip(chip: words.Chip) -> Markup:
    return Markup('<span class="imr-chip imr-{}">{}</span>').format(chip.tone, chip.word)


def _linked(value: str) -> Markup:
    """A text in which web addresses are links."""
    made = []
    for word in clean(value).split(" "):
        bare = word.strip("()<>,.;")
        address = text.web_address(bare) if bare.startswith("http") else ""
        if address:
            before, _, after = word.partition(bare)
            made.append(Markup('{}<a href="{}" rel="noopener">{}</a>{}').format(before, address, bare, after))
        else:
            made.append(text.html(word))
    return Markup(" ").join(made)
