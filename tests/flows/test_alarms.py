"""What Prefect is told of alarms: an artifact with its history, an event each, and the call of a webhook."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import Artifact

from flows.alarms import Alarm, alarm_words, artifact_key, event_name
from flows.ingest import ingest
from flows.server import drain
from schemas.errors import WrongUse
from tasks.stages import warehouse_resource
from tests.flows.silence import fall_silent
from tests.flows.waiting import wait_until
from tests.ingestion.mill import Mill, block, mill_at, words
from warehouse import load_queries

SILENT = "Nothing new for 5 days; usually something comes within 24 h."


def run_ingest(mill: Mill) -> dict[str, Any]:
    """The flow as a schedule runs it, in this process."""
    model = mill.settings.enrichment.model
    counts: dict[str, Any] = ingest(input_folder=str(mill.input), warehouse=str(mill.warehouse), model=model, workers=1)
    drain()
    return counts


def artifacts(address: str, mill: Mill) -> Sequence[Artifact]:
    """The history of a warehouse's alarms, oldest first."""
    key = artifact_key(mill.warehouse)
    with SyncPrefectClient(address) as client:
        found = [artifact for artifact in client.read_artifacts() if artifact.key == key]
    return sorted(found, key=lambda artifact: str(artifact.created))


def events(address: str, mill: Mill) -> list[dict[str, Any]]:
    """What was emitted about a warehouse's alarms, oldest first."""
    resource = warehouse_resource(mill.warehouse)["prefect.resource.id"]
    body = {"filter": {"resource": {"id": [resource]}, "event": {"exclude_prefix": ["newsmill.batch"]}}, "limit": 50}
    found: list[dict[str, Any]] = httpx.post(f"{address}/events/filter", json=body).json()["events"]
    return found[::-1]


def names(address: str, mill: Mill) -> list[str]:
    return [event["event"] for event in events(address, mill)]


@pytest.fixture
def quiet(tmp_path: Path, model: str, request: pytest.FixtureRequest) -> Mill:
    """A mill whose warehouse has a name of its own, so that its events are told from those of other tests."""
    name = re.sub(r"\W+", "-", request.node.name)[-40:]
    mill = mill_at(tmp_path, model)
    return Mill(settings=replace(mill.settings, warehouse=tmp_path / name))


@pytest.mark.prefect
def test_a_run_that_takes_in_nothing_notices_silence(prefect_api: str, quiet: Mill) -> None:
    fall_silent(quiet)
    assert run_ingest(quiet)["files_read"] == 0
    wait_until(lambda: events(prefect_api, quiet))

    (event,) = events(prefect_api, quiet)
    assert event["event"] == "newsmill.input.silent"
    assert event["resource"]["newsmill.alarm"] == "input_silent"
    assert event["payload"]["sentence"] == SILENT
    assert (round(event["payload"]["measured"]), event["payload"]["usual"], event["payload"]["unit"]) == (
        120,
        24.0,
        "hours",
    )
    (artifact,) = artifacts(prefect_api, quiet)
    (row,) = json.loads(str(artifact.data))
    assert (row["alarm"], row["what"]) == ("input_silent", SILENT)
    with SyncPrefectClient(prefect_api) as client:
        assert artifact.flow_run_id
        assert client.read_flow_run(artifact.flow_run_id).name.endswith(" · nothing new · input silent")


@pytest.mark.prefect
def test_what_arrives_ends_the_alarm_and_says_so_once(prefect_api: str, quiet: Mill) -> None:
    fall_silent(quiet)
    run_ingest(quiet)
    quiet.put("late.txt", block("At last", words(1)))
    run_ingest(quiet)
    run_ingest(quiet)
    wait_until(lambda: len(events(prefect_api, quiet)) > 1)

    assert names(prefect_api, quiet) == ["newsmill.input.silent", "newsmill.alarm.cleared"]
    assert [json.loads(str(artifact.data)) for artifact in artifacts(prefect_api, quiet)][1:] == [[]]
    assert events(prefect_api, quiet)[1]["payload"]["sentence"] == "The alarm input_silent is over."


@pytest.mark.prefect
def test_a_warehouse_where_all_is_as_usual_leaves_nothing(prefect_api: str, quiet: Mill) -> None:
    quiet.put("one.txt", block("One", words(2)))
    run_ingest(quiet)
    assert (artifacts(prefect_api, quiet), names(prefect_api, quiet)) == ([], [])


@pytest.mark.prefect
def test_a_run_that_fails_looks_at_the_alarms_too(prefect_api: str, quiet: Mill) -> None:
    fall_silent(quiet)
    quiet.input.rmdir()
    with pytest.raises(WrongUse, match="does not exist"):
        run_ingest(quiet)
    drain()
    wait_until(lambda: names(prefect_api, quiet) == ["newsmill.input.silent"])


