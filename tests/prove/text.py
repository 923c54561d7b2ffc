"""Expressions given as text, where a test needs more than the atoms of the small world."""

from evaluate.trees import Tree


class Text(Tree):
    """An expression as text; it has no reading of its own."""

    def __init__(self, text):
        object.__setattr__(self, "kind", text)
        object.__setattr__(self, "fact", "")
        object.__setattr__(self, "parts", ())

    @property
    def text(self):
        return self.kind

    @property
    def atoms(self):
        return frozenset()
