"""Words that a narrow column broke: joined where a known word makes it certain, else distrusted."""

import re
from functools import lru_cache

from core.tables.text import fold, open_brackets

#: Words of catalogs; one that stands across a line's end shows that the line was broken there.
_WORD_LIST = """
文件 名称 文号 编号 类别 内容 要素 主体 载体 法人 代表 价格 权限 职权 事由 理由
措施 进度 进展 总结 考核 评估 绩效 条件 材料 流程 指南 标准 名单 结果 电话 时间
地点 地址 方式 依据 程序 对象 范围 情况 信息 公告 公示 通知 政策 法规 规定 办法
条例 意见 计划 规划 方案 预案 报告 制度 目录 清单 预算 决算 补贴 补助 救助 监督
投诉 举报 渠道 审批 审核 评议 受理 申请 办理 服务 资金 项目 事项 业务 综合 机构
机关 部门 单位 政府 人民政府 民政 乡镇 街道 办事处 街道办事处 委员会 村民委员会
居民委员会 管委会 办公室 中心 服务中心 管理局 管理 农村 农业 城乡 建设 住房 交通
运输 财政 教育 卫生 健康 医疗 保障 社会 保险 养老 就业 创业 人力 资源 自然 生态
环境 文化 旅游 体育 广播 电视 应急 消防 公安 司法 行政 税务 市场 统计 审计 水利
林业 乡村 振兴 扶贫 残疾 儿童 老年 最低 生活 最低生活保障 特困 人员 供养 临时
工作日 工作 之日起 之日 形成 变更 制定 获取 公开 主动 依申请 群体 特定 网站
政府网站 公报 微信 公众号 平台 公示栏 公开栏 查阅点 便民 服务站 入户 现场 精准 推送
发布会 听证会 媒体 纸质 社区 村务 居务 规范性 实施 细则 解读 表格 样本 期限 收费
联系 咨询 窗口 权利 义务 救济 途径 数量 金额 年度 季度 分配 使用 发放 拨付 采购
招标 投标 合同 土地 征收 征地 补偿 安置 房屋 危房 改造 工程 质量 安全 生产 事故
食品 药品 执法 处罚 许可 登记 户籍 出生 死亡 身份证 法律 法律法规 中华人民共和国
国务院 关于 进一步 加强 以及 或者 相关 有关 其他 本级 县级 乡级 村级 市级 各级
全社会 负责人 联系人 责任人 领导 职责 职能 内设 简介 组织 机构设置 会议 决定 选举
章程 村规民约 宅基地 集体 经济 资产 承包 经营 流转 低保 五保 优抚 抚恤 救灾 物资
捐赠 慈善 志愿 捐款 计划生育 防疫 疫苗 接种 体检
"""
_WORDS = frozenset(_WORD_LIST.split())
_BY_FIRST: dict[str, list[str]] = {}
for _word in _WORDS:
    _BY_FIRST.setdefault(_word[0], []).append(_word)
_LONGEST = max(map(len, _WORDS))
_SHORTEST_TAIL = 2
#: Words that name an organ; what is left of one after its first letters begins no organ.
_ORGAN_LIST = """
人民政府 街道办事处 村民委员会 居民委员会 委员会 办公室 管理局 服务中心 管理部门
民政部门 主管部门 财政部门 派出所 卫生院 服务站
"""
_ORGAN_WORDS = frozenset(_ORGAN_LIST.split())
_TAILS = tuple(
    sorted(
        {
            word[cut:]
            for word in _ORGAN_WORDS
            for cut in range(1, len(word))
            if word[cut:] not in _WORDS and word[cut:] not in _ORGAN_WORDS
        }
    )
)
#: A town or village whose name has one letter, where offices print no such words of their own.
_SHORT_PLACE = re.compile(
    r"^(?![各本该乡村城县市区集小两全建])[\u4e00-\u9fff](?:镇|乡|村|街道)"
    r"(?=.*(?:政府|办|委|会|局|所|站|中心))"
)
_CLOSING = frozenset(")]》】〕」』、,;。:!?\u201d%")
#: Words that nothing begins with: what they open goes on with the line before.
_BOUND = re.compile(
    r"^(?:的(?!士)|及(?!时|早|格|第)|等(?!级|候|次)|之(?!江)|以及|并(?!购|联|网|轨|案|表))"
)


def ends_with_word(text: str) -> bool:
    """Say whether a text ends with a known word."""
    return any(text[-size:] in _WORDS for size in range(2, min(len(text), _LONGEST) + 1))


def _begins_with_word(text: str) -> bool:
    return any(text.startswith(word) for word in _BY_FIRST.get(text[:1], ()))


@lru_cache(maxsize=8192)
def is_broken_word(before: str, after: str) -> bool:
    """Say whether a known word stands across the end of one line and the start of the next.

    Not where the lines end and begin with words of their own: then nothing is certain.
    """
    if not before or not after or (ends_with_word(before) and _begins_with_word(after)):
        return False
    for size in range(1, min(len(before), _LONGEST - 1) + 1):
        start = before[-size:]
        for word in _BY_FIRST.get(start[0], ()):
            if len(word) > size and word.startswith(start) and after.startswith(word[size:]):
                return True
    return False


def goes_on(text: str) -> bool:
    """Say whether a line begins with a word that only goes on with what stands before it."""
    return bool(_BOUND.match(text))


def is_cut(text: str) -> bool:
    """Say whether a text is what is left of a word or phrase that was broken."""
    if not text:
        return False
    folded = fold(text)
    if len(text) == 1:
        return "\u4e00" <= text <= "\u9fff"
    return folded[0] in _CLOSING or goes_on(text)


def is_cut_organ(name: str) -> bool:
    """Say whether the name of an organ lacks its beginning or its end."""
    if is_cut(name) or bool(_SHORT_PLACE.match(name)) or bool(open_brackets(name)):
        return True
    return any(
        name == tail or (len(tail) >= _SHORTEST_TAIL and name.startswith(tail)) for tail in _TAILS
    )
