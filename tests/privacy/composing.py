"""Composed lists and texts with known personal data, and with what only looks like it.

Everything comes from one seeded generator, so that a figure can be measured again.
"""

from dataclasses import dataclass, field
from random import Random

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴马白", "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明"
_TOWNS, _VILLAGES = ("石桥镇", "白杨镇", "河源乡"), ("柳湾村", "杏树坪村", "上河村")
_AREAS = ("999901", "640422", "640122", "110105", "510104", "330106")
_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@dataclass
class Composed:
    """A text with the spans that must be found; whatever else is found is wrong."""

    parts: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    length: int = 0

    def add(self, text, *, is_personal=False):
        if is_personal:
            self.spans.append((self.length, self.length + len(text)))
        self.parts.append(text)
        self.length += len(text)
        return self

    @property
    def text(self):
        return "".join(self.parts)


class Composer:
    """Makes people, their numbers, and records that look alike."""

    def __init__(self, seed):
        self.random = Random(seed)

    def digits(self, count):
        return "".join(self.random.choices("0123456789", k=count))

    def name(self):
        return self.random.choice(_SURNAMES) + "".join(
            self.random.choices(_GIVEN, k=self.random.randint(1, 2))
        )

    def day(self, first=1935, last=2018):
        pick = self.random.randint
        return f"{pick(first, last)}{pick(1, 12):02}{pick(1, 28):02}"

    def id_number(self):
        number = self.random.choice(_AREAS) + self.day() + self.digits(3)
        total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=True))
        return number + "10X98765432"[total % 11]

    def mistyped_id(self):
        """One wrong digit in the serial number or the check digit."""
        number = self.id_number()
        place = self.random.randint(14, 16)
        wrong = str((int(number[place]) + self.random.randint(1, 9)) % 10)
        return number[:place] + wrong + number[place + 1 :]

    def grouped(self, number, sizes):
        gap = self.random.choice([" ", "-"])
        groups, start = [], 0
        for size in sizes:
            groups.append(number[start : start + size])
            start += size
        return gap.join(groups)

    def any_id(self):
        number = self.id_number()
        kind = self.random.randrange(6)
        if kind == 0:
            return self.mistyped_id()
        if kind == 1:
            return self.grouped(number, (6, 8, 4))
        if kind == 2:
            return number.translate(_FULL_WIDTH)
        return number.lower() if kind == 3 else number

    def mobile(self):
        number = f"1{self.random.choice('3456789')}{self.digits(9)}"
        kind = self.random.randrange(6)
        if kind == 0:
            return self.grouped(number, (3, 4, 4))
        if kind == 1:
            return f"+86 {number}"
        return number.translate(_FULL_WIDTH) if kind == 2 else number

    def card(self):
        number = self.random.choice(["622202", "621700", "623061"]) + self.digits(12)
        doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in number[::-2])
        total = doubled + sum(map(int, number[-2::-2]))
        number += str(-total % 10)
        return self.grouped(number, (4, 4, 4, 4, 3)) if self.random.random() < 0.2 else number

    def plate(self):
        energy = self.random.choice(["", "", "D", "F"])
        last = self.digits(1) if energy else self.random.choice("0123456789AB")
        serial = energy + self.digits(4) + last
        return f"宁{self.random.choice('ABC')}{self.random.choice(['', '·'])}{serial}"

    def home(self):
        group = self.random.choice("一二三四五")
        place = self.random.choice(_TOWNS) + self.random.choice(_VILLAGES)
        return f"{place}{group}组{self.random.randint(1, 99)}号"

    def flat(self):
        pick = self.random.randint
        return f"城关街道幸福小区{pick(1, 20)}号楼{pick(1, 4)}单元{pick(1, 6)}0{pick(1, 4)}室"

    def amount(self):
        return f"{self.random.randint(10, 99_999)}.{self.digits(2)}"

    def contract(self):
        """Numbers of records, some of them with an area and a day as identity numbers have."""
        return self.random.choice(
            [
                f"{self.day(2019, 2026)}{self.digits(10)}",
                f"{self.random.choice(_AREAS)}{self.day(2015, 2026)}{self.digits(4)}",
                f"NX-{self.random.randint(2019, 2026)}-{self.digits(4)}",
                self.digits(11),
            ]
        )

    def record(self):
        """A phrase with a number that is no person's."""
        word = self.random.choice(
            ["合同编号", "记账凭证号", "宗地编号", "档案号", "流水号", "项目代码"]
        )
        return self.random.choice(
            [
                f"{word}:{self.contract()}",
                f"监督电话0999-555{self.digits(4)}",
                f"热线{self.random.choice(['12345', '12317', '400-810-5678'])}",
                f"望政发〔2026〕{self.random.randint(1, 99)}号",
                f"金额{self.digits(7)}.{self.digits(2)}元",
                f"办公地址:石桥镇人民路{self.random.randint(1, 99)}号",
                f"自2026年{self.random.randint(1, 12)}月1日起,面积{self.amount()}亩",
                f"统一社会信用代码11{self.digits(6)}MB{self.digits(7)}X",
                f"索引号{self.digits(9)}/2026-{self.digits(5)}",
                f"{self.random.choice(_VILLAGES)}{self.random.randint(1, 9)}号机井",
            ]
        )

    def text(self):
        """Compose a text of sentences about persons and records."""
        composed = Composed()
        personal = {
            "身份证号": self.any_id, "联系电话": self.mobile, "一卡通账号": self.card,
            "车牌": self.plate, "家住": self.home, "现住": self.flat, "": self.id_number,
        }  # fmt: skip
        for _ in range(self.random.randint(2, 8)):
            composed.add(self.random.choice(["经审核,", "现予公示:", "😀", "𠮷家", "另查明,"]))
            if self.random.random() < 0.6:
                word = self.random.choice(list(personal))
                composed.add(f"{self.name()}{word}{self.random.choice(['', ':', ' '])}")
                composed.add(personal[word](), is_personal=True)
            else:
                composed.add(self.record())
            composed.add(self.random.choice(["。", ";", "。\n", ",特此公告。\n"]))
        return composed

    def table(self):
        """Compose a pasted list with heads; columns of persons beside columns of records."""
        columns = {
            "户主": self.name, "身份证号": self.any_id, "联系电话": self.mobile,
            "一卡通账号": self.card, "家庭住址": self.home, "合同编号": self.contract,
            "金额(元)": self.amount, "面积(亩)": self.amount, "凭证号": lambda: self.digits(12),
        }  # fmt: skip
        personal = {"身份证号", "联系电话", "一卡通账号", "家庭住址"}
        heads = self.random.sample(list(columns), self.random.randint(3, 6))
        gap = self.random.choice(["\t", ",", "|"])
        composed = Composed().add(gap.join(heads) + "\n")
        for _ in range(self.random.randint(2, 12)):
            for number, head in enumerate(heads):
                composed.add(gap if number else "")
                composed.add(columns[head](), is_personal=head in personal)
            composed.add("\n")
        return composed
