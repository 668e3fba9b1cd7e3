"""What was prepared for a machine is believed only as it was written, and only on that machine."""

import json
from pathlib import Path

import numpy as np
import pytest

from models import prepared
from models.errors import ModelDigestError
from models.manifest import ModelKind, ModelManifest
from models.prepared import RECORD, REFERENCE, Prepared, digests, place_of, read, write


def manifest(revision: str = "1") -> ModelManifest:
    return ModelManifest(
        name="tiny",
        kind=ModelKind.EMBEDDER,
        backend="sentence-transformers",
        revision=revision,
        licence="Apache-2.0",
        source="this test",
        dimension=4,
        max_tokens=8,
        files={"words": "0" * 64},
    )


def prepare(place: Path) -> Prepared:
    np.save(place / REFERENCE, np.eye(4, dtype=np.float32))
    (place / "model.xml").write_text("<net/>")
    record = Prepared("openvino/f32", 0.99999, 1.5, "mean", {"query": "q: "}, digests(place))
    write(place, record)
    return record


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    assert read(tmp_path) is None
    record = prepare(tmp_path)
    known = read(tmp_path)
    assert known is not None
    assert known[0] == record
    assert known[0].files.keys() == {REFERENCE, "model.xml"}
    assert np.array_equal(known[1], np.eye(4))


@pytest.mark.parametrize("name", ["model.xml", REFERENCE])
def test_an_altered_file_is_refused(tmp_path: Path, name: str) -> None:
    prepare(tmp_path)
    with (tmp_path / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelDigestError, match="altered"):
        read(tmp_path)


@pytest.mark.parametrize("content", ["not json", "[]", '{"backend": "x"}'])
def test_a_record_of_another_kind_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / RECORD).write_text(content)
    with pytest.raises(ModelDigestError, match="cannot be read"):
        read(tmp_path)


def test_reference_vectors_that_could_carry_code_are_refused(tmp_path: Path) -> None:
    record = prepare(tmp_path)
    np.save(tmp_path / REFERENCE, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    write(tmp_path, Prepared("x", 1, 1, "mean", {}, digests(tmp_path)))
    assert json.loads((tmp_path / RECORD).read_text())["files"] != record.files
    with pytest.raises(ModelDigestError):
        read(tmp_path)


def test_another_model_processor_or_library_has_another_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {place_of(tmp_path, manifest()), place_of(tmp_path, manifest("2"))}
    cpu = tmp_path / "cpuinfo"
    cpu.write_text("model name: any\nflags\t: fpu avx512f avx512_bf16 sse\n")
    monkeypatch.setattr(prepared, "_CPU", cpu)
    places.add(place_of(tmp_path, manifest()))
    monkeypatch.setattr(prepared, "installed", lambda package: "9.9")
    places.add(place_of(tmp_path, manifest()))
    monkeypatch.setattr(prepared, "_CPU", tmp_path / "absent")
    places.add(place_of(tmp_path, manifest()))
    assert len(places) == 5
    assert all(place.parent == tmp_path for place in places)


def test_an_absent_package_has_no_version() -> None:
    assert prepared.installed("no-such-package-at-all") == ""
    assert prepared.installed("numpy") == np.__version__
