"""What is promised of a ledger on PostgreSQL alone: who may do what, what errors say."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result

from commands.main import cli
from ledger.errors import StoreUnusable, WriteConflict
from ledger.events.entry import Entry
from ledger.store.ledger import Ledger
from ledger.store.postgres import writer as postgres_writer
from ledger.store.postgres.connection import PostgresConnection, forget_sessions, translated
from ledger.store.postgres.url import read_url
from tests.conftest import book, record_lines
from tests.stores import STORE
from tests.strategies import registration

ROOT = Path(__file__).parent.parent
SECRET = "hunter2x"
ACQUIRED = {
    "issuer": "ACME",
    "class": "common",
    "action": "odd-lots",
    "event": "SharesAcquired",
    "on": "2020-04-30",
    "shares": 5,
    "cause": "ODD_LOT",
    "key": "odd-lots",
}
OPENED = {
    "issuer": "ACME",
    "class": "common",
    "action": "class-common",
    "event": "OpeningPositionStated",
    "on": "2020-04-01",
    "issued": 1000,
    "treasury": 0,
    "key": "opening",
}
QUERIES = (
    "shares ACME",
    "shares --all",
    "treasury ACME",
    "dividends ACME",
    "repurchases ACME",
    "actions ACME",
    "action ACME odd-lots",
    "explain shares ACME --on 2020-12-31",
    "diff ACME --known-at 1 --known-at 2",
    "check",
    "export",
    "export --verbatim",
    "audit verify",
    "audit replay",
)


@pytest.fixture
def schema(request: pytest.FixtureRequest) -> Iterator[str]:
    """A schema that holds nothing yet."""
    name = f"p{abs(hash(request.node.nodeid)):x}"
    yield name
    forget_sessions()
    STORE.server.run(f"DROP SCHEMA IF EXISTS {name} CASCADE")


@pytest.fixture
def url(schema: str) -> str:
    return STORE.server.url(schema)


@pytest.fixture
def filled(url: str) -> str:
    """A ledger with an issuer, its opening position and an acquisition."""
    with Ledger.create(url) as ledger:
        for each in (registration(), OPENED, ACQUIRED):
            record_lines(ledger, each)
    return url


def typed(url: str, *words: str) -> Result:
    env = {"CAPITAL_LEDGER": url, "CAPITAL_BY": "tester"}
    return CliRunner(env=env).invoke(cli, words)


def unusable(url: str, *words: str) -> str:
    """What is said of a ledger that cannot be used: exit code 3, a remedy, never a traceback."""
    result = typed(url, *words)
    assert result.exit_code == 3, result.output
    assert isinstance(result.exception, SystemExit)
    assert "Try: " in result.stderr
    return result.stderr


# --- what stands in the way ----------------------------------------------------------------------

RECORDING = (
    *"acquisition acquire ACME more --class common --on 2020-05-01 --cause ODD_LOT".split(),
    *"--shares 9".split(),
)


@pytest.fixture
def secured(filled: str, schema: str) -> Iterator[str]:
    """A server that asks this user for the password, and the URL with the right one."""
    server = STORE.server
    rules = Path(server.socket) / "pg_hba.conf"
    before = rules.read_text()
    rules.write_text(f"local all {schema}_signed scram-sha-256\n{before}")
    server.run(
        f"CREATE ROLE {schema}_signed LOGIN SUPERUSER PASSWORD '{SECRET}'",
        "SELECT pg_reload_conf()",
    )
    yield filled.replace("postgres@", f"{schema}_signed:{SECRET}@", 1)
    forget_sessions()
    rules.write_text(before)
    server.run(f"DROP ROLE {schema}_signed", "SELECT pg_reload_conf()")


def test_the_right_password_lets_in_and_is_shown_nowhere(secured: str) -> None:
    for words in ("shares ACME", "audit verify", "init", "upgrade", "shares NOBODY"):
        result = typed(secured, *words.split())
        assert SECRET not in result.output, words
        assert result.exit_code == (1 if "NOBODY" in words else 0), result.output


def test_a_wrong_password_is_told_with_where_it_belongs(secured: str) -> None:
    said = unusable(secured.replace(SECRET, "wrong-guess"), *RECORDING)

    assert "refuses this user's login" in said
    assert "PGPASSFILE" in said
    assert "nothing was recorded" in said
    assert "wrong-guess" not in said


def test_a_password_may_come_from_a_file_or_a_service(secured: str, tmp_path: Path) -> None:
    bare = secured.replace(f":{SECRET}", "")
    passwords, services = tmp_path / "pgpass", tmp_path / "services"
    passwords.write_text(f"*:*:*:*:{SECRET}\n")
    passwords.chmod(0o600)
    services.write_text(
        f"[group]\nhost={STORE.server.socket}\ndbname=postgres\npassword={SECRET}\n"
        f"user={bare.partition('://')[2].partition('@')[0]}\n"
    )
    schema = bare.rpartition("schema=")[2]
    # In processes of their own: the driver reads these once, as it is loaded.
    for address, more in (
        (bare, {"PGPASSFILE": str(passwords)}),
        (f"postgresql://?schema={schema}", {"PGSERVICE": "group", "PGSERVICEFILE": str(services)}),
        (f"postgresql:///?service=group&schema={schema}", {"PGSERVICEFILE": str(services)}),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "commands.main", "shares", "ACME"],
            cwd=ROOT,
            env={**os.environ, "CAPITAL_LEDGER": address, **more},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert SECRET not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "place",
    [
        "postgresql://me:{0}@localhost:1/group",
        "postgresql://me:{0}@localhost:1,localhost:2/group?target_session_attrs=read-write",
        "postgresql://me@localhost:1/group?password={0}&sslmode=require",
        "postgresql://me:{0}@no-such-host.invalid/group",
        "postgresql://me:{0}%zz@localhost:1/group",
        "postgresql://me:{0}/@localhost:1/group",
        "postgresql://me:{0}@x@localhost:1/group",
        "postgresql://me:{0}@localhost:1/group?no-such-option={0}",
        "postgresql://me:{0}@localhost:1/group?schema={0}-",
        "postgresql://me:{0}@localhost:1/group?{0}",
    ],
)
def test_no_error_shows_a_password(place: str) -> None:
    for words in (("shares", "ACME"), ("init",), RECORDING):
        assert SECRET not in unusable(place.format(SECRET), *words)


def test_a_server_that_is_not_there_is_named_and_nothing_is_recorded() -> None:
    said = unusable("postgresql://me@localhost:1/group?schema=s", *RECORDING)

    assert "postgresql://me@localhost:1/group?schema=s cannot be reached" in said
    assert "refused" in said
    assert "nothing was recorded" in said


def test_a_database_that_is_not_there_is_named(schema: str) -> None:
    said = unusable(STORE.server.url(schema, database="nodb"), "shares")

    assert 'database "nodb" does not exist' in said
    assert "createdb" in said


def test_a_schema_without_a_ledger_says_how_to_make_one(url: str) -> None:
    assert "make one with: capital init" in unusable(url, "shares")


def test_a_schema_of_somebody_else_is_no_ledger(url: str, schema: str) -> None:
    STORE.server.run(f"CREATE SCHEMA {schema}", f"CREATE TABLE {schema}.notes (words text)")

    assert "is not a ledger" in unusable(url, "shares")
    assert "is not a ledger" in unusable(url, "init")


def test_a_ledger_of_a_newer_version_is_not_touched(filled: str, schema: str) -> None:
    STORE.server.run(
        f"ALTER TABLE {schema}.ledger DISABLE TRIGGER ledger_refuse",
        f"UPDATE {schema}.ledger SET schema_version = 99",
    )

    for words in (("shares", "ACME"), RECORDING, ("upgrade",), ("init",)):
        assert "newer version of capital (schema 99" in unusable(filled, *words)


def test_a_url_says_what_a_schema_may_be_called(schema: str) -> None:
    for name in ("A", "1a", "pg_own", "a-b", "a" * 64, "%20"):
        assert "is not a valid name" in unusable(STORE.server.url(name), "init")


def test_ways_to_the_server_pass_through_and_are_not_part_of_the_name() -> None:
    url = read_url(
        "postgresql://me@one,two:5433/group?schema=s&target_session_attrs=read-write"
        "&sslmode=verify-full&sslrootcert=/ca.pem&options=-c%20geqo%3Doff"
    )

    assert "target_session_attrs=read-write" in url.conninfo
    assert "sslmode=verify-full" in url.conninfo
    assert "sslrootcert=/ca.pem" in url.conninfo
    assert "geqo=off" in url.conninfo
    assert url.name == "postgresql://me@one,two:5433/group?schema=s"


def test_values_are_marked_as_the_driver_has_them() -> None:
    assert translated("a = ? AND b = :day AND c::text = 'x'") == (
        "a = %s AND b = %(day)s AND c::text = 'x'"
    )


@pytest.mark.parametrize(("query", "least", "most"), [("", 0, 2), ("&connect_timeout=2", 2, 4)])
def test_a_server_that_is_away_is_tried_again_as_long_as_the_url_says(
    query: str, least: float, most: float
) -> None:
    started = time.monotonic()

    said = unusable(f"postgresql://me@localhost:1/group?schema=s{query}", "shares", "ACME")

    assert "cannot be reached" in said
    assert least <= time.monotonic() - started < most


def test_a_cluster_is_tried_again_as_long_as_one_host_where_the_url_does_not_say() -> None:
    assert read_url("postgresql://one,two/group").patience == 10
    assert read_url("postgresql://one,two/group?connect_timeout=3").patience == 3
    assert read_url("postgresql://one/group").patience == 0


@pytest.mark.parametrize("away", ["Connection refused", "session is read-only"])
def test_a_ledger_is_opened_when_another_server_leads(
    filled: str, monkeypatch: pytest.MonkeyPatch, away: str
) -> None:
    forget_sessions()
    connect, tries = psycopg.connect, list(range(3))

    def fails_at_first(*words: Any, **options: Any) -> Any:
        if tries:
            tries.pop()
            raise psycopg.OperationalError(f"connection failed: {away}")
        return connect(*words, **options)

    monkeypatch.setattr(psycopg, "connect", fails_at_first)

    assert typed(f"{filled}&connect_timeout=5", "shares", "ACME").exit_code == 0
    assert not tries


# --- roles ---------------------------------------------------------------------------------------


@pytest.fixture
def roles(filled: str, schema: str) -> Iterator[Callable[[str], str]]:
    """The URL of somebody with one of the roles."""
    result = typed(filled, "init", "--roles", "--apply")
    assert result.exit_code == 0, result.output
    names = ("owner", "recorder", "reader")
    for name in names:
        STORE.server.run(f"CREATE ROLE {schema}_a_{name} LOGIN IN ROLE {schema}_{name}")
    yield lambda name: filled.replace("postgres@", f"{schema}_a_{name}@", 1)
    forget_sessions()
    STORE.server.run(
        f"DROP SCHEMA {schema} CASCADE",
        *(f"DROP ROLE {schema}_a_{name}" for name in names),
        *(f"DROP ROLE {schema}_{name}" for name in names),
    )


def test_roles_are_printed_and_nothing_is_made(url: str, schema: str) -> None:
    result = typed(url, "init", "--roles")

    assert f"GRANT INSERT ON {schema}.stored_events, {schema}.commits TO {schema}_recorder" in (
        result.stdout
    )
    assert "there is no ledger" in unusable(url, "shares")


def test_roles_can_be_made_twice(roles: Callable[[str], str], filled: str) -> None:
    assert typed(filled, "init", "--roles", "--apply").exit_code == 0


@pytest.mark.parametrize("words", QUERIES)
def test_a_reader_asks_everything(roles: Callable[[str], str], words: str, filled: str) -> None:
    asked, owned = typed(roles("reader"), *words.split()), typed(filled, *words.split())

    assert asked.exit_code == owned.exit_code
    assert asked.stdout.replace("_a_reader", "") == owned.stdout


def test_a_reader_is_answered_from_the_events_where_the_index_is_behind(
    roles: Callable[[str], str], schema: str
) -> None:
    STORE.server.run(f"DELETE FROM {schema}.tracking")

    result = typed(roles("reader"), "shares", "ACME", "--on", "2020-12-31")

    assert "995" in result.stdout  # 1,000 issued, 5 of them in treasury


def test_a_reader_records_nothing(roles: Callable[[str], str]) -> None:
    said = unusable(roles("reader"), *RECORDING)

    assert "permission denied" in said
    with Ledger.open(roles("reader")) as ledger:
        assert len(book(ledger).history.entries) == 3


def test_a_recorder_records_and_makes_the_index_again(roles: Callable[[str], str]) -> None:
    assert typed(roles("recorder"), *RECORDING).exit_code == 0
    assert typed(roles("recorder"), "rebuild").exit_code == 0
    assert typed(roles("recorder"), "audit", "verify").exit_code == 0


CHANGES = (
    "UPDATE {}.stored_events SET topic = 'Entry'",
    "DELETE FROM {}.stored_events",
    "TRUNCATE {}.stored_events",
    "UPDATE {}.commits SET recorded_at = ''",
    "DELETE FROM {}.commits",
    "TRUNCATE {}.commits",
    "INSERT INTO {}.commits TABLE {}.commits ON CONFLICT (first_row) DO UPDATE SET size = 0",
)


@pytest.mark.parametrize("role", ["owner", "recorder", "reader"])
@pytest.mark.parametrize("statement", CHANGES)
def test_no_role_may_alter_what_is_recorded(
    roles: Callable[[str], str], schema: str, role: str, statement: str
) -> None:
    with (
        psycopg.connect(
            f"postgresql://{schema}_a_{role}@/postgres?host={STORE.server.socket}"
        ) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute(statement.replace("{}", schema))


@pytest.mark.parametrize("statement", CHANGES)
@pytest.mark.parametrize("mode", ["origin", "replica"])
def test_the_triggers_refuse_even_who_may_do_everything(
    filled: str, schema: str, statement: str, mode: str
) -> None:
    with STORE.server.connection() as connection:
        connection.execute(f"SET session_replication_role = {mode}")
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            connection.execute(statement.replace("{}", schema))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("ALTER TABLE {}.commits DISABLE TRIGGER commits_refuse", "trigger commits_refuse"),
        ("DROP TRIGGER stored_events_refuse ON {}.stored_events", "trigger stored_events_refuse"),
        ("ALTER TABLE {}.stored_events DROP CONSTRAINT one_of_each_version", "one_of_each_version"),
        ("CREATE TABLE {}.drawer (what text)", "drawer does not belong to a ledger"),
    ],
)
def test_an_audit_says_what_of_the_schema_was_changed(
    filled: str, schema: str, statement: str, said: str
) -> None:
    assert said not in typed(filled, "audit", "verify").output

    STORE.server.run(statement.replace("{}", schema))

    assert said in typed(filled, "audit", "verify").output


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("CREATE VIEW {}.sums AS SELECT count(*) FROM {}.stored_events", "view sums"),
        ("CREATE MATERIALIZED VIEW {}.held AS SELECT 1 AS one", "view held"),
        ("CREATE RULE quiet AS ON INSERT TO {}.commits DO INSTEAD NOTHING", "rule quiet"),
        (
            (
                "CREATE TRIGGER again BEFORE INSERT ON {}.commits "
                "FOR EACH STATEMENT EXECUTE FUNCTION {}.refuse()"
            ),
            "trigger again",
        ),
    ],
)
def test_a_trigger_or_view_that_no_ledger_has_is_a_finding(
    filled: str, schema: str, statement: str, what: str
) -> None:
    STORE.server.run(statement.replace("{}", schema))

    result = typed(filled, "audit", "verify")

    assert result.exit_code == 1
    assert f"foreign trigger or view: {what} is not part of a ledger" in result.stdout


@pytest.mark.parametrize(
    "statement",
    [
        """UPDATE {}.stored_events SET state = convert_to(
        replace(convert_from(state, 'UTF8'), '"shares":5', '"shares":6'), 'UTF8')""",
        "DELETE FROM {}.stored_events WHERE rowid = 5",
        "DELETE FROM {}.commits WHERE first_row = 3",
        "UPDATE {}.commits SET recorded_at = '2001-01-01T00:00:00.000000Z' WHERE first_row = 3",
    ],
)
def test_who_gets_round_the_triggers_is_seen(filled: str, schema: str, statement: str) -> None:
    assert typed(filled, "audit", "verify").exit_code == 0

    STORE.server.run(
        f"ALTER TABLE {schema}.stored_events DISABLE TRIGGER USER",
        f"ALTER TABLE {schema}.commits DISABLE TRIGGER USER",
        statement.replace("{}", schema),
    )

    assert typed(filled, "audit", "verify").exit_code == 1


# --- what a lost connection leaves ---------------------------------------------------------------


def test_a_lost_acknowledgment_is_found_out_and_reported_as_success(
    filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server commits, and the connection is gone before it says so."""
    lose_after_commit(monkeypatch)

    with Ledger.open(filled) as ledger:
        receipt = record_lines(ledger, {**ACQUIRED, "action": "more", "key": "more"})

        assert receipt.entry is not None
        assert receipt.entry.number == 4
        assert receipt.commit is not None
        assert receipt.commit.root == ledger.commit_of("ACME", 4).root
        keys = [fact.event.key for fact in book(ledger).history.facts]
    assert keys.count("more") == 1


