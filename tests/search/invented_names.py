"""Two hundred invented names, and twelve shapes in which lists of persons have them."""

import random

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹章苏潘葛范彭鲁韦马方任袁柳史唐费薛雷贺汤滕罗郝"
    "安常于傅康伍余顾孟黄穆萧尹姚邵汪毛狄米明戴宋庞熊纪舒项祝董梁杜阮蓝闵季贾路娄江童颜郭梅盛林钟徐邱骆高夏蔡田樊胡"
    "凌霍虞万柯卢莫房丁邓洪左石崔吉龚程邢裴陆荣翁向古尤时成温"
)
_GIVEN = (
    "建国", "小明", "秀英", "芳", "强", "伟", "婉清", "子涵", "雨桐", "志远", "丽华", "国强",
    "春花", "三", "四", "德", "月", "文博", "思远", "一鸣", "海燕", "桂兰", "永康", "金花",
    "玉兰", "明", "清", "兴华", "立新", "和平", "长江", "卫东", "红梅", "胜利", "爱民", "洪涛",
    "淑珍", "梓萱", "天佑", "雪", "平安", "建设", "光明", "大海", "长生", "来福", "有才", "满仓",
    "向阳", "志强",
)  # fmt: skip
_OTHERS = (
    "欧阳德", "司马青云", "上官婉儿", "诸葛明", "买买提·艾力", "阿依古丽·吐尔逊",
    "古丽娜尔·买买提", "扎西顿珠", "卓玛次仁", "格桑梅朵", "张李晓雨", "巴特尔", "乌云其木格",
    "斯琴高娃", "阿卜杜拉", "热依汗·阿不都", "次仁旺姆", "马哈木提", "尕藏才让", "拉毛草",
)  # fmt: skip


def invent_names(seed: int = 5) -> list[str]:
    """Return 200 names: of two and three letters, and those of minorities."""
    chance = random.Random(seed)
    names: dict[str, None] = {}
    while len(names) < 200 - len(_OTHERS):
        names[chance.choice(_SURNAMES) + chance.choice(_GIVEN)] = None
    return [*names, *_OTHERS]


def _table(names):
    cells = (f"<tr><td>{n}</td><td>{name}</td><td>3</td></tr>" for n, name in enumerate(names, 1))
    return f"<table><tr><th>序号</th><th>户主</th><th>人口</th></tr>{''.join(cells)}</table>"


def _broken_table(names):
    return "".join(f"<p>{n} {name} {n * 10}元</p><tr><td>" for n, name in enumerate(names, 1))


SHAPES = {
    "table": _table,
    "broken table": _broken_table,
    "pasted table": lambda names: "姓名\t金额\n" + "\n".join(f"{name}\t9" for name in names),
    "table without headings": lambda names: "\n".join(f"{name}\t9" for name in names),
    "commas": "、".join,
    "numbered lines": lambda names: "\n".join(f"{n}.{name}" for n, name in enumerate(names, 1)),
    "three columns": lambda names: "\n".join(
        "  ".join(names[place : place + 3]) for place in range(0, len(names), 3)
    ),
    "names with blanks": lambda names: "\n".join(" ".join(name) for name in names),
    "code shown as text": lambda names: "".join(f"&lt;i&gt;{name}&lt;i&gt;" for name in names),
    "households": lambda names: "\n".join(
        f"户主{name} 家庭成员:{name}(之妻),{name},女" for name in names
    ),
    "appointments": lambda names: "。".join(f"拟录用{name}为工作人员" for name in names),
    "prose": lambda names: "。".join(
        f"经研究,拟确定{name}同志为发展对象,村民{name}家庭因病致贫,给予{name}临时救助"
        for name in names
    ),
}


TITLES = (
    "关于对{0}等5名同志拟确定为发展对象的公示", "{0}、{1}、{2}低保公示", "{0}公示",
    "关于{0}同志任前公示",
    "柳湾村{0}、{1}临时救助公示",
    "拟录用{0}为县医院工作人员的公示", "2026年低保对象名单({0}、{1}等)",
    "石桥镇{0}宅基地审批公示", "对村民{0}困难救助的公示", "{0} {1} {2} 拟聘用名单", "低保名单:{0}",
    "关于拟吸收{0}为中共预备党员的公示", "关于给予{0}家庭临时救助的公示",
)  # fmt: skip
FILE_NAMES = (
    "{0}.docx", "低保名单_{0}_20260301.xlsx", "附件1:{0}.pdf", "{0}申请表.docx",
    "{0}-审批表(扫描件).pdf",
    "1.{0}、{1}公示表.xls", "拟录用人员{0}.doc", "{0}(1).jpg", "柳湾村{0}房屋照片.png",
)  # fmt: skip


def fill_in(pattern: str, names: list[str], place: int) -> str:
    """Return a title or file name with a name and those after it."""
    return pattern.format(*(names[(place + step) % len(names)] for step in range(3)))
