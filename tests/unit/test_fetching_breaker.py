from multidict import CIMultiDict

from pipeline.fetching.answers import Answer, Silence
from pipeline.fetching.breaker import REST_SECONDS, SILENCES, HostBreaker
from pipeline.model import Outcome

DEAD = Silence(outcome=Outcome.UNREACHABLE, detail="refused")
ALIVE = Answer(status=500, headers=CIMultiDict())


def after(*ends: Answer | Silence) -> HostBreaker:
    breaker = HostBreaker()
    for end in ends:
        breaker.heard("a:443", end, now=0.0)
    return breaker


def test_a_host_that_does_not_answer_three_times_is_not_asked_for_ten_minutes():
    breaker = after(*[DEAD] * SILENCES)
    refusal = breaker.refusal("a:443", now=REST_SECONDS - 1)
    assert refusal is not None
    assert refusal.outcome is Outcome.UNREACHABLE
    assert breaker.refusal("a:443", now=REST_SECONDS) is None


def test_a_host_is_asked_again_after_its_rest_and_one_more_silence_ends_that():
    breaker = after(*[DEAD] * SILENCES)
    breaker.heard("a:443", DEAD, now=REST_SECONDS)
    assert breaker.refusal("a:443", now=REST_SECONDS + 1) is not None


def test_any_answer_however_bad_is_a_sign_of_life():
    assert after(DEAD, DEAD, ALIVE, DEAD, DEAD).refusal("a:443", now=1.0) is None


def test_a_dead_host_is_no_reason_to_leave_another_alone():
    assert after(*[DEAD] * SILENCES).refusal("b:443", now=1.0) is None


def test_what_was_not_asked_for_other_reasons_says_nothing_about_the_host():
    blocked = Silence(outcome=Outcome.BLOCKED_ADDRESS, detail="private")
    assert after(*[blocked] * 9).refusal("a:443", now=1.0) is None
