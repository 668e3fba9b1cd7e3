"""Files of a call are kept with its outcome, never lower than what it was made from."""

import pytest

from tests.vault.orchestrate.bureau import INTERNAL, Bureau, one_step
from vault.domain.errors import LimitExceededError
from vault.domain.labels import LOWEST
from vault.orchestrate.artifacts import (
    MOST_BYTES,
    MOST_FILES,
    ArtifactBuffer,
    digest_of_content,
)
from vault.orchestrate.tool import ToolFailedError


def test_a_file_of_a_call_is_kept_with_its_run(bureau: Bureau) -> None:
    def act(_: object, context: object) -> object:
        return context.artifacts.put("a.txt", b"hello", media_type="text/plain", label=INTERNAL)

    bureau.tool("look", act)
    bureau.agent(one_step("look", artifacts={"keep_days": 2}))
    run_id, state = bureau.run()
    assert state.result == digest_of_content(b"hello")
    found, content = bureau.desk.artifact(run_id, str(state.result), bureau.subject("ana"))
    assert (content, found.label, found.name) == (b"hello", INTERNAL, "a.txt")
    assert found.keep_until is not None
    assert (found.keep_until - found.made_at).days == 2


def test_a_call_that_fails_leaves_no_file(bureau: Bureau) -> None:
    def act(_: object, context: object) -> object:
        context.artifacts.put("a.txt", b"hello", media_type="text/plain", label=INTERNAL)
        raise ToolFailedError("no")

    bureau.tool("look", act)
    bureau.agent(one_step("look"))
    run_id, _ = bureau.run()
    assert bureau.desk.show(run_id, None).artifacts == []


def test_no_file_has_a_lower_label_than_what_it_was_made_from() -> None:
    buffer = ArtifactBuffer(INTERNAL)
    buffer.put("a", b"", media_type="text/plain", label=LOWEST)
    assert buffer._files[0][3] == INTERNAL


def test_files_and_bytes_of_a_call_are_bounded() -> None:
    many, large = ArtifactBuffer(LOWEST), ArtifactBuffer(LOWEST)
    for number in range(MOST_FILES):
        many.put(str(number), b"", media_type="text/plain", label=LOWEST)
    with pytest.raises(LimitExceededError):
        many.put("more", b"", media_type="text/plain", label=LOWEST)
    with pytest.raises(LimitExceededError):
        large.put("a", b"x" * (MOST_BYTES + 1), media_type="text/plain", label=LOWEST)
