"""Failed runs are posted to a webhook."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import dagster as dg
import pytest

from assets.defs.alerts import TEMPLATE_VARIABLE, WEBHOOK_VARIABLE, webhook


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """What a server on this machine was sent."""
    bodies: list[object] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv(WEBHOOK_VARIABLE, f"http://127.0.0.1:{server.server_port}/hook")
    yield bodies
    server.shutdown()
    server.server_close()


def failure(instance: dg.DagsterInstance) -> dg.RunFailureSensorContext:
    """The context of a run that failed."""

    @dg.op
    def break_off() -> None:
        raise ValueError('no "such" folder')

    @dg.job
    def breaking() -> None:
        break_off()

    result = breaking.execute_in_process(instance=instance, raise_on_error=False)
    event = next(e for e in result.all_events if e.event_type == dg.DagsterEventType.RUN_FAILURE)
    return dg.build_run_status_sensor_context(
        sensor_name="webhook", dagster_instance=instance, dagster_run=result.dagster_run, dagster_event=event
    ).for_run_failure()


def test_a_failed_run_is_posted(instance: dg.DagsterInstance, received: list[object]) -> None:
    webhook(failure(instance))
    (body,) = received
    assert isinstance(body, dict) and list(body) == ["text"]
    assert body["text"].startswith("govreports: run ") and "of breaking failed" in body["text"]


def test_another_service_takes_another_body(
    instance: dg.DagsterInstance, received: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TEMPLATE_VARIABLE, '{"msgtype": "text", "text": {"content": {message}}}')
    webhook(failure(instance))
    (body,) = received
    assert isinstance(body, dict) and "failed" in body["text"]["content"]


def test_without_an_address_nothing_is_posted(instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(WEBHOOK_VARIABLE, raising=False)
    skipped = webhook(failure(instance))
    assert isinstance(skipped, dg.SkipReason)
