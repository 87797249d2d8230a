"""The server of a site: right headers and types, nothing outside of the folder, a quiet end."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from haq.cli.server import ADDRESS, HEADERS, POLICY, VIEWED, VIEWER, SiteServer, open_server
from haq.errors import InputError

SECRET = "not for the browser"
FILES = {
    "index.html": "<!doctype html><title>all</title>",
    "assets/site.css": "body{}",
    "assets/search.js": "1",
    "assets/icon.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "kk/index.html": "<!doctype html><title>бет</title>",
    "kk/station/1.html": "one",
    "data/data.json": "{}",
    "data/entries.jsonl": "{}",
    "data/t.parquet": "PAR1",
    "data/t.csv": "a,b",
    "files/a.webp": "RIFF",
    "files/a.png": "PNG",
    "files/a.pdf": "%PDF-1.7",
    "files/odd.bin": "?",
    "checkpoint": "example.org/log",
    "tile/0/000": "?",
    "empty/notes.txt": "x",
    ".haq-site.json": "{}",
    "kk/мектеп 5.html": "school",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served")
    for name, text in FILES.items():
        path = folder / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (folder / "secret.txt").write_text(SECRET)
    (folder / "site-secrets").mkdir()
    (folder / "site-secrets" / "secret.txt").write_text(SECRET)
    (folder / "site" / "link.txt").symlink_to(folder / "secret.txt")
    (folder / "site" / "way-out").symlink_to(folder)
    (folder / "site" / "circle").symlink_to(folder / "site" / "circle")
    (folder / "site" / "inner.html").symlink_to(folder / "site" / "index.html")
    return folder / "site"


@pytest.fixture(scope="module")
def server(site: Path) -> Iterator[SiteServer]:
    with open_server(site, 0) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def ask(server: SiteServer, target: str, method: str = "GET") -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(ADDRESS, server.server_address[1], timeout=10)
    connection.putrequest(method, target, skip_host=False)
    connection.endheaders()
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


@pytest.mark.parametrize(
    ("target", "file", "kind"),
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/?x=1", "index.html", "text/html; charset=utf-8"),
        ("/kk/", "kk/index.html", "text/html; charset=utf-8"),
        ("/kk/station/1.html", "kk/station/1.html", "text/html; charset=utf-8"),
        ("/kk/%D0%BC%D0%B5%D0%BA%D1%82%D0%B5%D0%BF%205.html", "kk/мектеп 5.html", "text/html; charset=utf-8"),
        ("/assets/site.css", "assets/site.css", "text/css; charset=utf-8"),
        ("/assets/search.js", "assets/search.js", "text/javascript; charset=utf-8"),
        ("/assets/icon.svg", "assets/icon.svg", "image/svg+xml"),
        ("/data/data.json", "data/data.json", "application/json"),
        ("/data/entries.jsonl", "data/entries.jsonl", "application/jsonl"),
        ("/data/t.parquet", "data/t.parquet", "application/vnd.apache.parquet"),
        ("/data/t.csv", "data/t.csv", "text/csv; charset=utf-8"),
        ("/files/a.webp", "files/a.webp", "image/webp"),
        ("/files/a.png", "files/a.png", "image/png"),
        ("/files/a.pdf", "files/a.pdf", "application/pdf"),
        ("/files/odd.bin", "files/odd.bin", "application/octet-stream"),
        ("/checkpoint", "checkpoint", "text/plain; charset=utf-8"),
        ("/tile/0/000", "tile/0/000", "application/octet-stream"),
        ("/inner.html", "index.html", "text/html; charset=utf-8"),
    ],
)
def test_a_file_comes_with_its_type_and_its_headers(
    server: SiteServer, target: str, file: str, kind: str
) -> None:
    for method in ("GET", "HEAD"):
        response, body = ask(server, target, method)
        assert response.status == 200
        assert response.headers["Content-Type"] == kind
        assert response.headers["Content-Length"] == str(len(FILES[file].encode()))
        expected = HEADERS | ({"Content-Security-Policy": VIEWER} if kind in VIEWED else {})
        assert {name: response.headers[name] for name in HEADERS} == expected
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        # A PDF may hold script: it is saved, and not shown under the site's address.
        saved = response.headers["Content-Disposition"]
        assert saved == ("attachment" if kind == "application/pdf" else None)
        assert body == (FILES[file].encode() if method == "GET" else b"")


def test_a_picture_does_not_lend_its_policy_to_the_next_file(server: SiteServer) -> None:
    connection = http.client.HTTPConnection(ADDRESS, server.server_address[1], timeout=10)
    for target, policy in (("/files/a.png", VIEWER), ("/", POLICY), ("/absent", POLICY)):
        connection.request("GET", target)
        response = connection.getresponse()
        response.read()
        assert response.headers["Content-Security-Policy"] == policy
    connection.close()


def test_a_site_answers_with_its_own_page_where_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    for name in ("index.html", "assets/site.css", "404.html"):
        (tmp_path / name).write_text(f"<p>{name}")
    with open_server(tmp_path, 0) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            connection = http.client.HTTPConnection(ADDRESS, running.server_address[1], timeout=10)
            for target in ("/kk/station/nowhere.html", "/%ff"):
                connection.request("GET", target)
                response = connection.getresponse()
                assert (response.status, response.read()) == (404, b"<p>404.html")
                assert response.headers["Content-Type"] == "text/html; charset=utf-8"
                assert response.headers["Content-Security-Policy"] == POLICY
            connection.close()
        finally:
            running.shutdown()
            thread.join()


def test_the_policy_of_the_server_is_that_of_the_pages(project: Path) -> None:
    base = (project / "src/haq/bulletin/templates/base.html").read_text("utf-8")
    assert POLICY.removesuffix("; frame-ancestors 'none'") in base
    assert HEADERS["X-Content-Type-Options"] == "nosniff"
    assert HEADERS["Referrer-Policy"] == "no-referrer"
    assert HEADERS["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "target",
    [
        "/absent.html",
        "/empty/",  # no listing
        "/kk/index.html/",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/kk/..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "/../site-secrets/secret.txt",
        "/link.txt",
        "/way-out/secret.txt",
        "/way-out/",
        "/circle",
        "/.haq-site.json",
        "/%00",
        "/index.html%00.png",
        "/%ff",
        "/C:%5csecret.txt",
        "*",
        "http://localhost/secret.txt",
        "/" + "a" * 5000,
    ],
)
def test_nothing_else_is_served(server: SiteServer, target: str) -> None:
    for method in ("GET", "HEAD"):
        response, body = ask(server, target, method)
        assert response.status == 404
        assert SECRET.encode() not in body and b"<" not in body
        assert {name: response.headers[name] for name in HEADERS} == HEADERS


def test_a_folder_gets_its_slash_and_nobody_is_sent_elsewhere(server: SiteServer) -> None:
    response, _ = ask(server, "/kk?x=1")
    assert (response.status, response.headers["Location"]) == (301, "/kk/")
    response, _ = ask(server, "//kk")
    assert (response.status, response.headers["Location"]) == (301, "/kk/")
    assert ask(server, "//example.org/..")[0].status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_sent(server: SiteServer, method: str) -> None:
    response, _ = ask(server, "/", method)
    assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD")
    assert ask(server, "/", "BREW")[0].status == 501


def test_one_connection_serves_several_pages(server: SiteServer) -> None:
    connection = http.client.HTTPConnection(ADDRESS, server.server_address[1], timeout=10)
    for target in ("/", "/absent", "/kk/"):
        connection.request("HEAD", target)
        connection.getresponse().read()
    connection.request("GET", "/")
    assert connection.getresponse().read() == FILES["index.html"].encode()
    connection.close()


def test_only_this_machine_is_answered(server: SiteServer) -> None:
    # The very address: where "localhost" is ::1 first, nobody would answer there.
    assert server.server_address[0] == "127.0.0.1"
    assert server.url == f"http://{ADDRESS}:{server.server_address[1]}/"


def test_the_next_free_port_is_taken(site: Path) -> None:
    with socket.socket() as first:
        first.bind((ADDRESS, 0))
        first.listen()
        taken = first.getsockname()[1]
        if taken > 65_000:
            pytest.skip("no port behind the one that this machine gave")
        with open_server(site, taken) as server:
            assert taken < server.server_address[1] < taken + 50


def test_a_folder_that_is_no_site_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "index.html").touch()
    for folder in (tmp_path, tmp_path / "absent", tmp_path / "index.html"):
        with pytest.raises(InputError, match=r"is no site; make one with .* --site") as caught:
            open_server(folder, 0)
        assert "\n" not in str(caught.value)


def command(site: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    code = "import typer; from haq.cli.serve import serve; a = typer.Typer(); a.command()(serve); a()"
    return subprocess.Popen(
        [sys.executable, "-c", code, str(site), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "utf-8"} | environment,
    )


@pytest.mark.skipif(os.name == "nt", reason="no interrupt for a single process")
def test_the_command_prints_the_address_and_ends_quietly(site: Path) -> None:
    with socket.socket() as first:
        first.bind((ADDRESS, 0))
        first.listen()
        running = command(site, "--port", str(first.getsockname()[1]), LC_ALL="ru_RU.UTF-8")
        assert running.stdout is not None
        assert "занят" in running.stdout.readline()
        line = running.stdout.readline()
        port = int(line.partition(f"http://{ADDRESS}:")[2].partition("/")[0])
        connection = http.client.HTTPConnection(ADDRESS, port, timeout=10)
        connection.request("GET", "/")  # the port listens before the address is printed
        response = connection.getresponse()
        assert (response.status, response.read()) == (200, FILES["index.html"].encode())
        connection.close()
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (0, "", "")


def test_the_command_says_in_one_line_what_is_wrong(tmp_path: Path) -> None:
    running = command(tmp_path)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err.count("\n")) == (2, "", 1)
    assert "is no site" in err


@pytest.mark.skipif(os.name == "nt", reason="no interrupt for a single process")
def test_the_address_comes_as_json_too(site: Path) -> None:
    running = command(site, "--port", "0", "--json")
    assert running.stdout is not None
    lines = [running.stdout.readline() for _ in range(4)]
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)
    assert json.loads("".join(lines))["address"].startswith(f"http://{ADDRESS}:")
    assert running.returncode == 0
