"""科技: chips, satellites, models, telephones."""

from __future__ import annotations

from netease_crawler.demo.topics.topic import Topic

TOPIC = Topic(
    name="科技",
    channel="tech",
    category="科技/数码",
    rec_category="科技/数码/前沿",
    grammar="""
maker
  [given][given]智能
  [place][given]芯片
  [given][landform]机器人
  [place][landform]量子
  [given]芒航天
  [given][given]云
  [landform]图传感
product
  折叠屏手机
  光子芯片
  四足机器人
  家用储能柜
  翻译耳机
  低轨卫星
  固态电池
  手术机械臂
  开源大模型
  脑电头环
  氢能无人机
  智能助听器
model
  [place][given] [2-9]
  [given][landform] X[1-9]
  “[given][given]”
feat
  续航达到[20-90]小时
  功耗下降[share]
  跑出[count]分的成绩
  通过[3-9]项认证
  首批[count]台售罄
  连续运行[count]小时无故障
  价格压到[399-4999]元
  良率提升到[81-98]%
  延迟低于[2-19]毫秒
title
  {maker}发布{product}{model}，{feat}
  {product}又有新突破：{maker}{model}{feat}
  {maker}{person}：{product}的下半场，[opinion_end]
  拆解{model}：{maker}的{product}为何{feat}
  {feat}！{maker}把{product}送进[count]个家庭
  {maker}{product}{feat}，同行怎么看
  上手{maker}{model}[3-9]天：{product}真能{feat}？
  {city}团队交卷：{product}{feat}
lead
  [moment]，{maker}在{city}发布新一代{product}{model}，官方称其{feat}。
  {product}赛道又添新面孔。来自{city}的{maker}拿出了{model}，{feat}。
  在[count]平方米的实验室里，{person}和同事守着一台{product}，等来了那行数据：{feat}。
  {maker}成立[3-9]年，只做一件事：{product}。如今，{model}{feat}。
  “终于可以睡个整觉了。”{model}{feat}的那天，{maker}{person}发了一条朋友圈。
detail
  {model}采用自研架构，核心部件只有[3-48]毫米厚。
  {maker}的[count]名工程师中，[share]的人来自[school]。
  与上一代相比，{product}的重量减轻了[share]。
  测试在[county]的戈壁上进行，昼夜温差超过[30-48]度。
  项目负责人{person}[says]，最难的是散热，团队先后换了[11-48]种方案。
  按照路线图，{maker}将在[2-6]个月内开放接口，首批接入[11-80]家伙伴。
  论文共同作者[person]透露，关键样品的合成温度被压低了[20-90]度。
  {product}的零部件有[count]个，国产比例约为[share]。
  发布会只用了[18-48]分钟，其中一半在讲失败的样机。
  [place][landform]资本领投了最新一轮融资，金额[sum]。
  记者试用时发现，{model}在嘈杂环境里偶尔会出现[2-5]秒卡顿。
  {maker}承认，软件适配还需要[2-6]个版本。
  开发者社区的评分为[3-4].[1-9]分，差评集中在充电口。
  {city}为此划出[count]亩土地，建设{product}中试线。
  专利文件显示，{maker}围绕{product}提交了[count]项申请。
  竞争对手[maker]几乎同时公布了参数，差距在[share]以内。
  {person}办公室的白板上，至今留着[month]写下的公式。
  首批用户[surname]女士把{model}送给了听力不好的父亲。
  供应链人士[person]称，{product}的排产已经到了明年[2-6]月。
  标准工作组[moment]讨论了{product}的测试方法，[11-48]家单位参加。
  关于数据安全，{maker}表示所有计算都在本地完成。
  一次跌落测试中，{model}从[2-9]米高处落下后仍可开机。
tag
  {product}
  {maker}
  {model}
  芯片
  人工智能
  硬科技
  新品发布
  研发
  开源
""",
)