def test_a_session_whose_server_went_while_it_was_put_back_is_not_used_again(filled: str) -> None:
    url = read_url(filled)
    before = PostgresConnection(url)
    session = before.raw.info.backend_pid
    before.close()

    STORE.server.run(f"SELECT pg_terminate_backend({session}, 10000)")

    after = PostgresConnection(url)
    assert after.execute("SELECT 1").fetchone() == (1,)
    assert after.raw.info.backend_pid != session


def test_a_connection_lost_before_the_commit_records_once(
    filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = PostgresConnection.executemany
    lost: list[bool] = []

    def lose_once(self: PostgresConnection, query: str, values: Any) -> None:
        if not lost:
            lost.append(True)
            end_session(self)
        whole(self, query, values)

    monkeypatch.setattr(PostgresConnection, "executemany", lose_once)
    with Ledger.open(filled) as ledger:
        record_lines(ledger, {**ACQUIRED, "action": "more", "key": "more"})

        assert [entry.number for entry in book(ledger).history.entries] == [1, 2, 3, 4]


_CUT_OFF = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


@contextmanager
def no_standby() -> Iterator[None]:
    """A server that waits for a standby there is none of, and an impatient administrator."""
    standby, ended = "synchronous_standby_names", threading.Event()

    def cut_off() -> None:
        while not ended.wait(0.05):
            STORE.server.run(_CUT_OFF)

    def reloaded(value: str) -> None:
        STORE.server.run("SELECT pg_reload_conf()")
        for _ in range(200):
            with STORE.server.connection() as session:
                if session.execute(f"SHOW {standby}").fetchone() == (value,):
                    return
            time.sleep(0.05)
        raise AssertionError(f"{standby} is not {value!r}")

    STORE.server.run(f"ALTER SYSTEM SET {standby} = 'nobody'")
    reloaded("nobody")
    impatient = threading.Thread(target=cut_off)
    impatient.start()
    try:
        yield
    finally:
        STORE.server.run(f"ALTER SYSTEM RESET {standby}")
        reloaded("")
        ended.set()
        impatient.join()


def test_what_no_standby_confirms_is_not_reported_as_recorded(filled: str) -> None:
    more = {**ACQUIRED, "action": "more", "key": "more"}

    with no_standby(), Ledger.open(filled) as ledger:
        for _ in ("recorded", "found again"):
            with pytest.raises(StoreUnusable, match="no standby has confirmed it"):
                record_lines(ledger, more, key="more")

    with Ledger.open(filled) as ledger:
        receipt = record_lines(ledger, more, key="more")
        assert [hit.entry.number for hit in receipt.hits] == [4]


def test_a_server_that_stays_away_is_told_with_what_is_known(
    filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_writer, "RETRY_SECONDS", 0.2)
    with Ledger.open(filled) as ledger:
        record_lines(ledger, {**ACQUIRED, "action": "more", "key": "more"})  # all is loaded
        lose_after_commit(monkeypatch, then=psycopg.OperationalError("connection refused"))

        with pytest.raises(StoreUnusable) as refused:
            record_lines(ledger, {**ACQUIRED, "action": "last", "key": "last"})

    assert "whether it was recorded is not known" in refused.value.message
    assert "entry 5 of ACME" in refused.value.message
    assert refused.value.remedy is not None
    assert "not recorded again" in refused.value.remedy


def test_a_server_that_comes_back_and_refuses_is_told_with_what_is_known(
    filled: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing may be said of an entry that was sent and cannot be looked for."""
    with Ledger.open(filled) as ledger:
        lose_after_commit(monkeypatch, then=psycopg.errors.InsufficientPrivilege("denied"))

        with pytest.raises(StoreUnusable, match="whether it was recorded is not known"):
            record_lines(ledger, {**ACQUIRED, "action": "more", "key": "more"})


def test_without_the_driver_a_url_says_what_to_install() -> None:
    script = "import sys; sys.modules['psycopg'] = None; from commands.main import main; main()"

    done = subprocess.run(
        [sys.executable, "-c", script, "--ledger", "postgresql://h/db", "shares"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert "pip install 'capital-ledger[postgres]'" in done.stderr


def test_a_file_is_asked_without_the_driver_of_a_server(tmp_path: Path) -> None:
    script = (
        "import sys; from commands.main import cli; cli(standalone_mode=False); "
        "assert not [name for name in sys.modules if 'psycopg' in name or 'postgres' in name]"
    )
    place = str(tmp_path / "a.db")
    Ledger.create(Path(place)).close()

    for words in ("shares", "check", "audit verify"):
        done = subprocess.run(
            [sys.executable, "-c", script, "--ledger", place, *words.split()],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "AssertionError" not in done.stderr


def test_another_entry_of_the_same_number_is_a_conflict(filled: str) -> None:
    with Ledger.open(filled) as ledger:
        with pytest.raises(WriteConflict):
            ledger.save([], entry_3_again())
        assert len(book(ledger).history.entries) == 3


def test_a_refused_entry_leaves_no_event(filled: str, schema: str) -> None:
    STORE.server.run(f"ALTER TABLE {schema}.commits ADD CONSTRAINT few CHECK (size < 7)")

    unusable(filled, *RECORDING)

    STORE.server.run(f"ALTER TABLE {schema}.commits DROP CONSTRAINT few")
    assert typed(filled, "audit", "verify").exit_code == 0
    with Ledger.open(filled) as ledger:
        assert ledger.last_row() == 6


def test_rows_are_numbered_without_a_gap_over_failed_transactions(filled: str) -> None:
    with Ledger.open(filled) as ledger:
        with pytest.raises(WriteConflict):
            ledger.save([], entry_3_again())
        lines = [{**ACQUIRED, "action": f"a{n}", "key": f"k{n}"} for n in range(60)]
        receipt = record_lines(ledger, *lines)  # by COPY

        assert receipt.commit is not None
        assert (receipt.commit.first_row, receipt.commit.last_row) == (7, 67)


def entry_3_again() -> Entry:
    values: dict[str, Any] = {"issuer": "ACME", "originator_version": 3, "events": ()}
    return Entry(**values, key="another", by="rival")


def end_session(connection: PostgresConnection) -> None:
    STORE.server.run(f"SELECT pg_terminate_backend({connection.raw.info.backend_pid})")


def lose_after_commit(
    monkeypatch: pytest.MonkeyPatch, *, then: psycopg.Error | None = None
) -> None:
    """The next commit is done, and its answer never comes; nor does any, `then` this alone."""
    whole = postgres_writer.PostgresWriter._saved  # noqa: SLF001 - the answer is lost inside
    lost: list[bool] = []

    def saved(self: postgres_writer.PostgresWriter, rows: Any, *, in_doubt: bool) -> Any:
        if lost and then is not None:
            self._connection.execute("SELECT 1")  # the server itself is back
            raise then
        commit = whole(self, rows, in_doubt=in_doubt)
        if not lost:
            lost.append(True)
            end_session(self._connection)
            self._connection.execute("SELECT 1")
        return commit

    monkeypatch.setattr(postgres_writer.PostgresWriter, "_saved", saved)
