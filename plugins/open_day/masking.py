"""How people stand in lists that leave the office: enough to recognise, too little to misuse."""

_SHORT_PHONE = 11
_ID_LENGTHS = (15, 18)


def masked_name(name: str) -> str:
    """张三 → 张*, 张小三 → 张*三, 欧阳小三 → 欧**三."""
    name = name.strip()
    if len(name) <= 2:
        return name[:1] + "*" if len(name) == 2 else "*" * len(name)
    return name[0] + "*" * (len(name) - 2) + name[-1]


def masked_phone(phone: str) -> str:
    """13812345678 → 138****5678; of a shorter number only the last two places stay."""
    phone = phone.strip()
    if len(phone) >= _SHORT_PHONE:
        return phone[:3] + "*" * (len(phone) - 7) + phone[-4:]
    return "*" * max(len(phone) - 2, 0) + phone[-2:] if len(phone) > 4 else "*" * len(phone)


def masked_id_number(number: str) -> str:
    """The first two places (the province) and the last three, as published lists have them."""
    number = number.strip()
    if len(number) not in _ID_LENGTHS:
        return "*" * len(number)
    return number[:2] + "*" * (len(number) - 5) + number[-3:]
