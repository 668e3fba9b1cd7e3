"""Steps that bring a database from any release to this one."""
