"""What every page of the site carries around its content: styles, navigation, footer.

Most of a real page is this; it gives the pages of the demo a realistic weight.
"""

from __future__ import annotations

_SITES = (
    *(("新闻", "news"), ("体育", "sports"), ("娱乐", "ent"), ("财经", "money"), ("科技", "tech")),
    *(("汽车", "auto"), ("房产", "house"), ("家居", "home"), ("教育", "edu"), ("旅游", "travel")),
    *(("健康", "jiankang"), ("艺术", "art"), ("数码", "digi"), ("手机", "mobile")),
    *(("公开课", "open"), ("音乐", "music"), ("游戏", "game"), ("读书", "yuedu"), ("军事", "war")),
    *(("邮箱", "mail"), ("博客", "blog"), ("论坛", "bbs"), ("视频", "v"), ("直播", "live")),
)


def _styles() -> str:
    blocks = ("nav", "search", "post", "side", "tie", "recommend", "footer", "share", "qrcode")
    parts = ("wrap", "title", "list", "item", "icon", "more", "arrow", "hover", "mask", "text")
    return "\n".join(
        f"""#demo_{block} .demo_{block}_{part} {{
  position: relative;
  display: inline-block;
  height: {20 + len(part)}px;
  font-size: {10 + len(block)}px;
  line-height: {20 + len(part)}px;
  color: #{len(block)}{len(part)}3333;
}}"""
        for block in blocks
        for part in parts
    )


def _menu(label: str) -> str:
    items = "".join(
        f"""
              <li>
                <a href="https://{host}.163.com/#f=topnav">
                  <span>
                    <em class="ntes-nav-app-{host}">网易{name}</em>
                  </span>
                </a>
              </li>"""
        for name, host in _SITES
    )
    return f"""
        <div class="js_N_navSelect ntes-nav-select ntes-nav-select-wide ntes-nav-app  c-fl">
          <a href="https://www.163.com/#f=topnav" class="ntes-nav-select-title">{label}
            <em class="ntes-nav-select-arr"></em>
          </a>
          <div class="ntes-nav-select-pop">
            <ul class="ntes-nav-select-list clearfix">{items}
            </ul>
          </div>
        </div>"""


HEAD = f"""
    <meta http-equiv="expires" content="0">
    <meta http-equiv="Cache-Control" content="no-transform">
    <meta http-equiv="Cache-Control" content="no-siteapp">
    <meta http-equiv="x-ua-compatible" content="IE=10,chrome=1">
    <meta name="referrer" content="always">
    <link href="https://static.ws.126.net/163/f2e/product/post2020_dy/main.css" rel="stylesheet">
    <style>
{_styles()}
    </style>"""
NAVIGATION = f"""
<div class="ntes_nav_wrap" id="js_N_NTES_wrap">
  <div class="ntes-nav" id="js_N_nav">
    <div class="ntes-nav-main clearfix">
      <div class="c-fl" id="js_N_nav_left">
        <a class="ntes-nav-index-title" href="https://www.163.com/" title="网易首页">网易首页</a>
        {"".join(map(_menu, ("应用", "网易号", "快速导航", "购物")))}
      </div>
    </div>
  </div>
</div>"""
ADVERTISEMENT = """
              <div class="blank25"></div>
              <div class="ad_module" data-adid="article_dy_right">
                  <!-- 广告位：网易号--内页矩形 -->
<div class="gg300">
<div class="at_item right_ad_item" adtype="rightAd" requesturl="https://nex.163.com/q?app=DEMO"></div>
<a href="javascript:;" target="_self" class="ad_hover_href"></a>
</div>
              </div>
              <div class="blank20"></div>"""
SHARE = """
                    <div class="post_top_share">
                        <span class="post_top_share_title">分享至</span>
                        <ul class="post_share">
                            <li class="share_weixin js_weixin">
                                <a href="javascript:;" target="_self"><i title="分享到微信"></i></a>
                            </li>
                            <li class="share_weibo js_share" data-type="weibo">
                                <a href="javascript:;" target="_self"><i title="分享到微博"></i></a>
                            </li>
                        </ul>
                        <div class="js_qrcode_wrap hidden" id="js_qrcode_top">
                            <p>用微信扫码二维码</p>
                            <p>分享至好友和朋友圈</p>
                        </div>
                    </div>"""
FOOTER = f"""
    <div class="N-nav-bottom">
      <div class="N-nav-bottom-main">
        {"".join(f'<a href="https://{host}.163.com/about">关于网易{name}</a> | ' for name, host in _SITES)}
        <a href="https://corp.163.com/special/reporting_infringements_dy.html">侵权投诉</a>
      </div>
      <div class="N-nav-bottom-copyright">演示站点 内容均为程序生成，人名、地名、机构均为虚构</div>
    </div>
    <script>
      window.experiment_rightAdCharList = [];
      window.experiment_bodyAdCharList = [];
    </script>"""  # noqa: E501 - the site's own lines
