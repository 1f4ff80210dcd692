"""What every test starts from: an empty ledger, and the command typed at it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any, ClassVar, ParamSpec, TypeVar

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, Phase, settings

from commands.main import cli
from ledger.lines.line import KeyDeriver
from ledger.lines.parsing import event_from
from ledger.recording.issuer_record import Book
from ledger.recording.record import Command, Receipt, record
from ledger.store.ledger import Ledger
from ledger.values.model import Value
from tests.stores import STORE, STORES, at

AnyValue = TypeVar("AnyValue", bound=Value)
AnyPlace = TypeVar("AnyPlace", "Typed", Path)
Given = ParamSpec("Given")

settings.register_profile(
    "default",
    max_examples=20,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile(
    "long",
    parent=settings.get_profile("default"),
    max_examples=2000,
    stateful_step_count=40,
)
settings.register_profile(  # names what fails at once, as it was found
    "quick", parent=settings.get_profile("default"), phases=[Phase.explicit, Phase.generate]
)


def pytest_configure(config: pytest.Config) -> None:
    import os  # noqa: PLC0415 - read once, before the first test

    config.addinivalue_line("markers", "sqlite_file: what is promised of a SQLite file alone")
    settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that touches a store runs on each."""
    if "store" in metafunc.fixturenames:
        metafunc.parametrize("store", STORES, indirect=True, scope="session")


class _NoParameters:
    params: ClassVar[dict[str, Any]] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is promised of a file alone is asked of a file alone."""
    items[:] = [
        item
        for item in items
        if item.get_closest_marker("sqlite_file") is None
        or "postgresql" not in getattr(item, "callspec", _NoParameters).params.values()
    ]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture: a path stands for a file again where a test names no store."""
    STORE.kind = getattr(item, "callspec", _NoParameters).params.get("store", "sqlite")


@pytest.fixture(scope="session")
def store(request: pytest.FixtureRequest) -> str:
    """The store of this test: which database a path stands for."""
    kind: str = request.param
    return kind


@pytest.fixture(scope="session", autouse=True)
def _server() -> Iterator[None]:
    yield
    STORE.stop()


@pytest.fixture
def path(store: str, tmp_path: Path) -> Iterator[Path]:
    """Where an empty ledger can be made; on PostgreSQL, what stands for a schema."""
    yield tmp_path / "capital.db"
    STORE.forget(tmp_path)


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with STORE.create(path) as made:
        yield made


class Typed:
    """`capital` as a user types it: one ledger, one command after another."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, *words: object, stdin: str | bytes | None = None) -> Result:
        env = {"CAPITAL_LEDGER": str(at(self.path)), "CAPITAL_BY": "tester"}
        return CliRunner(env=env).invoke(cli, [str(word) for word in words], input=stdin)

    def ok(self, *words: object, stdin: str | bytes | None = None) -> str:
        """What it printed; fails the test where it did not succeed."""
        result = self(*words, stdin=stdin)
        assert result.exit_code == 0, f"capital {' '.join(map(str, words))}\n{result.output}"
        return result.stdout

    def json(self, *words: object) -> Any:
        """The answer of a query as a program reads it."""
        return json.loads(self.ok(*words, "--format", "json"))

    def refused(self, *words: object, code: int = 1) -> str:
        """What it said when it refused; fails the test where it did not, or with a traceback."""
        result = self(*words)
        assert result.exit_code == code, f"exit {result.exit_code}: {result.output}"
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.stderr


@pytest.fixture
def capital(path: Path) -> Typed:
    """The command, typed at an empty ledger."""
    STORE.make(path)
    return Typed(path)


def prepared(fill: Callable[Given, AnyPlace]) -> Callable[Given, AnyPlace]:
    """A fixture that fills its ledger the first time; each further test gets a copy of that.

    What fills it must be the same for every test but for the store.
    """
    name = f"{fill.__module__}.{fill.__qualname__}"
    kind: type[AnyPlace]

    @wraps(fill)
    def filled(*given: Given.args, **named: Given.kwargs) -> AnyPlace:
        nonlocal kind
        (place,) = (at for at in named.values() if isinstance(at, Typed | Path))
        path = place.path if isinstance(place, Typed) else place
        if STORE.fill(path, name):
            return kind(path)
        made = fill(*given, **named)
        kind = type(made)
        STORE.keep(path, name)
        return made

    return filled


def record_lines(ledger: Ledger, *lines: dict[str, Any], **command: Any) -> Receipt:
    """Record import lines of one issuer as one entry."""
    deriver = KeyDeriver.of_a_file()
    events = [deriver.keyed(event_from(line)) for line in lines]
    words = {"by": "tester", "repeats_are_hits": True, **command}
    return record(ledger, Command(events[0].issuer, events, **words))


def book(ledger: Ledger, issuer: str = "ACME") -> Book:
    """The issuer's book, freshly read from the store."""
    return Book(ledger, issuer)


def from_fields(kind: type[AnyValue], fields: dict[str, Any]) -> AnyValue:
    """A value as the text of its fields is read."""
    return kind.read(json.dumps(fields))
