"""Runs the migrations on the connection that twin.store hands over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=False)
context.run_migrations()
