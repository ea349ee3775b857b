"""Telling people that a run failed.

Belongs here: the sensor on failed runs, and the message. Does not belong here: deciding what fails (see `checks` and `stage`).
"""

import json
import os
import urllib.request

import dagster as dg

WEBHOOK_VARIABLE = "GOVREPORTS_WEBHOOK"
# What is posted: a JSON object whose {message} is replaced. This one suits Slack and Mattermost.
TEMPLATE_VARIABLE = "GOVREPORTS_WEBHOOK_BODY"
TEMPLATE = '{"text": {message}}'
_SECONDS = 20


@dg.run_failure_sensor(
    name="webhook",
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=f"Posts failed runs to the address in {WEBHOOK_VARIABLE}; without one it does nothing.",
)
def webhook(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Post one message for a failed run. An address that does not answer fails the tick, which the page of the sensor shows."""
    address = os.environ.get(WEBHOOK_VARIABLE)
    if not address:
        return dg.SkipReason(f"{WEBHOOK_VARIABLE} is not set")
    run = context.dagster_run
    error = " ".join((context.failure_event.message or "").split())[:500]
    post(address, f"govreports: run {run.run_id[:8]} of {run.job_name} failed: {error}")
    return None


def post(address: str, message: str) -> None:
    """Post a message. Raises `urllib.error.URLError` where the address does not answer or refuses."""
    template = os.environ.get(TEMPLATE_VARIABLE) or TEMPLATE
    body = template.replace("{message}", json.dumps(message, ensure_ascii=False)).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json; charset=utf-8"})
    with urllib.request.urlopen(request, timeout=_SECONDS):
        pass
