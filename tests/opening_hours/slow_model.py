"""Opening hours the slow way: minute by minute, from the stored form, sharing no code.

Every question is answered by looking at one minute; a change is found by walking.
"""

from datetime import date, datetime, timedelta
from functools import cache

from lunardate import LunarDate

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WEEK_OFF = (5, 6)


class SlowModel:
    """Stored hours, days off at holidays, days worked at weekends."""

    def __init__(self, stored, holidays=(), make_up=()):
        self.rules = [rule for rule in stored["rules"] if not rule.get("phone")]
        self.holidays, self.make_up = set(holidays), set(make_up)

    def answer(self, moment, service=""):
        """What holds at a moment: open, closed or unknown."""
        if service and any(rule.get("service") == service for rule in self.rules):
            rules = [rule for rule in self.rules if rule.get("service") == service]
        else:
            rules = [rule for rule in self.rules if not rule.get("service")]
        if not rules:
            return "unknown"
        answers = set()
        for days_ago in (0, 1):
            answers |= self._answers_begun(rules, moment, moment.date() - days_ago * DAY)
        return "open" if "open" in answers else "unknown" if "unknown" in answers else "closed"

    def walk(self, moment, most, service=""):
        """The first minute, within so many, at which the answer is another."""
        before, later = self.answer(moment, service), moment.replace(second=0, microsecond=0)
        for _minute in range(most):
            later += MINUTE
            if self.answer(later, service) != before:
                return later
        return None

    def _answers_begun(self, rules, moment, day):
        named = [rule for rule in rules if self._names(rule, day)]
        found = set()
        for rule in named or [rule for rule in rules if not rule.get("dates")]:
            said = self._holds(rule, day)
            if said == "no":
                continue
            if rule["periods"] is None:
                if moment.date() == day:
                    found.add("unknown")
            elif any(self._is_between(moment, day, *period) for period in rule["periods"]):
                found.add("unknown" if said == "perhaps" else "open")
        return found

    def _is_between(self, moment, day, begin, end):
        first = datetime.combine(day, datetime.min.time(), moment.tzinfo)
        times = []
        for text in (begin, end):
            hours, minutes = text.split(":")
            times.append(first + timedelta(hours=int(hours), minutes=int(minutes)))
        if times[1] <= times[0]:
            times[1] += DAY
        return times[0] <= moment < times[1]

    def _names(self, rule, day):
        return any(
            date.fromisoformat(first) <= day <= date.fromisoformat(last)
            for first, last in rule.get("dates", ())
        )

    def _holds(self, rule, day):
        """Whether a rule holds on a day: yes, no, perhaps."""
        if not self._in_calendar(rule, day):
            return "no"
        if rule.get("dates"):
            return "yes"
        policy, on_weekday = rule.get("holidays", "ask"), self._on_weekday(rule, day)
        if day in self.make_up and policy == "official" and not rule.get("weeks"):
            on_weekday = on_weekday or set(range(5)) <= set(rule.get("weekdays", ()))
        answers = {"official": "no", "closed": "no", "ask": "perhaps", "open": "yes", "only": "yes"}
        usual = "no" if policy == "only" else "yes"
        said = answers[policy] if day in self.holidays else usual
        return said if on_weekday else "no"

    def _in_calendar(self, rule, day):
        if rule.get("season") and (day.month, day.day) not in walk_season(*rule["season"]):
            return False
        if rule.get("lunar_days"):
            lunar = LunarDate.from_solar_date(day.year, day.month, day.day)
            if lunar.day not in rule["lunar_days"]:
                return False
        return not rule.get("month_days") or self._on_month_day(rule, day)

    def _on_weekday(self, rule, day):
        if rule.get("weekdays") and day.weekday() not in rule["weekdays"]:
            return False
        if not rule.get("weeks"):
            return True
        same = [
            each
            for each in (day.replace(day=1) + number * DAY for number in range(31))
            if each.month == day.month and each.weekday() == day.weekday()
        ]
        return any(
            same[week - 1 if week > 0 else week] == day
            for week in rule["weeks"]
            if -len(same) <= week <= len(same)
        )

    def _on_month_day(self, rule, day):
        if not rule.get("is_postponed"):
            return self._is_numbered(rule, day)
        landed = []
        for days_ago in range(40):
            here = day - days_ago * DAY
            if self._is_numbered(rule, here):
                while not self._is_worked(here):
                    here += DAY
                landed.append(here)
        return day in landed

    def _is_numbered(self, rule, day):
        numbers = [day.day, -1] if (day + DAY).day == 1 else [day.day]
        return any(number in rule["month_days"] for number in numbers)

    def _is_worked(self, day):
        if day in self.make_up:
            return True
        return day not in self.holidays and day.weekday() not in WEEK_OFF


@cache
def walk_season(first, last):
    """Walk from the first day of the season to the last; 2000 has every day of the year."""
    walked = set()
    here = date(2000, *map(int, first.split("-")))
    while (here.month, here.day) not in walked:
        walked.add((here.month, here.day))
        if f"{here.month:02}-{here.day:02}" == last:
            break
        here = (here + DAY).replace(year=2000)
    return walked
