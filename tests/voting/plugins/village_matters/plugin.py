"""A feature that holds votes of its own kind: what a village wants, by yes, no and abstention."""

from core.sdk import (
    GradeScale,
    Manifest,
    Permission,
    PluginBlueprint,
    StaffLink,
    VoteChannel,
    VoteKind,
    VoteOption,
    VotePlaces,
    VoteWords,
    hookimpl,
    mount_votes,
)

MANAGE = "village_matters.manage"
MANIFEST = Manifest(
    name="village_matters",
    version="1",
    title="村务表决",
    summary="村民对村里的事项表决",
    permissions=(Permission(MANAGE, "组织表决", ("officer",)),),
)
OPTIONS = (
    VoteOption("road", "修路", "works"),
    VoteOption("well", "打井", "works"),
    VoteOption("chess", "棋牌室", "leisure"),
)

public = PluginBlueprint(MANIFEST, __name__)
desk = PluginBlueprint(MANIFEST, __name__, part="desk")

KIND = VoteKind(
    key="village_matters.matter",
    action=MANAGE,
    words=VoteWords(
        heading="村务表决",
        about="村民表决的事项。",
        question="您同意吗？",
        rate="同意率",
        method="同意率为同意占同意与不同意之和的比例，弃权不计。",
        weights_hint="按村规民约分配。",
        subjects_hint="只表决村务事项。",
    ),
    places=VotePlaces(
        public=public.name,
        desk=desk.name,
        nav_key="home",
        console_key="village-matters",
        parent="portal.home",
        parent_label="村务",
    ),
    list_options=lambda _session, _tenant: OPTIONS,
    groups={"works": "工程", "leisure": "活动"},
    scale=GradeScale(("yes",), ("no",), ("abstain",)),
    grades={"yes": "同意", "no": "不同意", "abstain": "弃权"},
    channels={
        VoteChannel.MEETING: "村民会议",
        VoteChannel.WEB: "网上表决",
        VoteChannel.PAPER: "流动票箱",
    },
    aspects=("现在就办", "由村里出钱"),
    usual_weights={VoteChannel.MEETING: 60, VoteChannel.WEB: 40},
    find_fault=lambda weights, why: (
        None if why or weights.get(VoteChannel.WEB, 0) <= 50 else "网上表决过半的，请说明理由。"
    ),
)

mount_votes(KIND, public, "/<code>/matters/", desk, "/<code>/console/matters/")


@hookimpl
def blueprints():
    return (public, desk)


@hookimpl
def staff_links():
    return (StaffLink("village-matters", "村务", "村务表决", f"{desk.name}.index", MANAGE),)
