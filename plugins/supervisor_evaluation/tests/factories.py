"""Make supervisors and indicators."""

from datetime import date

from core.sdk import Anchor, Indicator
from plugins.supervisor_evaluation.models.campaign import IndicatorSet
from plugins.supervisor_evaluation.models.register import ConflictOfInterest, EvaluationSupervisor

SCALE = (Anchor(0, "未公开"), Anchor(6, "部分公开"), Anchor(10, "全面、及时公开"))
INDICATORS = (
    Indicator("timely", "公开及时", 40, SCALE),
    Indicator("complete", "内容完整", 35, SCALE),
    Indicator("readable", "通俗易懂", 25, SCALE),
)


def make_supervisor(tenant, **values):
    """Make an appointed supervisor of a place, whose term has just begun or lasts long."""
    plain = {
        "name": "王秀英", "gender": "female", "birth_year": 1980, "background": "resident",
        "unit": "白杨镇", "phone": "13800000000", "state": "appointed", "source": "nomination",
        "appointed_on": date(2020, 1, 1), "term_ends_on": date(2099, 1, 1),
        "confirmed_until": date(2099, 1, 1),
    }  # fmt: skip
    return EvaluationSupervisor(tenant_id=tenant.id, **plain | values)


def make_conflict(supervisor, **values):
    """Make a conflict of interest of a supervisor with an organ or a township."""
    plain = {"reason": "亲属在该单位工作", "declared_on": date(2020, 1, 1)}
    return ConflictOfInterest(
        tenant_id=supervisor.tenant_id, supervisor_id=supervisor.id, **plain | values
    )


def make_indicator_set(tenant, indicators=INDICATORS, **values):
    """Make a set of indicators that is in force at a place."""
    plain = {"number": 1, "title": "政务公开评议指标", "state": "in_force",
             "in_force_on": date(2020, 1, 1)}  # fmt: skip
    return IndicatorSet(
        tenant_id=tenant.id, indicators=[each.to_json() for each in indicators], **plain | values
    )
