"""Token buckets: a burst at once, a rate after it, bounded and fair between booths."""

from hub.limits.token_bucket import TokenBuckets
from hub.timestamps import SECOND

NOW = 10 * SECOND


def test_a_bucket_holds_a_burst_and_fills_again():
    buckets = TokenBuckets[str](per_second=2, burst=3)
    for _ in range(3):
        assert buckets.delay("a", NOW) == 0
        buckets.consume("a", NOW)
    assert buckets.delay("a", NOW) == SECOND // 2
    assert buckets.delay("b", NOW) == 0
    assert buckets.delay("a", NOW + SECOND // 2) == 0
    buckets.consume("a", NOW + SECOND // 2)
    assert buckets.delay("a", NOW + SECOND // 2) == SECOND // 2
    assert buckets.delay("a", 99 * SECOND) == 0


def test_a_full_bucket_holds_no_more_than_its_burst():
    buckets = TokenBuckets[str](per_second=1, burst=2)
    buckets.consume("a", NOW)
    for _ in range(2):
        assert buckets.delay("a", 1000 * SECOND) == 0
        buckets.consume("a", 1000 * SECOND)
    assert buckets.delay("a", 1000 * SECOND) == SECOND


def test_buckets_are_bounded_and_the_one_taken_from_longest_ago_goes():
    buckets = TokenBuckets[int](1, 1, size=3)
    for key in (0, 1, 2, 0, 3):
        buckets.consume(key, NOW)
    assert [key for key in range(4) if buckets.delay(key, NOW)] == [0, 2, 3]
    assert len(buckets) == 3


def test_ever_new_keys_of_a_booth_fill_no_other_s_bucket():
    buckets = TokenBuckets[str](1, 1, size=10)
    buckets.consume("other", NOW, "b13")
    for number in range(100):
        buckets.consume(f"t{number}", NOW, "b12")
    assert buckets.delay("other", NOW) == SECOND
    assert len(buckets) == 10
