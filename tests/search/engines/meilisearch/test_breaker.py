from core.outages.breaker import FAILURES, PAUSE, WINDOW, Breaker


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def broken():
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        breaker.failed()
    return clock, breaker


def test_the_breaker_is_closed_until_several_calls_failed_within_the_window():
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(FAILURES - 1):
        breaker.failed()
        assert breaker.may_ask()
    clock.now += WINDOW + 1
    breaker.failed()
    assert breaker.may_ask()  # the others are too long ago
    for _ in range(FAILURES - 1):
        breaker.failed()
    assert not breaker.may_ask()


def test_after_a_pause_one_caller_tries_and_the_others_wait():
    clock, breaker = broken()
    clock.now += PAUSE - 0.1
    assert not breaker.may_ask()
    clock.now += 0.1
    assert [breaker.may_ask() for _ in range(3)] == [True, False, False]
    breaker.failed()
    clock.now += PAUSE - 0.1
    assert not breaker.may_ask()
    clock.now += 0.1
    assert breaker.may_ask()
    breaker.succeeded()
    assert all(breaker.may_ask() for _ in range(3))


def test_a_caller_that_never_came_back_holds_up_the_others_for_one_pause_only():
    clock, breaker = broken()
    clock.now += PAUSE
    assert breaker.may_ask()
    clock.now += PAUSE
    assert breaker.may_ask()


def test_a_success_resets_the_breaker():
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(3 * FAILURES):
        breaker.failed()
        breaker.succeeded()
    assert breaker.may_ask()
