"""Clusters that cannot or must not be used."""

import shutil
import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler

import pytest

from simulator.errors import Cancelled, StudyError
from simulator.experiment import cluster_connection as module
from simulator.experiment.cluster import _perform, over_cluster
from simulator.experiment.software import software
from tests.simulator.experiment.dask_cluster import ROOT, Calling, DaskCluster, collected, promptly


@pytest.fixture
def lone(tmp_path):
    """A scheduler without workers, for tests that harm it."""
    with DaskCluster(tmp_path) as started:
        yield started


@pytest.mark.slow
def test_workers_with_other_software_are_refused(lone, tmp_path):
    """A worker whose Caudal differs by a comment ends the study with the worker and both versions named."""
    shutil.copytree(ROOT / "simulator", tmp_path / "old" / "simulator", ignore=shutil.ignore_patterns("__pycache__"))
    with (tmp_path / "old" / "simulator" / "records.py").open("a") as source:
        source.write("# another version\n")
    lone.add_workers(1, tmp_path / "old")
    with pytest.raises(StudyError, match=r"the worker at tcp://127\.0\.0\.1:\d+ has other software") as raised:
        collected(over_cluster(Calling("lambda shared, n: n"), None, range(3), lone.address))
    assert software() in str(raised.value)


@pytest.mark.slow
def test_workers_without_caudal_are_refused(lone, tmp_path):
    """A worker that cannot import Caudal's side of clusters is named too."""
    (tmp_path / "none" / "simulator").mkdir(parents=True)
    (tmp_path / "none" / "simulator" / "__init__.py").touch()
    lone.add_workers(1, tmp_path / "none")
    with pytest.raises(StudyError, match="there no Caudal, or one that knows no clusters; here code"):
        collected(over_cluster(Calling("lambda shared, n: n"), None, range(3), lone.address))


def test_a_worker_that_comes_later_is_checked_as_well():
    """Each task says which software its results need."""
    with pytest.raises(StudyError, match="has other software"):
        _perform(b"", "code of last year", max, b"")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_nobody_at_the_address_is_said_in_a_sentence(monkeypatch):
    """Where no scheduler listens the study ends when the time to connect is over."""
    monkeypatch.setattr(module, "CONNECT", 0.5)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(StudyError, match=f"no Dask scheduler answers at {address} within 0.5 s"):
        collected(over_cluster(Calling("max"), None, [1], address))


def mute(_):
    """Takes connections, and says nothing."""


def proxy(connection):
    """Answers whatever comes as HTTP, at once and at length: Dask takes what it sends for lengths of exabytes."""
    connection.sendall(20 * b"HTTP/1.1 400 Bad Request\r\nServer: proxy\r\nContent-Length: 0\r\n\r\n")


def page(connection):
    """A server of pages, such as the scheduler's own on the next port."""
    BaseHTTPRequestHandler(connection, ("", 0), None)


@pytest.mark.parametrize("answer", [mute, proxy, page])
def test_whoever_else_answers_is_no_scheduler(answer, monkeypatch):
    """Neither a wait of minutes nor a traceback of Dask, whatever listens at the address."""
    monkeypatch.setattr(module, "CONNECT", 1.0)
    taken = []

    def serve():
        with suppress(OSError):
            while True:
                taken.append(listening.accept()[0])
                threading.Thread(target=answer, args=(taken[-1],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=serve, daemon=True).start()
        address = f"tcp://127.0.0.1:{listening.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(StudyError, match=f"no Dask scheduler answers at {address} within 1 s"):
            collected(over_cluster(Calling("max"), None, [1], address))
        assert time.monotonic() - began < 2 + promptly()
    for connection in taken:
        connection.close()


@pytest.mark.slow
def test_a_worker_is_no_scheduler(lone):
    """The address of a worker, and that of the scheduler's page, are refused in the same sentence."""
    lone.add_workers(1)
    with lone.client() as client:
        told = client.scheduler_info()
    addresses = [*told["workers"], f"tcp://127.0.0.1:{told['services']['dashboard']}"]
    for address in addresses:
        with pytest.raises(StudyError, match=f"no Dask scheduler answers at {address} within .* or of a worker"):
            collected(over_cluster(Calling("max"), None, [1], address))


def test_a_connection_that_nothing_wakes_is_left_behind(monkeypatch):
    """A look-up of a name can hang beyond every limit: a second after the time to connect the study ends."""
    monkeypatch.setattr(module, "CONNECT", 0.2)
    monkeypatch.setattr(module, "_check_address", lambda _: time.sleep(60))
    began = time.monotonic()
    with pytest.raises(StudyError, match="no Dask scheduler answers"):
        collected(over_cluster(Calling("max"), None, [1], "tcp://hangs:8786"))
    assert time.monotonic() - began < 1.2 + promptly()


def test_connecting_can_be_cancelled():
    """A cancellation does not wait until the time to connect is over."""
    event = threading.Event()
    threading.Timer(0.3, event.set).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        collected(over_cluster(Calling("max"), None, [1], f"tcp://127.0.0.1:{free_port()}", event))
    assert time.monotonic() - began < 0.3 + promptly()


ADDRESSES = ["", "here", "127.0.0.1", "http://127.0.0.1:8786", "tcp://127.0.0.1:http", "inproc://127.0.0.1/1/1"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_no_address_is_refused_with_an_example(address):
    """Nothing is tried for half a minute with an address that cannot be one."""
    with pytest.raises(StudyError, match=f"^'{address}' is no address of a scheduler: write one such as tcp://10"):
        collected(over_cluster(Calling("max"), None, [1], address))


def test_encryption_without_certificates_is_refused():
    """An address with tls needs certificates, and the message says where that is explained."""
    with pytest.raises(StudyError, match="asks for a certificate: name its files to Dask"):
        collected(over_cluster(Calling("max"), None, [1], "tls://127.0.0.1:8786"))
