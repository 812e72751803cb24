"""Say what is kept longer than needed, and clear it when asked to."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.retention import clearing
from portal.retention.keepings import KEEPINGS


class Command(BaseCommand):
    help = "Report what is due to be cleared: by which rule, how much, since when. Only --apply clears anything."

    def add_arguments(self, parser):
        parser.add_argument("--apply", action="store_true", help="clear what the report shows")
        parser.add_argument(
            "--only", choices=[rule.name for rule in KEEPINGS if not rule.by_itself], help="one rule alone"
        )
        parser.add_argument("--most", type=int, help="with --only: let so many go although it is more than usual")

    def handle(self, *, apply, only, most, **options):
        if most is not None and not only:
            raise CommandError("--most goes with --only: a bound is lifted for one rule, after a look at its rows.")
        now = timezone.now()
        lines = [line for line in clearing.report(now) if only in (None, line.rule.name)]
        for line in lines:
            self.show(line, most)
        if not apply:
            clearing.note_report(lines)
            self.stdout.write(_("没有清理任何内容。加 --apply 才清理标着“待清理”的各项。"))
            return
        for name, gone in clearing.clear([line.rule for line in lines], now, most=most).items():
            self.stdout.write(_("%(name)s：清理了 %(gone)d 条") % {"name": name, "gone": gone})

    def show(self, line, most):
        rule = line.rule
        state = _("每日自动") if rule.by_itself else _("待清理") if line.due else _("无需清理")
        if line.is_too_much and (most is None or line.due > most):
            words = _("超过一次 %(most)d 条的上限，先核对，再用 --only %(name)s --most %(due)d")
            state = words % {"most": rule.most, "name": rule.name, "due": line.due}
        facts = {"what": rule.what, "days": rule.kept_days, "state": state}
        words = _("%(what)s，保存 %(days)d 天（%(state)s）")
        if line.oldest:
            words = _("%(what)s，保存 %(days)d 天，最早 %(oldest)s（%(state)s）")
            facts["oldest"] = timezone.localtime(line.oldest).strftime("%Y-%m-%d")
        self.stdout.write(f"{rule.name:<10}{line.due:>8}  {words % facts}")
        self.stdout.write(f"{'':<20}{rule.why}")
