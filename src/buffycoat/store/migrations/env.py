"""How Alembic reaches the database: through the connection that ``store.migrating.migrate`` hands it."""

from alembic import context

from buffycoat.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
