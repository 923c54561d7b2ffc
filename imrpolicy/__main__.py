"""`python -m imrpolicy`."""

from imrpolicy.cli.main import run

run()
