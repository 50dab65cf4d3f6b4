"""What pages say, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LANGUAGES = ("zh", "en")
"""The first is that of who has chosen none."""

ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        # every page
        "网易号档案": "NetEase Hao Archive",
        "跳到正文": "Skip to the content",
        "检索": "Search",
        "抓取": "Crawls",
        "接口": "API",
        "本页 JSON": "This page as JSON",
        "只读，只在本机": "Read only, on this machine only",
        "北京时间": "Beijing time",
        # search
        "检索标题与正文": "Search titles and texts",
        "“整句短语”　-排除　甲 OR 乙": "“exact phrase”  -excluded  this OR that",
        "筛选": "Filters",
        "标题": "Title",
        "正文": "Text",
        "网易号": "Account",
        "来源": "Source",
        "IP 属地": "IP location",
        "关键词": "Keyword",
        "分类": "Category",
        "自": "From",
        "至（不含）": "Until (before)",
        "有视频": "With a video",
        "含转载副本": "With copies",
        "网站上": "On the site",
        "不限": "Any",
        "已删除": "Deleted",
        "未删除": "Not deleted",
        "更多": "More",
        "应用": "Apply",
        "清除全部条件": "Clear all",
        "按相关排序": "Most relevant",
        "按时间排序": "Newest",
        "下一页": "Next page",
        "没有符合的文章。": "No article matches.",
        "共 {count} 篇": "{count} articles",
        "约 {count} 篇": "about {count} articles",
        "计数为估计，由 {count} 篇均匀抽样得出": (
            "Counts are estimates from an even sample of {count}"
        ),
        "另有转载副本 {count} 篇": "{count} copies left out",
        "发布时间": "Published",
        "拖选一段时间，或点一格": "Drag over a period, or choose a bar",
        "{begin} 至 {end}：{count} 篇": "{begin} to {end}: {count}",
        "有 {count} 篇尚无检索数据，查不到；运行 scrapy reindex": (
            "{count} articles have no search data and are not found; run scrapy reindex"
        ),
        "转载副本": "Copy",
        "已从网站删除": "Deleted on the site",
        "去掉条件“{value}”": "Remove “{value}”",
        "看这个网易号": "See this account",
        "另有 {count} 篇无发布时间": "{count} without a time",
        # api
        "每一页在地址后加 .json 就是同样内容的 JSON；出错时是 RFC 9457 的形式。完整描述：": (
            "Every page is JSON at its address with .json behind; errors have the form of"
            " RFC 9457. The whole description:"
        ),
        "参数": "Parameter",
        "说明": "What it is",
        # graph
        "推荐图": "Recommendations",
        "文章或视频的编号、网址": "Id or address of an article or video",
        "方向": "Direction",
        "双向": "Both ways",
        "推荐了": "Recommends",
        "被推荐于": "Recommended by",
        "栏目": "List",
        "全部": "All",
        "相关推荐": "Related",
        "热点推荐": "Hot",
        "最多": "At most",
        "{count} 篇": "{count} pages",
        "查看": "Show",
        "从这里走起": "Begin a walk here",
        "常被推荐的文章": "Often recommended articles",
        "最新 {count} 篇文章推荐得最多的；次数按全部档案计。": (
            "What the {count} newest articles recommend most; the numbers count the whole archive."
        ),
        "没有可走的推荐。": "There are no recommendations to follow.",
        "被推荐 {count} 次": "recommended {count} times",
        "被推荐": "Recommended",
        "不在档案里": "not in the archive",
        "打开文章": "Open the article",
        "打开网页": "Open the web page",
        "近邻超过 {count} 篇，这里没有列全。": "It has more than {count} neighbours; not all are here.",
        "没有。": "None.",
        "位次": "Place",
        "时间": "Time",
        "全图": "Whole picture",
        "撤销": "Undo",
        "推荐图：方向键走到近邻，回车展开，Esc 撤销": (
            "Recommendations: arrow keys walk to neighbours, Enter expands, Escape undoes"
        ),
        "点一篇即展开它的近邻；拖动、缩放随意。圆越大，被推荐越多；空心的不在档案里。实线为相关推荐，虚线为热点推荐。": (
            "Choose a page to add its neighbours; drag and zoom as you like. Larger circles are"
            " recommended more; hollow ones are not in the archive. Solid lines are from lists of"
            " related articles, dashed ones from hot lists."
        ),
        "所选": "Chosen page",
        "颜色：网易号或来源": "Colours: account or source",
        "正在展开…": "Expanding…",
        "新增 {count} 篇": "{count} pages added",
        "近邻已全在图中": "All of its neighbours were there",
        "已撤销": "Undone",
        "打不开：{reason}": "Cannot be shown: {reason}",
        "近邻太多，没有画全": "Not all neighbours are drawn",
        # crawls
        "收录": "stored",
        "更新": "updated",
        "未变": "unchanged",
        "重复": "duplicate",
        "已删": "deleted",
        "被拒": "banned",
        "失败": "failed",
        "隔离": "rejected",
        "略过": "filtered",
        "在途": "leased",
        "等待": "pending",
        "档案原先没有的文章": "an article that the archive did not have",
        "内容与档案所存不同，旧版已留存": "its content differs from the archive's, which is kept",
        "与档案所存一致": "the archive has it as it is",
        "与更早的一篇正文相同": "an earlier article has the same text",
        "网站说已删除，或答 404、410": "the site says it is gone, or answers 404 or 410",
        "网站不给看：封禁、验证页、只有标题；重新运行会再取": (
            "the site refuses: a ban, a verification page, a title alone; running it again retries"
        ),
        "没有答复，或出了错；重新运行会再取": "no answer, or an error; running it again retries",
        "读不成文章，或缺了该有的内容：原样留存，待查": (
            "not an article we can read, or one that lacks what such pages show: kept as fetched"
        ),
        "没有抓取：robots.txt 不许、不在范围、超过限额": (
            "not fetched: robots.txt, out of scope, or over a limit"
        ),
        "有进程正在抓取": "a worker has it now",
        "已发现，尚未轮到": "discovered, not its turn yet",
        "已完成": "Finished",
        "一无所获": "Empty",
        "残缺": "Incomplete",
        "页面改版": "Drift",
        "已中断": "Interrupted",
        "进行中": "Running",
        "意外终止": "Killed",
        "{days} 天 {hours} 小时": "{days} d {hours} h",
        "{hours} 小时 {minutes} 分": "{hours} h {minutes} min",
        "{minutes} 分 {seconds} 秒": "{minutes} min {seconds} s",
        "{seconds} 秒": "{seconds} s",
        "没有更多了。": "There are no more.",
        "还没有抓取过，试试 scrapy demo。": "No crawl yet; try scrapy demo.",
        "历时 {time}": "took {time}",
        "发现 {count} 页": "{count} pages discovered",
        # one crawl
        "全部抓取": "All crawls",
        "开始": "began",
        "结束": "ended",
        "页面不再显示 {count} 项内容，缺它们的页面都留在隔离区。": (
            "Pages ceased to show {count} fields; those without them are kept in the quarantine."
        ),
        "最后一个进程没有告别就消失了；没有丢失什么，可以继续。": (
            "Its last worker vanished without a word; nothing is lost, and it can go on."
        ),
        "还有页面没有处理时，最后一个进程停止了；可以继续。": (
            "Its last worker stopped while pages were left; it can go on."
        ),
        "被拒与失败的页面比收录的文章还多。": "More pages were banned or failed than are articles.",
        "所有页面都已处理，没有一篇文章。": "Every page has ended, none of them as an article.",
        "报告的结论": "The report says:",
        "版面修好之后：": "When the layout is mended:",
        "继续：": "Go on:",
        "已处理 {ended} / {discovered} 页": "{ended} of {discovered} pages have ended",
        "照此速度还需约 {time}": "about {time} left at this pace",
        "暂停更新": "Pause",
        "继续更新": "Resume",
        "没有答复，正在重试": "No answer, trying again",
        "每 2 秒更新": "Updated every 2 s",
        "已暂停": "Paused",
        "抓取已不在运行": "The crawl does not run any more",
        "重新载入": "Load it again",
        "页面变化": "Changes of the site",
        "没有版面能读的页面": "Pages that no layout reads",
        "已恢复": "over",
        "未恢复": "standing",
        "平时 {usual} 的页面有，最近 {asked} 页中只有 {seen}": (
            "usually on {usual} of pages, on {seen} of the latest {asked}"
        ),
        "已通知的事件": "What people were told of",
        "网站拒绝，暂停请求": "The site refuses, it is left alone for a while",
        "网站一再拒绝，进程停止": "The site refused after every pause, a worker stopped",
        "结束时没有完成": "It ended unfinished",
        "写不进数据库，进程停止": "MongoDB takes nothing, a worker stopped",
        "未能开始": "It could not begin",
        "页面的去处": "Where its pages are",
        "去处": "Place",
        "页数": "Pages",
        "图示": "Bar",
        "发现": "discovered",
        "原因": "Why",
        "文章显示了什么": "What articles show",
        "收录的文章中，有多少篇显示每一项": "how many of the stored articles show each field",
        "项目": "Field",
        "显示 / 应有": "Shown / asked",
        "比例": "Share",
        "偏少": "low",
        "有警报": "alert",
        "速度": "Pace",
        "最近一分钟": "Last minute",
        "{count} 次请求/秒": "{count} requests/s",
        "平均": "On average",
        "{count} 页/秒": "{count} pages/s",
        "剩余": "Left",
        "{count} 页": "{count} pages",
        "进程": "Workers",
        "{time}前有心跳": "heartbeat {time} ago",
        "请求，每格 {time}，最多 {count} 次": "Requests in each {time}, {count} at most",
        "对网站的礼貌": "Politeness",
        "没有请求的记录。": "No requests are on record.",
        "只看 {time} 之后的请求": "Requests since {time} only",
        "往前多看一些": "look further back",
        "全部：": "all: ",
        "看了全部请求": "All requests are looked at",
        "任何一段时间都守住了每秒 {rate} 次。": "The rate of {rate} a second was kept at all times.",
        "容差：每个进程一次，另加 {seconds} 秒的量": (
            "tolerance: one for each worker, and those of {seconds} s"
        ),
        "没有设定速率（CRAWL_RATE=0）。": "No rate was set (CRAWL_RATE=0).",
        "请求": "Requests",
        "{seconds} 秒内最多": "Most in {seconds} s",
        "按速率 {count}": "rate: {count}",
        "robots.txt 许可": "Allowed by robots.txt",
        "robots.txt 禁止，未发": "Forbidden by it, not sent",
        "robots.txt 不明，未发": "It was unreachable, not sent",
        "未问 robots.txt": "Sent without asking it",
        "要求稍后再来": "Answers with Retry-After",
        "等到了才再来": "Waited for",
        "没等到就再来": "Not waited for",
        "没有再来": "Not asked again",
        "拒绝": "Refusals",
        "暂停": "Pauses",
        "有 {count} 个进程在运行或被强行终止，最后 10 秒不在记录里。": (
            "At work, or killed: {count}. What they did in their last 10 s is not on record."
        ),
        "抓取参数": "Arguments",
        # article
        "原标题": "Original title",
        "责任编辑": "Editor",
        "图片或编排": "pictures or form",
        "其余 {count} 条": "{count} more",
        "图片": "Picture",
        "打开原图": "Open the picture",
        "视频": "Video",
        "打开视频": "Open the video",
        "{time} 发现": "found on {time}",
        "跟贴": "Comments",
        "参与": "Joined",
        "文字与更早的一篇相同": "Same text as the earlier",
        "正文未另存，见更早的一篇。": "The text was not kept again: see the earlier article.",
        "页面上没有正文。": "The page shows no text.",
        "文下有网易号的特别声明：内容由该号上传并发布，网易仅提供信息发布平台。": (
            "A statement of the site stands below: the account uploaded and published this, NetEase"
            " is only the platform."
        ),
        "分类与关键词": "Category and keywords",
        "引用": "Cite",
        "存于 {time}": "stored {time}",
        "历次改动": "Changes",
        "没有记录到改动。": "No change is on record.",
        "改了": "Changed:",
        "{before} → {after} 字": "{before} → {after} characters",
        "改动前，最后见于 {time}": "As it was before; last seen {time}",
        "文章周围": "Around the article",
        "档案记录": "In the archive",
        "首次收录": "First stored",
        "最近见到": "Last seen",
        "抓取于": "Fetched",
        "编号": "Doc id",
        "版式": "Layout",
        "原页": "Original",
        "在网易打开": "Open at NetEase",
        "同文": "Same text",
        "最早": "Earliest",
        "本篇": "This one",
        "只列最早的 50 篇": "The earliest 50",
        "在推荐图里看": "See its recommendations as a graph",
        "第 {place} 位": "place {place}",
        "只列最新的 {count} 处": "The {count} newest",
        "档案里没有文章推荐它。": "No article of the archive recommends it.",
        "阅读下一篇": "Read next",
        "往期回顾": "Earlier ones of the account",
        "态度原创": "NetEase originals",
        # account
        "周一": "Mon",
        "周二": "Tue",
        "周三": "Wed",
        "周四": "Thu",
        "周五": "Fri",
        "周六": "Sat",
        "周日": "Sun",
        "{hour} 时": "{hour}:00",
        "{day} {hour} 时：{count} 篇": "{day} {hour}:00: {count}",
        "{hour} 时（{count} 篇）": "{hour}:00 ({count})",
        "按星期与钟点": "By day and hour",
        "发文最多的钟点：": "Busiest hours: ",
        "按月": "By month",
        "有 {count} 个网易号用过这个名字：": "{count} accounts have had this name:",
        "页面上没有 T 号": "its pages show no media id",
        "文章数": "Articles by its card",
        "关注度": "Followers",
        "名片首见于 {first}，最近见于 {last}": "Card first seen {first}, last {last}",
        "已收录 {count} 篇": "{count} articles stored",
        "其中转载副本 {count} 篇": "{count} of them copies",
        "关注度：{first} 为 {before}，{last} 为 {after}": (
            "Followers: {before} on {first}, {after} on {last}"
        ),
        "只有一天的数；在别的日子再抓取，才有曲线。": (
            "One day's number; a curve needs crawls on other days."
        ),
        "抓取到的文章没有显示关注度。": "No article that was fetched shows followers.",
        "最新文章": "Newest articles",
        "其文章推荐最多的": "What its articles recommend most",
        "其文章推荐最多的来源": "Sources they recommend most",
        "最新 200 篇里": "of the newest 200",
        "{count} 篇推荐": "recommended by {count}",
        # problems
        "打不开这一页": "This page cannot be shown",
        "地址里的条件看不懂。": "Its address has a condition that cannot be meant.",
        "档案里没有，或没有这样的地址。": "The archive has no such thing, or there is no such address.",
        "这里只能读。": "One can only read here.",
        "数据库没有答复，或没有及时答复。": "The database does not answer, or not in time.",
        "回到检索": "Back to the search",
    }
)
"""By the Chinese text, which templates have."""


class Wording:
    """What pages in one language say."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, chinese: str, **values: object) -> str:
        """Return *chinese*, or its English, with *values* in its braces."""
        text = chinese if self.language == "zh" else ENGLISH[chinese]
        return text.format(**values) if values else text
