"""The accounts of the site: names, ids and cards, each computed from its number."""

from __future__ import annotations

from dataclasses import dataclass

from netease_crawler.demo.draw import Draw, Shuffle
from netease_crawler.demo.identifiers import encode, image_url

PLACES = (
    *("云岭", "青浦", "临湾", "白泉", "望江", "石桥", "玉溪口", "鹿洲", "雁湖", "锦屏"),
    *("苍山", "松塘", "双峰", "永宁", "澄海角", "梧岸", "南坪", "沐川", "栖霞里", "金渡"),
)
VOICES = (
    *("晨报", "晚刊", "观察", "杂谈", "老周", "小满", "街坊", "笔记", "深一度", "冷知识"),
    *("放映室", "茶馆", "研究所", "视角", "快讯", "说事", "纪实", "慢生活", "一线", "夜读"),
    *("拾遗", "侧记", "探长", "阿禾", "大明", "南风", "北辰", "知行", "有料", "三棱镜"),
)
THEMES = (
    *("", "社会", "国际", "财经", "科技", "体育"),
    *("文娱", "聊车", "军情", "健康", "行走", "教育"),
)
REGIONS = (
    *("北京", "上海", "广东", "江苏", "浙江", "山东", "四川", "湖北", "河南", "福建", "湖南"),
    *("安徽", "陕西", "辽宁", "重庆", "天津", "云南", "广西", "江西", "黑龙江", "新疆", "中国香港"),
)
DESCRIPTIONS = (
    "{place}本地的新鲜事，每天说给你听",
    "{name}官方网易号",
    "不追热点，只写看得见的人和事",
    "用数据和常识解释{theme}",
    "一个在{place}住了十年的人写的笔记",
    "优质{theme}领域创作者",
    "记录平凡，相信时间",
    "{theme}那些事，一看就懂",
)
_COLUMNS = 36**6
_FIRST_CREATED = 1_480_000_000_000
"""The oldest account, in unix milliseconds: November 2016."""
_CREATION_SPAN = 200_000_000_000
"""Milliseconds over which the accounts were created: six years."""


@dataclass(frozen=True)
class Account:
    """What an account's card and page show."""

    number: int
    name: str
    column: str
    """The last 8 characters of its doc ids."""
    media_id: str
    wemedia_id: str | None
    description: str
    avatar_url: str
    article_count: int
    follower_count: int
    region: str
    """The province or country it posts from."""

    @property
    def url(self) -> str:
        return f"https://www.163.com/dy/media/{self.media_id}.html"


class Accounts:
    """The accounts number 0 to *size* - 1."""

    def __init__(self, size: int, seed: int) -> None:
        self.size = size
        self._seed = seed
        self._columns = Shuffle(_COLUMNS, seed, "columns")
        self._names = Shuffle(len(PLACES) * len(VOICES) * len(THEMES), seed, "names")
        self._creation_step = _CREATION_SPAN // size

    def column(self, number: int) -> str:
        return "05" + encode(self._columns.forward(number), 36, 6)

    def by_media_id(self, media_id: str) -> Account | None:
        number = (int(media_id[1:]) - _FIRST_CREATED) // self._creation_step
        if not 0 <= number < self.size:
            return None
        account = self.account(number)
        return account if account.media_id == media_id else None

    def name(self, number: int) -> str:
        return self._name(number)[0]

    def account(self, number: int) -> Account:
        draw = Draw(self._seed, "account", number)
        created = _FIRST_CREATED + number * self._creation_step + draw.below(self._creation_step)
        name, place, theme = self._name(number)
        return Account(
            number=number,
            name=name,
            column=self.column(number),
            media_id=f"T{created}",
            # pages of small accounts do not carry it
            wemedia_id=f"W{draw.between(10**13, 10**14)}{draw.between(1000, 99999)}"
            if draw.below(8)
            else None,
            description=draw.choice(DESCRIPTIONS).format(
                name=name, place=place, theme=theme or "生活"
            ),
            avatar_url=image_url("dingyue", "2021-03-26", draw.below(2**48)),
            article_count=draw.between(12, 90_000),
            follower_count=draw.between(3, 900_000),
            region=draw.choice(REGIONS),
        )

    def _name(self, number: int) -> tuple[str, str, str]:
        size = len(PLACES) * len(VOICES) * len(THEMES)
        round_, within = divmod(number, size)
        rest, place = divmod(self._names.forward(within), len(PLACES))
        theme, voice = divmod(rest, len(VOICES))
        name = PLACES[place] + THEMES[theme] + VOICES[voice] + (str(round_ + 1) if round_ else "")
        return name, PLACES[place], THEMES[theme]
