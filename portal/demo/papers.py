"""What the fictional association tells the public."""

from datetime import date, timedelta

from accounts.models import User
from cells.models import Cell
from news.choices import AnnouncementKind
from news.domain import publishing

NOTICE, STORY, ABOUT = AnnouncementKind.NOTICE, AnnouncementKind.STORY, AnnouncementKind.ABOUT

# How many days ago, what kind, title and text; two of them in English as well.
PAPERS = (
    (
        400, ABOUT, "青澜市互联网行业协会党委",
        "协会党委成立于 2012 年，受市委社会工作部门领导，管理会员企业的党组织和党员。\n\n"
        "我们做三件事：帮企业建立党组织，帮党员找到组织，帮支部把组织生活过好。",
        "The Party committee of the Qinglan Internet Industry Association",
        "The committee was founded in 2012. It looks after the Party organisations and members in the association's "
        "companies.\n\nWe do three things: help companies set up a Party organisation, help members find theirs, and "
        "help branches do their work well.",
    ),
    (
        42, NOTICE, "关于核对流动党员信息的通知",
        "各党组织：\n\n请在本月底前核对本支部外出六个月以上的党员，登录平台更新外出流向和联系方式。", "", "",
    ),
    (
        21, NOTICE, "系统维护公告",
        "本周日 1 时至 3 时升级平台，期间不能登录。已经填写的内容不会丢失。", "Maintenance",
        "The portal is upgraded on Sunday from 1 to 3 in the morning; nobody can sign in then. Nothing you filled in "
        "is lost.",
    ),
    (
        14, NOTICE, "第四期发展对象培训班报名通知",
        "各党支部：\n\n第四期发展对象培训班下月初开班，共三天。请把人选报所属党委组织部门。", "", "",
    ),
    (
        4, NOTICE, "关于召开党组织书记抓基层党建述职评议会的通知",
        "各党组织：\n\n述职评议会定于下月中旬召开。述职以书面为主，不另做展板，不搞彩排。", "", "",
    ),
    (
        1, NOTICE, "关于做好年度民主评议党员工作的通知",
        "各党支部：\n\n请按《中国共产党支部工作条例（试行）》的要求，结合组织生活会开展民主评议党员。", "", "",
    ),
    (
        10, STORY, "第三工作组接待日：换届怎么开、材料怎么备",
        "五家支部的书记到场，指导员逐一答复换届程序和材料清单。会后整理的问答已发到各支部。", "", "",
    ),
    (
        7, STORY, "云杉科技党支部与远帆网络党支部合办主题党日",
        "两个支部围绕适老化改造走访三个社区，收集意见二十六条，已分给四个研发小组。", "", "",
    ),
    (
        2, STORY, "三家企业联合组建党支部，九名党员关系归队",
        "星图里程、禾下数字文化与松间云三家企业各有党员二至四名，单独组建条件不足。协会党委选派党建指导员驻点两个月，"
        "逐人核对组织关系，其中两名党员的介绍信已过有效期，由原党组织核实后重新开具。\n\n"
        "联合党支部召开党员大会，选举产生书记一名。", "", "",
    ),
)  # fmt: skip


def publish_all(root: Cell, *, by: User, today: date) -> None:
    """Publish everything in the name of ``root``, each on its day."""
    for days, kind, title, body, title_en, body_en in PAPERS:
        texts = {"title": title, "body": body, "title_en": title_en, "body_en": body_en}
        publishing.publish(root, kind=kind, by=by, on=today - timedelta(days=days), **texts)
