"""Rights in a run are those of all it goes through, now, and only in the charter's collections."""

from tests.vault.orchestrate.bureau import INTERNAL, Bureau, charter
from vault.domain.identity import Principal, PrincipalKind, Subject
from vault.domain.labels import Classification, Label


def subject(bureau: Bureau, run_id: str) -> Subject | None:
    with bureau.store.read() as unit:
        return bureau.kernel.subjects.of(unit, bureau.writes.load(unit, run_id))


def test_the_agent_is_what_the_version_that_runs_says(bureau: Bureau) -> None:
    bureau.usual(charter(collections=["rules"]))
    run_id = bureau.starts.start("helper", "go", bureau.subject("ana"))
    bureau.agent(charter(label_ceiling="secret"))
    found = subject(bureau, run_id)
    assert found is not None
    assert found.actor.clearance == INTERNAL
    assert found.actor.groups == {"staff", "everyone"}
    assert found.collections == {"rules"}
    assert found.on_behalf_of == bureau.subject("ana").actor


def test_a_change_of_rights_is_seen_at_the_next_call(bureau: Bureau) -> None:
    bureau.usual()
    run_id = bureau.starts.start("helper", "go", bureau.subject("ana"))
    assert subject(bureau, run_id) is not None
    ana = Principal("ana", PrincipalKind.PERSON, Label(Classification.PUBLIC))
    with bureau.store.write() as unit:
        unit.principals.add(ana, name="", now=bureau.clock())
        unit.raise_epoch()
    found = subject(bureau, run_id)
    assert found is not None
    assert found.on_behalf_of is not None
    assert found.on_behalf_of.clearance == ana.clearance


def test_without_the_person_or_anybody_between_there_is_no_subject(bureau: Bureau) -> None:
    bureau.usual()
    run_id = bureau.starts.start("helper", "go", bureau.subject("ana"))
    with bureau.store.database.transaction(write=True) as connection:
        connection.exec_driver_sql("UPDATE principal SET active = 0 WHERE id = 'ana'")
    with bureau.store.write() as unit:
        unit.raise_epoch()
    assert subject(bureau, run_id) is None
