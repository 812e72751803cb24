"""What members of the story ask to have put right, so that the secretary's workbench has something on it."""

from datetime import date, timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from cells.models import Cell
from members.domain import requests
from members.models import ChangeRequest, Member, Membership
from portal.demo.cast import linked

# Who asks for what, how many days ago, in which words; of two values the one that is not on record.
ASKED = (
    ("孙悦", "education", ("14", "11"), 5, "今年 6 月毕业，毕业证书已上传。"),
    ("韩磊", "education", ("21", "14"), 4, "在职读完，补录学历。"),
    ("冯雪", "education", ("14", "21"), 4, ""),
    ("许建平", "name", ("许剑平", "许建平"), 3, "录入时写错了一个字。"),
    ("曹雨桐", "degree", ("工学硕士", "工学学士"), 2, "附学位证书。"),
    ("吕思琪", "school", ("青澜理工大学", "青澜师范学院"), 2, ""),
    ("王涛", "degree", ("工学学士", "工学硕士"), 1, "附学位证书。"),
    ("李敏", "school", ("青澜理工大学", "青澜师范学院"), 1, "学校已更名。"),
)  # fmt: skip


def ask_all(branch: Cell, *, today: date) -> None:
    """Let them ask."""
    for name, item, values, days, note in ASKED:
        place = Membership.objects.current().under(branch).select_related("member").get(member__name=name)
        member: Member = place.member
        wanted = next(value for value in values if value != getattr(member, item))
        by, on = linked(member, None), today - timedelta(days)
        request = requests.ask(member, item=item, new=wanted, evidence=_paper(), note=note, by=by, on=on)
        asked_at = request.asked_at - timedelta(days)
        ChangeRequest.objects.filter(pk=request.pk).update(asked_at=asked_at)


def _paper() -> bytes:
    """A certificate without a word on it."""
    sheet = Image.new("RGB", (840, 600), "#faf6ec")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((30, 30, 810, 570), outline="#b08d57", width=4)
    for line in range(6):
        pen.rectangle((150, 170 + line * 48, 690 - 90 * (line % 3), 180 + line * 48), fill="#d8d2c4")
    pen.ellipse((600, 420, 710, 530), outline="#b23a2e", width=5)
    drawn = BytesIO()
    sheet.save(drawn, "PNG")
    return drawn.getvalue()
