"""Messages become text that a person can read, and none can pass for another."""

import pytest

from connectors.exports.slack_text import files_of, transcript

NAMES = {"U1": "Alice", "U2": "Bob"}


def lines(*messages: object) -> list[str]:
    return transcript("general", messages, NAMES).decode().splitlines()[2:]


def test_a_transcript_has_a_title_and_a_line_for_each_message() -> None:
    first = {"user": "U1", "ts": "1709632800.1", "text": "Hello"}
    assert transcript("general", [first, "no message"], NAMES) == (
        b"general\n\n[10:00] Alice: Hello\n"
    )


def test_a_reply_is_set_in_and_the_first_of_a_thread_is_not() -> None:
    first = {"user": "U1", "ts": "1", "thread_ts": "1", "text": "ask"}
    reply = {"user": "U2", "ts": "2", "thread_ts": "1", "text": "answer"}
    assert lines(first, reply) == ["[00:00] Alice: ask", "  [00:00] Bob: answer"]


@pytest.mark.parametrize(
    ("message", "author"),
    [
        ({"user": "U9"}, "U9"),
        ({"username": "deploys", "bot_id": "B1"}, "deploys"),
        ({"bot_id": "B1"}, "B1"),
        ({}, "unknown"),
    ],
)
def test_an_author_without_a_known_name_is_named_by_what_there_is(
    message: dict[str, str], author: str
) -> None:
    assert lines(message | {"ts": "1", "text": "x"}) == [f"[00:00] {author}: x"]


@pytest.mark.parametrize("time", [None, "", "soon", "nan", "inf", "1e300", []])
def test_a_time_that_cannot_be_read_is_left_open(time: object) -> None:
    assert lines({"user": "U1", "ts": time}) == ["[--:--] Alice: "]
    assert lines({"user": "U1"}) == ["[--:--] Alice: "]


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("<@U2> and <@U9|old>", "@Bob and @U9"),
        ("see <#C1|finance>", "see #finance"),
        ("<https://a.example/x|the plan>", "the plan (https://a.example/x)"),
        ("<https://a.example/x> <mailto:a@b.example|>", "https://a.example/x mailto:a@b.example"),
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3"),
        ("<!here>", "<!here>"),
    ],
)
def test_marks_become_words(marked: str, plain: str) -> None:
    assert lines({"user": "U1", "ts": "1", "text": marked}) == [f"[00:00] Alice: {plain}"]


def test_a_line_of_a_text_cannot_pass_for_a_message_of_another() -> None:
    told = lines({"user": "U1", "ts": "1", "text": "yes\n[00:00] Bob: I agree"})
    assert told == ["[00:00] Alice: yes", "      [00:00] Bob: I agree"]


def test_files_are_named_after_the_message() -> None:
    files = [{"id": "F1", "name": "plan.pdf"}, {"id": "F2"}, "no file"]
    message = {"user": "U1", "ts": "1", "text": "x", "files": files}
    assert lines(message)[1:] == ["  (file: plan.pdf)", "  (file: F2)"]
    assert list(files_of(message)) == ["F1", "F2"]


@pytest.mark.parametrize(
    "message", ["no message", {}, {"files": "F1"}, {"files": [{"id": 7}, {}, "F1"]}]
)
def test_what_names_no_file_has_none(message: object) -> None:
    assert list(files_of(message)) == []


def test_half_a_letter_does_not_end_a_transcript() -> None:
    assert lines({"user": "U1", "ts": "1", "text": "a\ud800b"}) == ["[00:00] Alice: a?b"]
