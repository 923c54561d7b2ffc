"""Draws the facts of a block of requests, column by column.

A block has a fixed number of rows and its own source of chance for each fact, which only the seed, the number
of the block and the name of the fact decide. So a row is the same however many others are asked for, and a
fact that is added to the dictionary leaves the others as they were.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from imrpolicy.population import draws
from imrpolicy.population.model import QUALITY, Rule
from imrpolicy.population.plan import Plan
from imrpolicy.population.source import Source, below
from imrpolicy.population.vectors import Column, Mask, Scores

BLOCK_ROWS = 8_192


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some requests in a row.

    Attributes:
        first: The number of the first request in the population, from 0.
        rows: How many there are.
        columns: The facts, and what is true of the case; whether or not any record has them.
        documented: For each fact where a record has it, and the records agree.
        conflicting: For some facts where the records contradict each other.
        second: Where a request is the second one of the case before it.
        plan: What was drawn.
    """

    first: int
    rows: int
    columns: Mapping[str, Column]
    documented: Mapping[str, Mask]
    conflicting: Mapping[str, Mask]
    second: Mask
    plan: Plan

    def cut(self, rows: int) -> Block:
        """The first rows of it."""
        if rows >= self.rows:
            return self
        index = np.arange(rows)
        return Block(
            first=self.first,
            rows=rows,
            columns={name: column.take(index) for name, column in self.columns.items()},
            documented={name: mask[:rows] for name, mask in self.documented.items()},
            conflicting={name: mask[:rows] for name, mask in self.conflicting.items()},
            second=self.second[:rows],
            plan=self.plan,
        )


def draw_block(plan: Plan, seed: int, number: int) -> Block:
    """Draw the block with a number, from 0."""
    return _Drawing(plan, seed, number).block()


class _Drawing:
    """One block that is being drawn."""

    def __init__(self, plan: Plan, seed: int, number: int) -> None:
        self._plan, self._seed, self._number = plan, seed, number
        self._columns: dict[str, Column] = {}
        self._second = self._seconds()
        self._owner = np.arange(BLOCK_ROWS) - self._second
        self._traits = {name: self._trait(name) for name in {*plan.traits, QUALITY}}

    def block(self) -> Block:
        """The block."""
        documented: dict[str, Mask] = {}
        conflicting: dict[str, Mask] = {}
        facts = self._plan.dictionary.by_path
        for step in self._plan.steps:
            pulls = [(self._traits[name], strength) for name, strength in step.rule.traits]
            source = Source(self._columns.__getitem__, self._plan.types, self._generator)
            column = source.column(step.name, step.rule, step.type, BLOCK_ROWS, pulls, self._traits)
            has = self._documented(step.name, step.rule) & column.applies
            if step.shared:
                column, has = column.take(self._owner), has[self._owner]
            self._columns[step.name] = column
            if step.name in facts:
                documented[step.name] = has
                if step.name in self._plan.profile.conflicts:
                    conflicting[step.name] = has & self._conflicts(step.name, step.shared)
                    documented[step.name] = has & ~conflicting[step.name]
        return Block(
            first=self._number * BLOCK_ROWS,
            rows=BLOCK_ROWS,
            columns=self._columns,
            documented=documented,
            conflicting=conflicting,
            second=self._second,
            plan=self._plan,
        )

    def _generator(self, name: str) -> np.random.Generator:
        key = (self._number, zlib.crc32(name.encode()))
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(self._seed, spawn_key=key)))

    def _seconds(self) -> Mask:
        """Every other row may be a second request, so that none is the third."""
        drawn = self._generator("second request").random(BLOCK_ROWS) < 2 * self._plan.profile.second_request
        drawn[::2] = False
        return drawn

    def _trait(self, name: str) -> Scores:
        drawn = self._generator(f"trait {name}").standard_normal(BLOCK_ROWS, dtype=np.float32)
        return drawn[self._owner]

    def _documented(self, name: str, rule: Rule) -> Mask:
        if rule.documented >= 1:
            return np.ones(BLOCK_ROWS, dtype=bool)
        pulls = [(self._traits[QUALITY], rule.quality)] if rule.quality else []
        score = draws.scores(self._generator(f"documented {name}"), (BLOCK_ROWS,), pulls)
        return below(score, rule.documented)

    def _conflicts(self, name: str, shared: bool) -> Mask:
        drawn = self._generator(f"conflict {name}").random(BLOCK_ROWS) < self._plan.profile.conflict_share
        return drawn[self._owner] if shared else drawn
