"""The URL of a ledger on PostgreSQL: parts of the driver, parts of the ledger, and secrets."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlencode

from ledger.errors import StoreUnusable

DEFAULT_SCHEMA = "capital"
CONNECT_SECONDS = "10"
"""How long one host is tried, unless the URL states it."""

_SECRETS = ("password", "sslpassword", "oauth_client_secret")
_EXAMPLE = "capital --ledger 'postgresql://HOST/DATABASE?schema=NAME' ..."


@dataclass(frozen=True, slots=True)
class Url:
    """The place of a ledger, read from its URL."""

    conninfo: str
    """What the driver connects to; holds the password, if the URL does."""
    schema: str
    name: str
    """The place in messages: user, hosts, database and schema, no password."""
    secrets: tuple[str, ...]
    """What must never be shown."""
    patience: int
    """How many seconds a server that is away is tried again: the connect_timeout of the URL; else
    the time for one host if there are several, one of which may soon be the leader."""

    def shown(self, message: str) -> str:
        """A message of the database or the driver, on one line and without a secret."""
        for secret in self.secrets:
            message = message.replace(secret, "***")
        return " ".join(message.split())


def read_url(url: str) -> Url:
    """Read the URL of a ledger.

    Raises StoreUnusable if it is not valid. The message then repeats no part of it: if the parts
    cannot be distinguished, any of them may be the password.
    """
    from psycopg import ProgrammingError  # noqa: PLC0415 - needs the driver
    from psycopg.conninfo import conninfo_to_dict, make_conninfo  # noqa: PLC0415 - the same

    scheme, _, rest = url.partition("://")
    user_info, _, _ = rest.rpartition("@")
    if re.search(r"[@/?#\s]", user_info):
        raise StoreUnusable(
            f"the {scheme}:// URL cannot be read: a user or password in it has one of @ / ? # or a "
            "space",
            "write them as %40 %2F %3F %23 %20, or leave the password to PGPASSFILE",
        )
    base, _, query = url.partition("?")
    ours = [part for part in query.split("&") if part.partition("=")[0] == "schema"]
    others = [part for part in query.split("&") if part and part not in ours]
    schema = unquote(ours[-1].partition("=")[2]) if ours else DEFAULT_SCHEMA
    if not re.fullmatch(r"(?!pg_)[a-z_][a-z0-9_]{0,62}", schema):
        raise StoreUnusable(
            "the schema in the URL is not a valid name: use lower-case letters, digits and _, at "
            "most 63 characters, not beginning with a digit or pg_",
            _EXAMPLE,
        )
    try:
        parts = conninfo_to_dict(base + ("?" + "&".join(others) if others else ""))
    except ProgrammingError:
        raise StoreUnusable(
            f"the {scheme}:// URL cannot be read; the driver's message is not shown, because it "
            "may contain the password",
            _EXAMPLE,
        ) from None
    secrets = [str(parts[name]) for name in _SECRETS if parts.get(name)]
    secrets += [os.environ["PGPASSWORD"]] if os.environ.get("PGPASSWORD") else []
    # pg_temp comes last, so that no temporary table replaces one of the ledger.
    options = f"{parts.get('options', '')} -c search_path={schema},pg_temp".strip()
    own = {"connect_timeout": CONNECT_SECONDS, "application_name": "capital"}
    conninfo = make_conninfo(
        **{**own, **parts, "options": options, "client_encoding": "UTF8"}  # type: ignore[arg-type]  # a service or the environment names the rest
    )
    several = "," in f"{parts.get('host')}{parts.get('hostaddr')}"
    patience = str(parts.get("connect_timeout") or (CONNECT_SECONDS if several else 0))
    seconds = int(patience) if patience.isdigit() else 0
    return Url(conninfo, schema, _name(parts, schema), tuple(secrets), seconds)


def _name(parts: dict[str, str | int | None], schema: str) -> str:
    """The place without secrets and without options of the connection."""

    def part(name: str) -> str:
        return quote(str(parts.get(name) or ""), safe="")

    user = f"{part('user')}@" if parts.get("user") else ""
    hosts = str(parts.get("host") or parts.get("hostaddr") or "").split(",")
    ports = str(parts.get("port") or "").split(",")
    query = {"schema": schema}
    if parts.get("service"):
        query = {"service": str(parts["service"]), **query}
    if hosts[0].startswith("/"):  # the folder of a socket is not a host
        where = ""
        query = {"host": ",".join(hosts), **query}
        query |= {"port": ",".join(ports)} if ports != [""] else {}
    else:
        ports = ports * len(hosts) if len(ports) == 1 else ports
        where = ",".join(
            f"{host}:{port}" if port else host for host, port in zip(hosts, ports, strict=False)
        )
    return f"postgresql://{user}{where}/{part('dbname')}?{urlencode(query, safe='/,')}"
