"""Places of runs among those of one actor for one person."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_PLACES = """
UPDATE run SET place = counted.place FROM (
    SELECT id, row_number() OVER (PARTITION BY actor, on_behalf_of ORDER BY number) AS place
    FROM run
) AS counted
WHERE counted.id = run.id
"""


def upgrade() -> None:
    """Apply this step."""
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("place", sa.Integer(), nullable=True))
        batch_op.create_index("ix_run_place", ["actor", "on_behalf_of", "place"], unique=False)
    op.execute(_PLACES)
