"""The command line: one module for each verb, with `add_arguments` and `run`."""
