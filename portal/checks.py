"""What a database must be like for the portal's guarantees to hold."""

from django.conf import settings
from django.core.checks import Tags, Warning, register
from django.db import connections

from portal import emblem
from portal.settings.environment import database


@register(Tags.database)
def application_owns_nothing(app_configs, databases, **kwargs):
    """Whoever owns a table may switch off its triggers; whoever is superuser owns every table."""
    found = []
    for alias in databases or []:
        role = database(settings.DATABASE_URL)["USER"]
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT rolsuper, EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tableowner = rolname)"
                " FROM pg_roles WHERE rolname = %s",
                [role],
            )
            superuser, owner = cursor.fetchone() or (False, False)
        if superuser or owner:
            what = "is a superuser" if superuser else "owns tables"
            hint = "Give DATABASE_URL a role that owns nothing; bin/manage migrate grants it what it needs."
            found.append(Warning(f"The application's database role {what}.", hint=hint, id="portal.W001"))
    return found


@register(Tags.database)
def characters_are_known(app_configs, databases, **kwargs):
    """Under a plain C character type Chinese has no trigrams, and every search by name would find nothing."""
    found = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT '党' ~ '[[:alpha:]]'")
            if not cursor.fetchone()[0]:
                hint = "Create the database with LC_CTYPE 'C.UTF-8' or another UTF-8 locale."
                found.append(Warning("The database does not know Chinese letters.", hint=hint, id="portal.W002"))
    return found


@register()
def the_emblem_can_be_shown(app_configs, **kwargs):
    """An empty slot is as it should be; a file that cannot be shown is not."""
    try:
        emblem.read(settings.ZHIBU_EMBLEM_FILE)
    except (OSError, ValueError) as error:
        hint = "ZHIBU_EMBLEM_FILE names a PNG or an SVG of at most 512 kB, or nothing."
        return [Warning(f"The emblem cannot be shown: {error}", hint=hint, id="portal.W003")]
    return []
