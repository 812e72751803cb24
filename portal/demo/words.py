"""What the fictional world is made of. Nobody and nothing here exists; the division code 999999 least of all."""

from datetime import date

# District, how many companies, and what share of them is covered in the end.
DISTRICTS = [
    ("高新区", 34, 0.85), ("学府区", 28, 0.82), ("城中区", 22, 0.77), ("东岸区", 20, 0.80), ("西岸区", 18, 0.72),
    ("经开区", 16, 0.75), ("河口区", 13, 0.69), ("南浦区", 11, 0.73), ("石桥区", 9, 0.67), ("临港区", 9, 0.67),
    ("青屏区", 7, 0.57), ("白鹭区", 6, 0.50), ("云岭区", 5, 0.40), ("北屏区", 4, 0.50), ("梅坞区", 4, 0.50),
    ("长堤区", 3, 0.34),
]
PARKS = ["软件园", "数字产业园", "电商产业园", "创新港", ""]
LINES = ["软件服务", "新闻信息", "网络社交", "网络游戏", "在线教育", "电子商务", "云计算"]

SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文单仇解覃区"
GIVEN = "敏静涛磊洋勇艳杰娟强军霞飞玲超华平刚桂英秀兰伟明辉健慧俊斌峰琳雪晨宇欣悦佳宁瑶嘉睿泽轩梓涵思远航诺彤子墨晓东建国立群文博一鸣雨桐志强雅清和若川"
COMPANY_FIRST = "云杉 远帆 拾光 听雨 竹里 星槎 青禾 松果 蓝鲸 白桦 橙光 飞驰 观澜 长风 微澜 银杏 海棠 北斗 墨池 雪原 汇聚 锐思 智联 万象 方舟 春芽 乐活 卓信 净月 红枫".split()
COMPANY_SECOND = "网络科技 信息技术 软件 数字传媒 云计算 电子商务 智能科技 互联网文化 数据服务".split()

# The branch whose secretary signs in: thirty-four people in three groups, by name, gender, born, joined, category.
YUNSHAN_GROUPS = [
    "李敏女 陈思远男 王涛男 何静女* 孙悦女 冯雪女 蒋文博男 沈一诺女 韩磊男 曹雨桐女 许建平男 吕思琪女",
    "周航男 吴倩女 曾广仁男 单晓东男 阿卜杜拉·买买提男 彭佳女 苏子墨男* 潘越男 尉迟明男 田恬女 董立群男",
    "郑凯男 覃小满女 解宁男 仇海燕女 马骁男 任可女* 姚志强男 邵兰女 谭一鸣男 黎昕女 严文男",
]

FIRST_DAY = date(2024, 12, 1)
TODAY = date(2026, 11, 20)
