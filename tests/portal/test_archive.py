"""What is refused before anything is saved or replaced; a whole way there and back is in test_boot."""

import tarfile
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command

from portal.archive import contents
from portal.archive.restoring import restore
from portal.archive.saving import save
from portal.archive.sealing import Sealer

WORDS = "four words are easily remembered"


@pytest.mark.django_db(transaction=True)
def test_a_portal_with_people_in_it_is_replaced_only_on_demand(tmp_path, django_user_model):
    django_user_model.objects.create(name="王涛")
    file = tmp_path / "portal.bak"
    file.write_bytes(b"x")
    with pytest.raises(CommandError, match="Say --yes"):
        call_command("restore", file)


@pytest.mark.django_db(transaction=True)
def test_a_portal_without_people_counts_as_empty():
    assert contents.is_empty()


@pytest.mark.django_db(transaction=True)
def test_a_back_up_says_what_it_holds(tmp_path, settings, django_user_model):
    django_user_model.objects.create(name="王涛")
    settings.VAR, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / "letter.pdf").write_bytes(b"letter")
    manifest = save(tmp_path / "portal.bak", WORDS)
    assert manifest["rows"]["accounts_user"] == 1
    assert set(manifest["sha256"]) == {"database.dump", "files/letter.pdf"}
    assert "portal.0001_initial" in manifest["migrations"]
    assert (tmp_path / "portal.bak").stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["files", "portal.bak"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("given", "said"), [("", "set ZHIBU_BACKUP_KEY"), ("short", "at least 12 characters")])
def test_a_back_up_without_a_good_passphrase_is_refused(tmp_path, monkeypatch, given, said):
    monkeypatch.setenv("ZHIBU_BACKUP_KEY", given)
    with pytest.raises(CommandError, match=said):
        call_command("backup", tmp_path / "portal.bak")
    assert not (tmp_path / "portal.bak").exists()


@pytest.mark.django_db(transaction=True)
def test_a_damaged_back_up_leaves_everything_as_it_is(tmp_path, settings, monkeypatch, django_user_model):
    django_user_model.objects.create(name="王涛")
    settings.VAR, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    save(tmp_path / "portal.bak", WORDS)
    (tmp_path / "portal.bak").write_bytes((tmp_path / "portal.bak").read_bytes()[:-40])
    monkeypatch.setenv("ZHIBU_BACKUP_KEY", WORDS)
    with pytest.raises(CommandError, match="cut short"):
        call_command("restore", tmp_path / "portal.bak", yes=True)
    assert django_user_model.objects.get().name == "王涛"


@pytest.mark.parametrize("name", ["../keys/field-keys.json", "/etc/cron.d/x"])
def test_a_file_with_a_name_that_leads_elsewhere_is_not_written(tmp_path, settings, name):
    settings.VAR = tmp_path
    with (
        (tmp_path / "forged.bak").open("wb") as file,
        closing(Sealer(file, WORDS, 10)) as sealed,
        tarfile.open(fileobj=sealed, mode="w|") as archive,
    ):
        archive.addfile(tarfile.TarInfo(name))
    with pytest.raises(CommandError, match="no file of ours"):
        restore(tmp_path / "forged.bak", WORDS)
    assert [path.name for path in tmp_path.iterdir()] == ["forged.bak"]
