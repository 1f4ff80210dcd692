"""A ledger on three nodes whose leader is killed again and again while several writers record.

Run by `make test-cluster` alone: it installs PostgreSQL, Patroni and etcd where they are missing,
and takes minutes.
"""

from __future__ import annotations

import json
import re
import secrets
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from types import FrameType
from typing import NoReturn

import psycopg
import pytest
from psycopg import sql

from tests.cluster.nodes import ClusterFailed
from tests.cluster.patroni import Cluster, Loss, cluster
from tests.cluster.writers import Attempt, capital, writers

LONGEST_SECONDS = 600
WRITERS = 4
ISSUERS = ("ACME", "BETA", "GAMMA")
"""Fewer than writers, so that these also race for one issuer's next entry."""
LOSSES = (
    *(Loss.MACHINE, Loss.AGENT, Loss.SERVER),
    *(Loss.MACHINE, Loss.AGENT, Loss.SERVER),
    *(Loss.MACHINE, Loss.POWER),
)
CALM_SECONDS = 4
OUTAGE_SECONDS = 90
PATIENCE_SECONDS = 3
"""What takes longer waited for a leader."""
NOTHING = "nothing was recorded"


@dataclass(frozen=True)
class Kill:
    """What was killed when, who led next, and the longest time without an acknowledgment."""

    loss: Loss
    leader: str
    next_leader: str
    moment: float
    outage_seconds: float = 0


@dataclass(frozen=True)
class Story:
    """What happened, what the writers were told, and what is there in the end."""

    kills: Sequence[Kill]
    attempts: Sequence[Attempt]
    registers: dict[str, list[tuple[int, str]]]
    """Of each issuer, the number of every entry and the key of its event, in their order."""
    verified: dict[str, str]
    """Of each node, what `capital audit verify` says of what it holds."""

    def entry(self, issuer: str, key: str) -> int | None:
        """The entry that this fact is in; the test fails where there are several."""
        found = [number for number, held in self.registers[issuer] if held == key]
        assert len(found) <= 1, f"{key} of {issuer} is in the entries {found}"
        return found[0] if found else None


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Story]:
    """The cluster, its writers, and one kill after another."""
    folder = tmp_path_factory.mktemp("told")
    tell = pytestconfig.get_terminal_writer().line
    tell("\nstarting three nodes")
    with bounded(LONGEST_SECONDS), cluster() as nodes:
        password = make_database(nodes)
        url = nodes.url("capital", password, "capital")
        open_classes(url)
        kills: list[Kill] = []
        with writers(WRITERS, url, ISSUERS, folder) as at_work:
            at_work.wait_for_acknowledgment(0, OUTAGE_SECONDS)
            for loss in LOSSES:
                time.sleep(CALM_SECONDS)
                leader = nodes.wait_for_leader(OUTAGE_SECONDS)
                tell(f"killing {loss.value}; {leader.name} leads")
                moment = time.monotonic()
                successor = nodes.lose(leader, loss, OUTAGE_SECONDS)
                # What was on its way when the leader died is not yet a recovery.
                at_work.wait_for_acknowledgment(time.monotonic(), OUTAGE_SECONDS)
                nodes.wait_until_whole(OUTAGE_SECONDS)
                kills.append(Kill(loss, leader.name, successor.name, moment))
            time.sleep(CALM_SECONDS)
        nodes.wait_until_level(OUTAGE_SECONDS)
        attempts = list(at_work.attempts())
        made = Story(
            with_outages(kills, attempts),
            attempts,
            {issuer: register(url, issuer) for issuer in ISSUERS},
            {node.name: audited(nodes, node.name, password) for node in nodes.nodes},
        )
        tell(figures(made))
        yield made


@contextmanager
def bounded(seconds: int) -> Iterator[None]:
    """End in time, and orderly also where the test is told to end."""

    def stop(number: int, _: FrameType | None) -> NoReturn:
        raise ClusterFailed(f"ended by {signal.Signals(number).name}, after {seconds} s at most")

    before = {number: signal.signal(number, stop) for number in (signal.SIGALRM, signal.SIGTERM)}
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        for number, handler in before.items():
            signal.signal(number, handler)


def make_database(nodes: Cluster) -> str:
    """A database and the role that owns it, as docs/cluster.md makes them; the role's password."""
    password = secrets.token_hex(8)
    administrator = nodes.url("postgres", nodes.passwords["superuser"], "postgres")
    with psycopg.connect(administrator, autocommit=True) as connection:
        role = sql.SQL("CREATE ROLE capital LOGIN PASSWORD {}").format(password)
        connection.execute(role)
        connection.execute("CREATE DATABASE capital OWNER capital")
    return password


