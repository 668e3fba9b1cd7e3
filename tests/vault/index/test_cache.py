"""The cache keeps what was used last."""

from vault.index.cache import LruCache


def test_the_value_used_longest_ago_makes_room() -> None:
    cache: LruCache[int] = LruCache(2)
    cache.put("a", 1)
    cache.put("b", 2)
    assert cache.get("a") == 1
    cache.put("c", 3)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, None, 3)


def test_values_that_stay_good_move_on_in_order_of_use() -> None:
    older, newer = LruCache[int](3), LruCache[int](2)
    for key, value in (("a", 1), ("b", 2), ("c", 3)):
        older.put(key, value)
    older.get("a")
    older.copy_into(newer, lambda value: value != 2)
    assert [newer.get(key) for key in ("a", "b", "c")] == [1, None, 3]
