"""The server: whom it answers, what it serves, which corrections it takes."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from site_project import REPORTS, MadeSite

from govreports.site.serve import HOST, TOKEN_HEADER, SiteServer
from govreports.warehouse.corrections import load_corrections

ROW = REPORTS[0].observation()


def entry(**changes: Any) -> dict[str, Any]:
    """A correction of the first report's value, as the page makes it."""
    made = {
        "id": f"review-{ROW['observation_id']}",
        "action": "override",
        "where": {"observation_id": ROW["observation_id"]},
        "expect": {"value": 300, "unit": "亿元"},
        "reason": '公报为310亿元: "以此为准"\n第二行',
        "date": "2025-03-01",
        "set": {"value": 310, "obs_value": 310e8},
    }
    return {name: value for name, value in (made | changes).items() if value is not None}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> MadeSite:
    """A site, with files beside it that nobody may read."""
    project = MadeSite(tmp_path_factory.mktemp("served"))
    project.publish()
    project.build()
    (project.folder / "secret.txt").write_text("secret")
    (project.site / "link.txt").symlink_to(project.folder / "secret.txt")
    return project


@pytest.fixture
def server(made: MadeSite, tmp_path: Path) -> Iterator[SiteServer]:
    """A running server with a folder for corrections of its own."""
    with SiteServer(made.site, made.published, tmp_path / "corrections") as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def ask(
    server: SiteServer, path: str, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """Status, headers and body of an answer."""
    connection = http.client.HTTPConnection(HOST, server.server_port, timeout=10)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    found = answer.status, answer.headers, answer.read()
    connection.close()
    return found


def post(server: SiteServer, made: object, **headers: str) -> tuple[int, dict[str, Any]]:
    """Status and answer to a posted entry, with the token unless another is given."""
    sent = {"Content-Type": "application/json", TOKEN_HEADER: server.token} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    status, _, body = ask(server, "/corrections", "POST", json.dumps(made).encode(), sent)
    return status, json.loads(body)


def test_pages_are_served_with_their_types(server: SiteServer) -> None:
    status, headers, body = ask(server, "/")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert body.startswith(b"<!doctype html>")
    assert headers["X-Content-Type-Options"] == "nosniff"
    status, headers, body = ask(server, "/data/index.js?x=1")
    assert (status, headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert int(headers["Content-Length"]) == len(body)
    status, headers, body = ask(server, f"/report/{REPORTS[0].doc_id}.html", "HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/data/../../secret.txt", "//etc/passwd", "/%2fetc/passwd",
        "/link.txt", "/.built", "/data/.hidden", "/data", "/data/", "/nothing.html", "/index.html%00.js", "/..\\secret.txt",
    ],
)  # fmt: skip
def test_nothing_else_is_served(server: SiteServer, path: str) -> None:
    status, _, body = ask(server, path)
    assert status == 404
    assert b"secret" not in body and b"root:" not in body


def test_only_this_machine_is_listened_to(server: SiteServer) -> None:
    assert server.server_address[0] == "127.0.0.1"
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.2", server.server_port)) != 0


def test_a_name_that_points_here_is_not_answered(server: SiteServer) -> None:
    assert ask(server, "/", headers={"Host": f"evil.example:{server.server_port}"})[0] == 403
    assert ask(server, "/", headers={"Host": f"localhost:{server.server_port}"})[0] == 200
    assert ask(server, "/", headers={"Origin": "http://evil.example"})[0] == 403


def test_a_correction_is_written_and_can_be_read(server: SiteServer, made: MadeSite) -> None:
    status, answer = post(server, entry())
    assert (status, answer) == (201, {"file": f"corrections/review-{ROW['observation_id']}.yml"})
    (read,) = load_corrections(server.corrections)
    assert (read.action, read.made_on, read.change) == (
        "override",
        date(2025, 3, 1),
        {"value": 310, "obs_value": 310e8},
    )
    assert read.reason == entry()["reason"]
    assert [path.name for path in server.corrections.iterdir()] == [f"review-{ROW['observation_id']}.yml"]


@pytest.mark.parametrize(
    "changes", [{"action": "drop", "set": None}, {"action": "flag", "set": None, "obs_status": "U"}]
)
def test_values_can_be_dropped_and_flagged(server: SiteServer, changes: dict[str, Any]) -> None:
    assert post(server, entry(**changes))[0] == 201
    assert load_corrections(server.corrections)[0].action == changes["action"]


def test_without_the_token_nothing_is_written(server: SiteServer) -> None:
    for headers in ({TOKEN_HEADER: "wrong"}, {TOKEN_HEADER: ""}, {TOKEN_HEADER: "ä"}):
        status, answer = post(server, entry(), **headers)
        assert (status, "token" in answer["error"]) == (403, True)
    assert not server.corrections.exists()


def test_pages_of_others_cannot_post(server: SiteServer) -> None:
    assert post(server, entry(), Origin="http://evil.example")[0] == 403
    # A form of another page can send this type without asking.
    assert post(server, entry(), Content_Type="text/plain")[0] == 403
    assert post(server, entry(), Host="evil.example")[0] == 403
    assert not server.corrections.exists()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"reason": " "}, "a reason is needed"),
        ({"reason": "x" * 3000}, "a reason is needed"),
        ({"action": "scale", "factor": 2}, "action must be one of"),
        ({"id": "../../x"}, "named after it"),
        ({"id": "review-../x", "where": {"observation_id": "../x"}}, "observation_id is none"),
        ({"where": {"indicator_id": "gdp"}}, "about one observation"),
        ({"where": None}, "must be a mapping"),
        ({"date": "soon"}, "the date must be a day"),
        ({"expect": {"value": 299}}, "the value has changed"),
        ({"expect": {"nonsense": 1}}, "names no columns"),
        ({"set": {"value": {"a": 1}}}, "numbers and words only"),
        ({"set": None}, "lacks set"),
        ({"more": 1}, "unknown keys: more"),
        ({"id": "review-o" + "0" * 16, "where": {"observation_id": "o" + "0" * 16}}, "no such observation"),
    ],
)
def test_an_entry_that_would_stop_a_build_is_refused(server: SiteServer, changes: dict[str, Any], told: str) -> None:
    status, answer = post(server, entry(**changes))
    assert status == 409
    assert told in answer["error"]
    assert not list(server.corrections.glob("*")) if server.corrections.exists() else True


