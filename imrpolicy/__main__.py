"""`python -m imrpolicy`."""

from imrpolicy.cli.main import run

if __name__ == "__main__":
    run()
