"""What a flow makes of a signal that DuckDB turned into an error."""

import pytest
from prefect.exceptions import TerminationSignal
from pydantic import BaseModel, model_serializer

from flows.stopping import RUN_OF_A_SCHEDULE, stoppable


def interrupted(sentence: str) -> None:
    with stoppable():
        raise RuntimeError(sentence)


def test_ctrl_c_in_a_query_is_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(RUN_OF_A_SCHEDULE, raising=False)
    with pytest.raises(KeyboardInterrupt):
        interrupted("Query interrupted")


def test_a_scheduled_run_that_is_stopped_in_a_query_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(RUN_OF_A_SCHEDULE, "5f0c3f0e-0000-4000-8000-000000000000")
    with pytest.raises(TerminationSignal):
        interrupted("Query interrupted")


def serialise_and_be_stopped() -> None:
    """As pydantic does in a call to Prefect: a signal arrives in a serialiser that is written in Python."""

    class Call(BaseModel):
        @model_serializer(mode="plain")
        def interrupt(self) -> dict[str, str]:
            raise KeyboardInterrupt

    with stoppable():
        Call().model_dump()


def test_ctrl_c_in_a_call_to_prefect_is_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(RUN_OF_A_SCHEDULE, raising=False)
    with pytest.raises(KeyboardInterrupt):
        serialise_and_be_stopped()


def test_another_error_stays_what_it_is() -> None:
    with pytest.raises(RuntimeError, match="no such thing"):
        interrupted("no such thing")
