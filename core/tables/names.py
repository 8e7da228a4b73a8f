"""Recognise what may be the name of a person: surnames, names in four letters, names with a dot."""

import re

from core.tables.text import squeeze

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛奚范彭郎鲁韦"
    "马苗方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟黄穆萧尹姚邵汪祁"
    "毛禹狄米贝明臧计成戴谈宋庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡"
    "田樊胡凌霍虞万支柯昝管卢莫房裘缪丁邓洪包左石崔吉龚程邢裴陆荣翁荀甄曲封储靳段焦巴侯班仇祖武刘景詹"
    "龙叶司黎薄白蒲赖卓蔺屠蒙乔阴闻翟谭劳申扶堵冉桑桂濮牛寿边扈燕冀浦尚农温庄晏柴瞿阎慕连茹习宦艾鱼容"
    "向古易慎戈廖庾暨居衡耿满弘匡文寇广禄阙东欧蔚师巩聂晁勾敖融冷辛阚那简饶曾沙养丰巢关查荆红游权盖益"
    "桓肖闫丘兰党单仝仉佟佘佴付代冼苟苑揭敬岳降仓仲伊俱冶况亓亢卿奉妥宁宫矫禤索练罕翦莎菅萨蒯衣覃解訾"
    "谌谯豆辜迟逯郄郗鄂鄢释铁门阳陀雍雒鞠黑鹿拜旦扎仁洛吾呼"
)
COMPOUND_SURNAMES = (
    "欧阳", "司马", "上官", "诸葛", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "宇文",
    "长孙", "司徒", "司空", "南宫", "独孤", "端木", "申屠", "公羊", "澹台", "轩辕", "呼延", "拓跋",
    "百里", "东郭", "西门", "赫连", "闻人", "完颜", "纳兰", "乐正", "万俟", "钟离", "濮阳", "鲜于",
)  # fmt: skip
#: The dots that part names of minorities, as keyboards give them.
NAME_DOTS = "·•・．‧∙"
_WITH_DOT = re.compile(rf"[\u4e00-\u9fff]{{1,8}}(?:[{NAME_DOTS}][\u4e00-\u9fff]{{1,8}})+")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")


def surname_length(text: str) -> int:
    """Return how many characters of a text's beginning are a surname; 0 where there is none."""
    if text.startswith(COMPOUND_SURNAMES):
        return 2
    return 1 if text[:1] in SURNAMES else 0


def is_name_like(text: str) -> bool:
    """Say whether a whole text may be a person's name (张三, 张 三, 欧阳小明, 买买提·艾力).

    Many ordinary words look the same (金额, 项目): whoever asks must know those that are meant.
    """
    plain = squeeze(text)
    if _WITH_DOT.fullmatch(plain):
        return True
    length = surname_length(plain)
    given = len(plain) - length
    return bool(length and _CHINESE.fullmatch(plain)) and 1 <= given <= (3 if length == 1 else 2)
