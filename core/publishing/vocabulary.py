"""Vocabulary of the official metadata offered by forms; imported texts may hold other words."""

# Themes (主题分类) of the State Council's list.
THEMES = (
    "国务院组织机构",
    "综合政务",
    "国民经济管理、国有资产监管",
    "财政、金融、审计",
    "国土资源、能源",
    "农业、林业、水利",
    "工业、交通",
    "商贸、海关、旅游",
    "市场监管、安全生产监管",
    "城乡建设、环境保护",
    "科技、教育",
    "文化、广电、新闻出版",
    "卫生、体育",
    "人口与计划生育、妇女儿童工作",
    "劳动、人事、监察",
    "公安、安全、司法",
    "民政、扶贫、救灾",
    "民族、宗教",
    "对外事务",
    "港澳台侨工作",
    "国防",
    "其他",
)

POLICY = "政策文件"
RULES = "规范性文件"
INTERPRETATION = "政策解读"
NOTICE = "通知公告"
PUBLICITY = "公示"
RESPONSE = "回应关切"
VILLAGE = "村务公开"
COMMUNITY = "居务公开"

POLICIES = (POLICY, RULES)

_GOVERNMENT = (
    NOTICE,
    PUBLICITY,
    POLICY,
    RULES,
    INTERPRETATION,
    RESPONSE,
    "办事指南",
    "财政信息",
    "人事信息",
    "应急管理",
    "环保信息",
    "行政处罚",
    "机构职能",
    "年度报告",
)


def genres_for(kind: str) -> tuple[str, ...]:
    """List the genres (体裁) for this kind of tenant, the usual one first."""
    if kind == "village":
        return (VILLAGE, PUBLICITY, NOTICE)
    if kind == "community":
        return (COMMUNITY, PUBLICITY, NOTICE)
    return _GOVERNMENT


# What the name of a catalog item says about the genre of its texts, the clearest word first.
_GENRES_BY_WORD = (
    (INTERPRETATION, ("解读",)),
    ("行政处罚", ("处罚",)),
    (RULES, ("规范性文件",)),
    ("办事指南", ("指南", "办理流程", "申请条件")),
    ("年度报告", ("年度报告", "年报")),
    (RESPONSE, ("回应关切", "舆情")),
    (PUBLICITY, ("公示", "名单", "名册", "对象", "评议结果")),
    ("财政信息", ("预算", "决算", "财政", "三公", "专项资金", "采购")),
    ("人事信息", ("招聘", "招录", "任免", "人事")),
    ("应急管理", ("应急", "预警", "灾害", "安全生产")),
    ("环保信息", ("环境", "环评", "排污")),
    ("机构职能", ("机构职能", "机构设置", "内设机构")),
    (POLICY, ("政策", "法规")),
)


def find_genre(kind: str, item: str) -> str:
    """Return the genre to begin with for an item of this name at this kind of tenant."""
    offered = genres_for(kind)
    fitting = (
        genre
        for genre, words in _GENRES_BY_WORD
        if genre in offered and any(word in item for word in words)
    )
    return next(fitting, offered[0])


# ColumnType of the page tags (国办发〔2017〕47号).
_COLUMN_TYPES = {
    POLICY: "政策文件",
    RULES: "政策文件",
    INTERPRETATION: "政策解读",
    RESPONSE: "回应关切",
    "办事指南": "办事服务",
    "机构职能": "机构职能",
    "年度报告": "信息公开年报",
}


def column_type(genre: str) -> str:
    """Return the ColumnType of the column in which a genre stands."""
    return _COLUMN_TYPES.get(genre, "信息公开目录")
