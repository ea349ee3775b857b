"""`python -m assets`: the same as the command `govreports`."""

from assets.cli import main

if __name__ == "__main__":
    main()
