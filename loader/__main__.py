"""`python -m loader` is `hetang`."""

from loader.cli.main import main

main(prog_name="hetang")
