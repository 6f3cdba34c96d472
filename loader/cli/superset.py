"""`hetang superset`: a bundle of a dashboard for Superset."""

from __future__ import annotations

from pathlib import Path

import click

from loader.cli.console import print_message
from loader.cli.output_path import writing
from loader.warehouse.connection import connect


@click.command()
@click.argument("bundle", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--address", help="postgresql:// address for Superset. Default: the address of `hetang db url --read-only`."
)
@click.option("--with-password", is_flag=True, help="Write the password into the file. Otherwise Superset asks for it.")
def superset(bundle: Path, address: str | None, with_password: bool) -> None:
    """Write a dashboard of the district for Superset (zip).

    BUNDLE contains datasets, charts and the dashboard. Import it on Superset's page of dashboards, or with `superset
    import-dashboards`. That command cannot ask for the password: use --with-password, and keep the file private.
    Importing BUNDLE again creates no duplicates.

    \b
      hetang superset hetang.zip
      hetang superset hetang.zip --with-password
    """
    from loader.answers.superset import masked, superset_bundle
    from loader.warehouse.readers import read_only_url

    if address is not None and not address.startswith("postgresql://"):
        raise click.UsageError("--address has to begin with postgresql://")
    with connect() as connection:
        address = address or read_only_url()
        content = superset_bundle(connection, address if with_password else masked(address))
    with writing(bundle):
        bundle.parent.mkdir(parents=True, exist_ok=True)
        if with_password:
            bundle.touch()
            bundle.chmod(0o600)
        bundle.write_bytes(content)
    if with_password:
        print_message("the bundle contains a password: keep it private")
    click.echo(bundle)