@pytest.mark.prefect
def test_a_source_named_by_somebody_else_stays_text(prefect_api: str, quiet: Mill) -> None:
    hostile = '<img src=x onerror="alert(1)">'
    fall_silent(quiet, hostile)
    fall_silent(quiet, "tribune", days=0)
    run_ingest(quiet)
    wait_until(lambda: events(prefect_api, quiet))

    (event,) = events(prefect_api, quiet)
    assert (event["event"], event["payload"]["source"]) == ("newsmill.source.silent", hostile)
    (artifact,) = artifacts(prefect_api, quiet)
    assert hostile not in str(artifact.description)


class Receiver(BaseHTTPRequestHandler):
    """Keeps what it is sent."""

    received: list[Any]

    def do_POST(self) -> None:
        self.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[Any]]]:
    """The address of a webhook on this machine, and what it received."""
    received: list[Any] = []
    handler = type("OneReceiver", (Receiver,), {"received": received})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/alarms", received
        server.shutdown()


def commands_of_the_page(project: Path, address: str, webhook: str) -> str:
    """What docs/operate.md tells to type, for another server and another webhook."""
    page = (project / "docs" / "operate.md").read_text("utf-8")
    (typed,) = re.findall(r"```\n(export [^`]*automation create[^`]*)```", page)
    return (
        str(typed).replace("http://127.0.0.1:4200/api", address).replace("https://hooks.example.com/newsmill", webhook)
    )


def apply_automations(project: Path, folder: Path, commands: str) -> None:
    """Type the commands in a folder with a copy of `automations.yaml`, in which two hours are ten seconds."""
    text = (project / "automations.yaml").read_text("utf-8")
    (folder / "automations.yaml").write_text(text.replace("within: 7200", "within: 10"), "utf-8")
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    subprocess.run(["bash", "-ec", commands], cwd=folder, env=environment, check=True, timeout=120)


@pytest.fixture
def automations(
    prefect_api: str, project: Path, tmp_path: Path, receiver: tuple[str, list[Any]]
) -> Iterator[list[Any]]:
    """The automations as the page says how to apply them; gives what the webhook received."""
    address, received = receiver
    apply_automations(project, tmp_path, commands_of_the_page(project, prefect_api, address))
    yield received
    with SyncPrefectClient(prefect_api) as client:
        for automation in client.request("POST", "/automations/filter", json={}).json():
            client.request("DELETE", "/automations/{id}", path_params={"id": automation["id"]})


@pytest.mark.prefect
def test_the_webhook_of_the_page_is_called_once_when_an_alarm_begins_and_once_when_it_ends(
    automations: list[Any], quiet: Mill
) -> None:
    fall_silent(quiet)
    run_ingest(quiet)
    wait_until(lambda: alarms_of(automations))
    run_ingest(quiet)
    quiet.put("late.txt", block("At last", words(1)))
    run_ingest(quiet)
    wait_until(lambda: len(alarms_of(automations)) > 1)

    name = str(quiet.warehouse)
    began, ended = alarms_of(automations)
    assert began["text"] == f"newsmill, {name}: {SILENT}"
    assert (began["event"], began["warehouse"]) == ("newsmill.input.silent", name)
    assert (began["alarm"]["alarm"], began["alarm"]["usual"]) == ("input_silent", 24.0)
    assert ended["event"] == "newsmill.alarm.cleared"


@pytest.mark.prefect
def test_the_webhook_is_called_when_no_ingest_is_completed(automations: list[Any]) -> None:
    wait_until(lambda: automations)
    assert automations[0]["text"] == "newsmill: no ingest was completed for two hours."


def alarms_of(received: list[Any]) -> list[Any]:
    return [call for call in received if "alarm" in call]


def alarm(name: str, source: str | None = None) -> Alarm:
    return Alarm(alarm=name, source=source, since=None, sentence="", measured=None, usual=None, unit=None)


def test_the_name_of_a_run_names_each_alarm_once() -> None:
    assert alarm_words([]) == ""
    assert alarm_words([alarm("refusals_high"), alarm("source_silent", "a"), alarm("source_silent", "b")]) == (
        "refusals high, source silent"
    )


def test_the_automations_wait_for_every_alarm_there_is(project: Path) -> None:
    there_are = set(re.findall(r"^    '([a-z]+_[a-z]+)'", load_queries("views")["alarms"].sql, re.MULTILINE))
    text = (project / "automations.yaml").read_text("utf-8")
    assert set(re.findall(r"- (newsmill\.\S+)", text)) == {event_name(alarm(name)) for name in there_are}


@pytest.mark.parametrize(("folder", "key"), [("News 2025", "alarms-news-2025-"), ("ニュース", "alarms-warehouse-")])
def test_keys_are_of_the_letters_that_prefect_takes(folder: str, key: str) -> None:
    assert re.fullmatch(key + "[0-9a-f]{6}", artifact_key(Path("/srv") / folder))


def test_warehouses_of_one_name_have_alarms_of_their_own() -> None:
    local, world = Path("/srv/local/data"), Path("/srv/world/data")
    assert artifact_key(local) != artifact_key(world)
    assert warehouse_resource(local)["prefect.resource.id"] != warehouse_resource(world)["prefect.resource.id"]
