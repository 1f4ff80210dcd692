"""One node of a cluster on this machine: its programs, processes, ports and settings."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

DEPLOY = Path(__file__).parents[2] / "deploy" / "cluster"
PACKAGES = ("etcd-server", "patroni", "postgresql")
INSTALLING_SECONDS = 240
LOOPBACK = "127.0.0.1"

Found = TypeVar("Found")


class ClusterFailed(Exception):
    """The cluster cannot be had, or did not come to the state that was waited for."""


def wait_for(what: str, seconds: float, look: Callable[[], Found | None]) -> Found:
    """What `look` finds, as soon as it finds something; raises ClusterFailed when time is up."""
    end = time.monotonic() + seconds
    while (found := look()) is None:
        if time.monotonic() > end:
            raise ClusterFailed(f"{what}: not within {seconds:.0f} seconds")
        time.sleep(0.2)
    return found


def install() -> Path:
    """The programs of the newest PostgreSQL; Debian's packages are installed where they miss.

    Raises ClusterFailed where they cannot be had.
    """
    if _programs() is None or not all(shutil.which(name) for name in ("etcd", "patroni")):
        command = ["apt-get", "install", "--yes", "--no-install-recommends", *PACKAGES]
        if os.geteuid() != 0:
            raise ClusterFailed(f"packages are missing; type: sudo {' '.join(command)}")
        for words in (["apt-get", "update"], command):
            subprocess.run(
                words,
                check=True,
                env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
                stdout=subprocess.DEVNULL,
                timeout=INSTALLING_SECONDS,
            )
    programs = _programs()
    if programs is None:
        raise ClusterFailed("no PostgreSQL server is installed under /usr/lib/postgresql")
    return programs


def _programs() -> Path | None:
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    return max(found, key=lambda path: int(path.parent.name), default=None)


def settings(file: str, **own: str) -> dict[str, str]:
    """What a file of deploy/cluster sets, with values of this machine for every one of them."""
    lines = (DEPLOY / file).read_text(encoding="utf-8").splitlines()
    shipped = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    assert own.keys() == shipped, f"{file} sets other variables: {own.keys() ^ shipped}"
    return own


@dataclass
class Node:
    """One machine of the cluster: its etcd, its Patroni, and the PostgreSQL which that runs."""

    name: str
    folder: Path
    ports: dict[str, int]
    etcd: subprocess.Popen[bytes] | None = None
    patroni: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def address(self, service: str) -> str:
        return f"{LOOPBACK}:{self.ports[service]}"

    def members(self) -> list[dict[str, Any]]:
        """What its Patroni knows of the cluster; nothing where it does not answer."""
        try:
            with urllib.request.urlopen(f"http://{self.address('api')}/cluster", timeout=2) as said:
                members: list[dict[str, Any]] = json.load(said)["members"]
                return members
        except (OSError, ValueError):
            return []

    def server_processes(self) -> list[int]:
        """PostgreSQL's processes, the first of them first; none where it does not run."""
        try:
            first = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
            if not Path(f"/proc/{first}/cwd").samefile(self.data):
                return []  # the file of a server that is gone; its number is another process's now
        except (OSError, IndexError):
            return []
        return [first, *(pid for pid, parent in _parents() if parent == first)]

    def kill_server(self) -> None:
        """PostgreSQL as a power cut leaves it: every process at once, none of them warned."""
        for pid in self.server_processes():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_patroni(self) -> None:
        """Its Patroni alone; PostgreSQL goes on, and takes itself for what it was."""
        if self.patroni is not None:
            self.patroni.kill()
            self.patroni.wait()
            self.patroni = None

    def kill(self) -> None:
        """The whole machine."""
        self.kill_patroni()
        self.kill_server()
        if self.etcd is not None:
            self.etcd.kill()
            self.etcd.wait()
            self.etcd = None


def _parents() -> Iterator[tuple[int, int]]:
    """Every process of this machine, and its parent."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                after_name = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2]
                yield int(entry.name), int(after_name.split()[1])


def free_ports(many: int) -> list[int]:
    """Ports that nobody listens on; all asked for before any is given back."""
    sockets = [socket.create_server((LOOPBACK, 0)) for _ in range(many)]
    try:
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