def open_classes(url: str) -> None:
    """A ledger with the issuers that the writers record for."""
    typed(url, "init")
    for issuer in ISSUERS:
        words = ("--name", "Made Up Plc", "--currency", "GBP", "--profile", "uk")
        typed(url, "issuer", "register", issuer, *words)
        words = ("--on", "2020-03-31", "--issued", "1000", "--treasury", "0")
        typed(url, "class", "open", issuer, "common", *words)


def typed(url: str, *words: str) -> str:
    """What a command printed; the test fails where it did not succeed."""
    result = capital(url, *words)
    assert result.exit_code == 0, f"capital {' '.join(words)}\n{result.output}"
    return result.stdout


def register(url: str, issuer: str) -> list[tuple[int, str]]:
    """An issuer's entries after the two that opened it."""
    actions = json.loads(typed(url, "action", issuer, "class-common", "--format", "json"))
    return [(event["entry"], event["key"]) for event in actions["events"]][1:]


def audited(nodes: Cluster, name: str, password: str) -> str:
    """What an audit says of one node's copy, be it the leader's or a standby's."""
    url = nodes.url("capital", password, "capital", only=name, target_session_attrs="any")
    return typed(url, "audit", "verify")


def with_outages(kills: Sequence[Kill], attempts: Sequence[Attempt]) -> list[Kill]:
    """The kills, each with the longest pause between two acknowledgments until the next kill."""
    told = sorted(attempt.ended for attempt in attempts if attempt.entry is not None)
    ends = [kill.moment for kill in kills[1:]] + [told[-1]]
    return [
        Kill(
            kill.loss,
            kill.leader,
            kill.next_leader,
            kill.moment,
            max(b - a for a, b in pairwise(told) if kill.moment < b and a < end),
        )
        for kill, end in zip(kills, ends, strict=True)
    ]


def figures(story: Story) -> str:
    """The run in figures, for docs/cluster.md."""
    acknowledged = [attempt for attempt in story.attempts if attempt.entry is not None]
    failures = Counter(
        re.sub(r" at postgresql:\S+| \(.*", "", failure.said.splitlines()[0])
        for attempt in story.attempts
        for failure in attempt.failures
    )
    again = sum(bool(attempt.failures) for attempt in acknowledged)
    waited = [attempt.seconds for attempt in acknowledged if attempt.seconds > PATIENCE_SECONDS]
    lines = [f"{len(story.kills)} kills, {WRITERS} writers"]
    lines += [
        f"  {kill.loss.value}: {kill.leader} led, then {kill.next_leader}; nothing acknowledged "
        f"for {kill.outage_seconds:.1f} s"
        for kill in story.kills
    ]
    lines.append(
        f"{len(acknowledged)} acknowledged: {len(waited)} after more than {PATIENCE_SECONDS} s "
        f"(at most {max(waited, default=0):.1f}), {again} after the command was typed again; "
        f"{len(story.attempts) - len(acknowledged)} given up"
    )
    lines += [f"  {many} times {said}" for said, many in failures.most_common()]
    lines += [f"  {name}: {said.splitlines()[0]}" for name, said in story.verified.items()]
    return "\n".join(lines)


def test_every_acknowledged_entry_is_there_once_under_its_number(story: Story) -> None:
    acknowledged = [attempt for attempt in story.attempts if attempt.entry is not None]
    assert len(acknowledged) > len(LOSSES) * WRITERS

    for attempt in acknowledged:
        assert story.entry(attempt.issuer, attempt.key) == attempt.entry


def test_nothing_is_there_that_no_writer_asked_for(story: Story) -> None:
    asked = {(attempt.issuer, attempt.key) for attempt in story.attempts}

    for issuer, held in story.registers.items():
        assert {(issuer, key) for _, key in held} <= asked


def test_the_numbers_of_every_register_have_no_gap(story: Story) -> None:
    for held in story.registers.values():
        assert [number for number, _ in held] == list(range(3, len(held) + 3))


def test_a_command_that_failed_said_that_the_ledger_is_out_of_reach(story: Story) -> None:
    failures = [failure for attempt in story.attempts for failure in attempt.failures]

    assert {failure.exit_code for failure in failures} <= {3}
    assert all(failure.said.startswith("Error: ") for failure in failures)
    assert all("\nTry: " in failure.said for failure in failures)


def test_what_was_said_not_to_be_recorded_and_was_given_up_is_not_there(story: Story) -> None:
    given_up = [attempt for attempt in story.attempts if attempt.entry is None]

    for attempt in given_up:
        if NOTHING in attempt.failures[-1].said:
            assert story.entry(attempt.issuer, attempt.key) is None


def test_every_node_holds_the_same_history_and_it_verifies(story: Story) -> None:
    assert all(said.startswith("verified: ") for said in story.verified.values())
    assert len(set(story.verified.values())) == 1
