"""Change the keys that ID numbers, mobiles and addresses are sealed with; docs/operating.md has the steps."""

import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core import keyring
from core.errors import Refusal
from portal.fieldkeys import indexes, places, proofs, rotation

PATIENCE_S = 150


class Command(BaseCommand):
    help = "Say how much each field key holds. With --begin, change the key while the portal goes on working."

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--begin", action="store_true", help="bring in a new key and seal everything with it")
        what.add_argument("--resume", action="store_true", help="go on where the change was broken off")
        what.add_argument("--drop", metavar="KEY", help="take an old key out, with which nothing is sealed")
        what.add_argument("--index", action="store_true", help="a new key for the blind indexes, while nobody works")
        parser.add_argument("--suite", choices=["aes", "sm"], help="with --begin: seal with AES-256-GCM or SM4-GCM")
        parser.add_argument("--out", type=Path, metavar="FILE", help="where the ring to be handed in is written")

    def handle(self, *, begin, resume, drop, index, suite, out, **options):
        if suite and not begin:
            raise CommandError("--suite goes with --begin: the suite is changed together with the key.")
        try:
            if begin:
                self.begin(suite, out)
            elif resume:
                self.resume(out)
            elif drop:
                rotation.drop(drop, keep=self.keep(out))
                self.handed_in(out, f"{drop} is out of the ring. Back-ups carry the ring they were taken with.")
            elif index:
                changed = indexes.make_anew(keep=self.keep(out))
                self.handed_in(out, f"the indexes of {changed} records are made with the new key.")
            else:
                self.report()
        except (Refusal, proofs.WrongKeys) as refusal:
            raise CommandError(str(refusal)) from None

    def begin(self, suite, out):
        rotation.note_current()
        name = rotation.add(suite=suite, keep=self.keep(out))["next"]
        if rotation.writable():
            self.stdout.write(f"1. {name} is in the ring; nobody seals with it yet")
            self.resume(out)
        else:
            self.handed_in(out, f"1. {name} is in that ring; nobody seals with it yet.", then=True)

    def resume(self, out):
        ring = keyring.ring()
        if name := ring.get("next"):
            if rotation.writable():
                self.wait_for_all(name)
            rotation.make_current(keep=self.keep(out))
            if not rotation.writable():
                self.handed_in(out, f"2. {name} is current in that ring.", then=True)
                return
            self.stdout.write(f"2. {name} is current")
        rotation.note_current()
        began = time.monotonic()
        outcome = rotation.seal_anew(self.watch if self.stdout.isatty() else lambda *_: None)
        self.stdout.write(f"3. {outcome.sealed} rows sealed anew in {time.monotonic() - began:.1f} s")
        self.report()

    def wait_for_all(self, name):
        end = time.monotonic() + PATIENCE_S
        while rotation.unaware(name) and time.monotonic() < end:
            time.sleep(1)

    def watch(self, table, sealed):
        self.stdout.write(f"\r   {table} {sealed}", ending="")

    def report(self):
        ring, found = keyring.ring(), places.holdings()
        self.stdout.write(f"ring: {proofs.where()}")
        suites = f"seals {ring.get('suite', 'aes')}, indexes {keyring.index_suite(ring)}"
        self.stdout.write(f"keys: {', '.join(sorted(ring['keys']))}; current {ring['current']}; {suites}")
        for holding in found:
            self.stdout.write(f"  {holding.place:<36}{holding.algorithm:<14}{holding.key:<8}{holding.values}")
        self.stdout.write(self.next_step(ring, places.held_by_key(found)))

    def next_step(self, ring, held):
        if ring.get("next"):
            return f"{ring['next']} is being brought in: go on with --resume"
        if unknown := held[places.UNKNOWN]:
            return f"{unknown} values are not sealed at all, or not by this version"
        if gone := sorted(held.keys() - ring["keys"].keys() - {places.UNKNOWN}):
            return f"the ring lacks {', '.join(gone)}: put it back, or what is sealed with it stays closed"
        if sum(held.values()) - held[ring["current"]]:
            return "values are still sealed with an older key: go on with --resume"
        if older := sorted(ring["keys"].keys() - {ring["current"]}):
            return f"nothing is sealed with {', '.join(older)} any more: --drop {older[0]}"
        return "everything is sealed with the current key"

    def keep(self, out):
        if out:
            return rotation.to_file(out.absolute())
        if file := rotation.writable():
            return rotation.to_file(file)
        raise CommandError(
            f"The ring is handed in ({proofs.where()}) and cannot be written from here. Name a file with --out FILE: "
            "the changed ring is written there, for you to hand in."
        )

    def handed_in(self, out, words, *, then=False):
        if not out:
            self.stdout.write(words)
            return
        self.stdout.write(f"{out}: {words}")
        self.stdout.write("Hand it in where the ring comes from, and start web, worker and beat again one by one.")
        if then:
            self.stdout.write("When all of them run with it: bin/manage rotate_field_key --resume --out FILE")