def test_a_value_is_corrected_once(server: SiteServer) -> None:
    assert post(server, entry())[0] == 201
    status, answer = post(server, entry(reason="again"))
    assert (status, "corrected already by" in answer["error"]) == (409, True)


def test_a_value_that_a_hand_written_correction_claims_is_left_to_it(server: SiteServer) -> None:
    server.corrections.mkdir()
    (server.corrections / "hand.yml").write_text(
        "- {id: hand, action: drop, where: {quote: 达到300亿元}, expect: {value: 300}, reason: x, date: 2025-01-01}\n",
        encoding="utf-8",
    )
    status, answer = post(server, entry())
    assert (status, answer["error"]) == (409, "the value is corrected already by hand")


def test_bodies_are_bounded_and_must_be_json(server: SiteServer) -> None:
    headers = {"Content-Type": "application/json", TOKEN_HEADER: server.token}
    assert ask(server, "/corrections", "POST", b"{", headers)[0] == 409
    assert ask(server, "/corrections", "POST", b"[1]", headers)[0] == 409
    assert ask(server, "/corrections", "POST", b"", {**headers, "Content-Length": "9999999"})[0] == 413
    assert ask(server, "/index.html", "POST", b"{}", headers)[0] == 404
    assert ask(server, "/", "PUT", b"{}", headers)[0] == 501
