"""A small cache that many readers share."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class LruCache(Generic[Value]):
    """Remembers the values used last, up to ``capacity`` of them."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._values: OrderedDict[str, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> Value | None:
        """Return the value under ``key``, now the most recent, or None."""
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: str, value: Value) -> None:
        """Remember ``value``; the one used longest ago makes room."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            if len(self._values) > self._capacity:
                self._values.popitem(last=False)

    def copy_into(self, other: "LruCache[Value]", kept: Callable[[Value], bool]) -> None:
        """Put into ``other`` the values that ``kept`` holds true of, in order of use."""
        with self._lock:
            values = list(self._values.items())
        for key, value in values:
            if kept(value):
                other.put(key, value)
