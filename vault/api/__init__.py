"""The HTTP interface: thin routes over the services of one vault."""
