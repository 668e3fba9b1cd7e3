"""A log line is one JSON object with a static event, and never holds what an error said."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from datetime import datetime

import pytest

from vault.logs import JsonLines, configure

PACKAGES = ("vault", "connectors", "models")


@pytest.fixture
def written() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger and what its formatter wrote."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("test_logs")
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    yield logger, stream
    logger.removeHandler(handler)


@pytest.fixture
def loggers() -> Iterator[None]:
    """Put the process's own logging back as it was."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    levels = {name: logging.getLogger(name).level for name in PACKAGES}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def test_an_event_is_one_object_with_its_fields(
    written: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = written
    logger.info("document_kept", extra={"document_id": "d1", "chunks": 3, "label": "Straße"})
    [line] = stream.getvalue().splitlines()
    form = json.loads(line)
    assert datetime.fromisoformat(form.pop("time")).utcoffset() is not None
    assert form == {
        "level": "info",
        "logger": "test_logs",
        "event": "document_kept",
        "document_id": "d1",
        "chunks": 3,
        "label": "Straße",
    }
    assert "Straße" in line


def test_a_field_with_line_breaks_stays_on_its_line(
    written: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = written
    logger.warning("odd", extra={"name_of_file": 'a\n{"event": "forged"}\r\u2028'})
    lines = stream.getvalue().split("\n")
    assert len(lines) == 2
    assert json.loads(lines[0])["event"] == "odd"


def test_an_error_is_named_by_its_class_alone(
    written: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = written
    try:
        int("the merger is called Halyard")
    except ValueError:
        logger.exception("failed")
    assert "Halyard" not in stream.getvalue()
    assert "Traceback" not in stream.getvalue()
    assert json.loads(stream.getvalue())["error"] == "ValueError"


def test_no_error_is_named_where_there_is_none(
    written: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = written
    logger.error("failed", exc_info=True)  # noqa: LOG014 - what a careless caller would do
    assert "error" not in json.loads(stream.getvalue())


def test_a_value_json_does_not_know_is_written_as_text(
    written: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = written
    logger.info("odd", extra={"kind": ValueError})
    assert json.loads(stream.getvalue())["kind"] == "<class 'ValueError'>"


@pytest.mark.usefixtures("loggers")
def test_the_vault_logs_at_its_level_and_others_only_warn(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure("info")
    for name in PACKAGES:
        logging.getLogger(f"{name}.part").info("ours")
        logging.getLogger(f"{name}.part").debug("too_much")
    logging.getLogger("someone.else").info("theirs")
    logging.getLogger("someone.else").warning("warned")
    captured = capsys.readouterr()
    assert captured.out == ""
    events = [json.loads(line)["event"] for line in captured.err.splitlines()]
    assert events == ["ours", "ours", "ours", "warned"]


@pytest.mark.usefixtures("loggers")
def test_configuring_again_does_not_write_twice(capsys: pytest.CaptureFixture[str]) -> None:
    for level in ("error", "debug"):
        configure(level)
    logging.getLogger("vault.part").debug("once")
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert logging.getLogger().handlers[0].stream is sys.stderr  # type: ignore[attr-defined]
