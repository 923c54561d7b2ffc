"""The rules: one module, one rule, one page of the documentation."""
