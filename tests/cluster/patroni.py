"""Three nodes of a Patroni cluster on this machine, made from the files of deploy/cluster."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.cluster.nodes import (
    DEPLOY,
    ClusterFailed,
    Node,
    free_ports,
    install,
    settings,
    wait_for,
)

STARTING_SECONDS = 120
LOOP_SECONDS = 5
"""`loop_wait` of patroni.yml: how often Patroni looks at its node, and tells the others."""
DARK_SECONDS = 65
"""How long the power is gone: longer than a command waits."""


class Loss(Enum):
    """What is killed, without warning."""

    MACHINE = "the leader's machine"
    SERVER = "the leader's PostgreSQL"
    AGENT = "the leader's Patroni"
    POWER = "every machine"


@dataclass
class Cluster:
    """Three nodes, started, and what they are asked as a whole."""

    folder: Path
    programs: Path
    account: str | None
    """Who runs it: PostgreSQL refuses to be run by root. None: whoever runs the test."""
    nodes: list[Node]
    passwords: dict[str, str] = field(
        default_factory=lambda: {
            role: secrets.token_hex(8) for role in ("superuser", "replication", "rewind")
        }
    )

    def start(self) -> None:
        """Start every node, and wait until one leads and another has all that it commits."""
        for node in self.nodes:
            self.start_node(node)
        self.wait_until_whole(STARTING_SECONDS)

    def start_node(self, node: Node) -> None:
        """Start what does not run of a node; its Patroni starts its PostgreSQL."""
        if node.etcd is None:
            node.etcd = self._run(node, ["etcd"], self._etcd_settings(node))
        if node.patroni is None:
            words = ["patroni", str(DEPLOY / "patroni.yml")]
            node.patroni = self._run(node, words, self._patroni_settings(node))

    def members(self) -> list[dict[str, Any]]:
        """What the first Patroni that answers knows of all of them."""
        return next((members for node in self.nodes if (members := node.members())), [])

    def leader(self) -> Node | None:
        """The node whose Patroni holds the leader's place, or none."""
        for member in self.members():
            if member["role"] == "leader" and member["state"] == "running":
                return next(node for node in self.nodes if node.name == member["name"])
        return None

    def wait_for_leader(self, seconds: float, other_than: Node | None = None) -> Node:
        """The node that leads, once one does that is not the given one."""

        def look() -> Node | None:
            leader = self.leader()
            return None if leader is other_than else leader

        return wait_for("a node to lead", seconds, look)

    def wait_until_whole(self, seconds: float) -> None:
        """Wait until one node leads, one is its synchronous standby, and all three run."""

        def look() -> bool | None:
            members = self.members()
            running = sorted(m["role"] for m in members if m["state"] == "running")
            return (
                running == ["leader", "replica", "sync_standby"]
                and len({member.get("timeline") for member in members}) == 1
                and all(len(node.server_processes()) > 1 for node in self.nodes)
            ) or None

        wait_for("one leader, one synchronous standby, one more", seconds, look)

    def lose(self, leader: Node, loss: Loss, seconds: float) -> Node:
        """Kill the leader or what is lost of it, start it again, and say who led next.

        A machine comes back when another leads; after a power cut all come back at once.
        """
        lost = leader.server_processes()[:1]
        match loss:
            case Loss.POWER:
                for node in self.nodes:
                    node.kill()
                time.sleep(DARK_SECONDS)
            case Loss.MACHINE:
                leader.kill()
                self.wait_for_leader(seconds, other_than=leader)
            case Loss.AGENT:
                leader.kill_patroni()
                self.wait_for_leader(seconds, other_than=leader)
            case Loss.SERVER:
                leader.kill_server()
        for node in self.nodes:
            self.start_node(node)

        def look() -> Node | None:
            found = self.leader()
            running = [] if found is None else found.server_processes()[:1]
            return found if running and running != lost else None

        return wait_for("a server to lead", seconds, look)

    def wait_until_level(self, seconds: float) -> None:
        """Wait until every standby has replayed all that the leader has."""

        def look() -> bool | None:
            return all(not member.get("lag", 0) for member in self.members()) or None

        time.sleep(LOOP_SECONDS)  # the lag that is told is that of Patroni's last look
        wait_for("the standbys to have everything", seconds, look)

    def url(
        self, user: str, password: str, database: str, only: str | None = None, **parameters: str
    ) -> str:
        """The address of all nodes as one, for whoever wants to write; or of only one of them."""
        hosts = ",".join(
            node.address("postgresql") for node in self.nodes if only in (None, node.name)
        )
        wanted = {"target_session_attrs": "read-write", "connect_timeout": "3"} | parameters
        query = "&".join(f"{name}={value}" for name, value in wanted.items())
        return f"postgresql://{user}:{password}@{hosts}/{database}?{query}"

    def close(self) -> None:
        """End every process, whatever state it is in, and wait until each is gone."""
        for node in self.nodes:
            node.kill()

    def log_tails(self) -> str:
        """The last lines of every log, for whoever must find out why it failed."""
        parts = []
        for log in sorted(self.folder.glob("*/*.log")):
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
            parts.append("\n".join([f"--- {log.parent.name} {log.name}", *lines]))
        return "\n".join(parts)

    def _run(
        self, node: Node, words: Sequence[str], env: dict[str, str]
    ) -> subprocess.Popen[bytes]:
        with (node.folder / f"{words[0]}.log").open("ab") as log:
            return subprocess.Popen(
                words,
                cwd=node.folder,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"} | env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self.account,
                group=self.account,
                extra_groups=[] if self.account else None,
                start_new_session=True,  # Ctrl-C is for the test, which ends them in its own order
            )

    def _etcd_settings(self, node: Node) -> dict[str, str]:
        client, peer = (f"http://{node.address(service)}" for service in ("etcd", "peer"))
        return settings(
            "etcd.env",
            ETCD_NAME=node.name,
            ETCD_DATA_DIR=str(node.folder / "etcd"),
            ETCD_LISTEN_CLIENT_URLS=client,
            ETCD_ADVERTISE_CLIENT_URLS=client,
            ETCD_LISTEN_PEER_URLS=peer,
            ETCD_INITIAL_ADVERTISE_PEER_URLS=peer,
            ETCD_INITIAL_CLUSTER=",".join(
                f"{each.name}=http://{each.address('peer')}" for each in self.nodes
            ),
            ETCD_INITIAL_CLUSTER_TOKEN="capital",
            ETCD_INITIAL_CLUSTER_STATE="new",
        )

    def _patroni_settings(self, node: Node) -> dict[str, str]:
        return settings(
            "patroni.env",
            PATRONI_NAME=node.name,
            PATRONI_RESTAPI_LISTEN=node.address("api"),
            PATRONI_RESTAPI_CONNECT_ADDRESS=node.address("api"),
            PATRONI_ETCD3_HOSTS=",".join(each.address("etcd") for each in self.nodes),
            PATRONI_POSTGRESQL_LISTEN=node.address("postgresql"),
            PATRONI_POSTGRESQL_CONNECT_ADDRESS=node.address("postgresql"),
            PATRONI_POSTGRESQL_DATA_DIR=str(node.data),
            PATRONI_POSTGRESQL_BIN_DIR=str(self.programs),
            PATRONI_POSTGRESQL_PGPASS=str(node.folder / "pgpass"),
            PATRONI_SUPERUSER_USERNAME="postgres",
            PATRONI_SUPERUSER_PASSWORD=self.passwords["superuser"],
            PATRONI_REPLICATION_USERNAME="replicator",
            PATRONI_REPLICATION_PASSWORD=self.passwords["replication"],
            PATRONI_REWIND_USERNAME="rewinder",
            PATRONI_REWIND_PASSWORD=self.passwords["rewind"],
        )


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A cluster that runs; nothing of it is left afterwards, however that comes about."""
    programs = install()
    account = "postgres" if os.geteuid() == 0 else None
    folder = Path(mkdtemp(prefix="capital-cluster-"))
    try:
        nodes = []
        free = iter(free_ports(12))
        for name in ("node1", "node2", "node3"):
            ports = {service: next(free) for service in ("etcd", "peer", "api", "postgresql")}
            nodes.append(Node(name, folder / name, ports))
            nodes[-1].folder.mkdir()
        if account is not None:
            for path in (folder, *(node.folder for node in nodes)):
                shutil.chown(path, account, account)
        made = Cluster(folder, programs, account, nodes)
        try:
            made.start()
            yield made
        except ClusterFailed as problem:
            raise ClusterFailed(f"{problem}\n{made.log_tails()}") from None
        finally:
            made.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
