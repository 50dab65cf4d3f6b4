"""汽车: invented makes, prices, recalls, road tests."""

from __future__ import annotations

from netease_crawler.demo.topics.topic import Topic

TOPIC = Topic(
    name="汽车",
    channel="auto",
    category="汽车/新车",
    rec_category="汽车/新车/导购",
    grammar="""
make
  [place][given]汽车
  [given][given]
  [landform][given]
series
  [given][landform] L[5-9]
  [given]影 PLUS
  [place]途 S[1-8]
  [landform]行者
  [given]驰 EV
  [beast]旅行版
beast
  赤狐
  青鸟
  岩羊
  云豹
kind
  紧凑型轿车
  中型轿跑
  家用七座车
  纯电小车
  硬派越野
  插混旅行车
  微型面包车
  增程皮卡
price
  [6-9].[18-98]万元
  [10-39].[18-98]万元
news
  售价{price}起
  官降[1-4].[2-8]万元
  召回[count]辆
  续航[402-820]公里
  冬测掉电[share]
  上市[24-72]小时订单破[count]
  百公里油耗[3-7].[1-9]升
  碰撞测试获[3-5]星
  换装全新底盘
title
  {make}{series}上市，{news}
  {news}！这台{kind}{series}值得等吗
  实测{make}{series}：{news}是真的吗
  {kind}新选择：{series}{news}
  {make}{series}{news}，老车主：[opinion_end]
  预算{price}买{kind}，{series}和竞品怎么选
  开着{series}跑完[800-2900]公里，聊聊{make}的{kind}
  {make}再出手，{series}{news}
lead
  [moment]，{make}旗下{kind}{series}正式亮相，{news}。
  {kind}市场又热闹起来。{make}宣布，{series}{news}。
  从{city}到[county]，我们驾驶{series}行驶了[count]公里，想回答一个问题：{news}是否属实。
  展厅开门不到[11-48]分钟，{series}前就围了一圈人——{news}。
  距离上一次改款[2-5]年，{make}终于给{series}动了刀：{news}。
detail
  车身长宽高分别为[4380-5120]、[1790-1980]和[1420-1830]毫米，轴距[2620-3050]毫米。
  内饰取消了[share]的实体按键，中控屏为[12-17].[1-9]英寸。
  动力方面，{series}提供[2-4]种组合，最大功率[98-380]千瓦。
  {make}销售总监[person][says]，{series}的首批车主平均[26-44]岁。
  后备厢容积[380-920]升，放倒座椅后可以睡下两个成年人。
  试驾当天[county]下着小雨，湿地刹停距离为[37-44]米。
  悬架换成了[2-6]连杆结构，过减速带时多余震动少了[share]。
  {city}的经销商[person]透露，现车要等[3-12]周。
  同级的[make]{kind}便宜[2-9]千元，但少了[3-9]项配置。
  高速上以[100-118]公里时速巡航，车内噪声[58-68]分贝。
  质保政策为[5-8]年或[12-20]万公里，三电除外条款有[3-9]条。
  老车主[surname]先生的旧款已经开了[6-28]万公里，小毛病不断。
  充电从[10-30]%到80%用时[16-48]分钟，与官方说法相差不大。
  辅助驾驶在[road]的施工路段退出了[2-6]次。
  座椅面料掺入了[share]的回收纤维，夏天不闷。
  {make}[month]销量为[count]辆，环比变动[share]。
  保养间隔[8-20]千公里，小保养费用[260-980]元。
  车机语音能听懂[3-12]种方言，[place][landform]话除外。
  底盘护板由[3-6]块组成，越过[18-26]厘米的石坎没有刮碰。
  二手车商[person]给出的三年残值率是[share]。
  {make}承诺，[2-6]个月内为{series}推送首次升级。
  摄影师坐在第三排，膝盖前还剩[2-4]指空间。
tag
  {make}
  {series}
  {kind}
  新车上市
  试驾
  续航
  召回
  导购
  新能源
""",
)
