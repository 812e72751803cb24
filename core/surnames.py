"""Surnames that are read otherwise than the same characters elsewhere; the first reading is the usual one."""

_SINGLE = """
薄 bo,秘 bi,费 fei/bi,卜 bu,谌 chen/shen,种 chong,重 chong,仇 qiu,单 shan,都 du,佴 nai,盖 ge/gai,句 gou,会 gui,
黑 hei/he,郇 xun/huan,祭 zhai,解 xie,阚 kan,隗 wei/kui,乐 yue/le,勒 le,六 lu,缪 miao/mou,牟 mou/mu,宓 mi/fu,乜 nie,
能 nai,区 ou,繁 po,朴 piao/pu,覃 qin/tan,召 shao/zhao,折 she,洗 xian,沓 ta,澹 tan,镡 tan/xin,尉 wei/yu,郗 xi/chi,
颉 xie,莘 xin/shen,员 yun,么 yao,曾 zeng,藏 zang,查 zha,长 chang/zhang,翟 zhai/di
"""
SURNAMES: dict[str, tuple[str, ...]] = {
    entry.split()[0]: tuple(entry.split()[1].split("/")) for entry in _SINGLE.split(",")
}

_COMPOUND = """
欧阳 ou yang,尉迟 yu chi,万俟 mo qi,长孙 zhang sun,单于 chan yu,澹台 tan tai,令狐 ling hu,鲜于 xian yu,司徒 si tu,
司马 si ma,司空 si kong,司寇 si kou,上官 shang guan,诸葛 zhu ge,皇甫 huang fu,夏侯 xia hou,公孙 gong sun,
公冶 gong ye,公羊 gong yang,公西 gong xi,慕容 mu rong,宇文 yu wen,轩辕 xuan yuan,东方 dong fang,东郭 dong guo,
西门 xi men,南宫 nan gong,独孤 du gu,端木 duan mu,百里 bai li,呼延 hu yan,申屠 shen tu,淳于 chun yu,闻人 wen ren,
赫连 he lian,濮阳 pu yang,太叔 tai shu,宗政 zong zheng,钟离 zhong li,闾丘 lv qiu,亓官 qi guan,仉督 zhang du,
子车 zi ju/zi che,颛孙 zhuan sun,巫马 wu ma,漆雕 qi diao,乐正 yue zheng,壤驷 rang si,拓跋 tuo ba,夹谷 jia gu,
宰父 zai fu,谷梁 gu liang,段干 duan gan,梁丘 liang qiu,左丘 zuo qiu,羊舌 yang she,微生 wei sheng,第五 di wu,
贺兰 he lan,纳兰 na lan,完颜 wan yan,叶赫 ye he,耶律 ye lv
"""
COMPOUND_SURNAMES: dict[str, tuple[str, ...]] = {
    entry.split(maxsplit=1)[0]: tuple(entry.split(maxsplit=1)[1].strip().split("/")) for entry in _COMPOUND.split(",")
}
