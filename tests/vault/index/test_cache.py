"""The cache keeps what was used last."""

from vault.index.cache import LruCache


def test_the_value_used_longest_ago_makes_room() -> None:
    cache: LruCache[int] = LruCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, None, 3)
