import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models

DUTIES = ("association_staff", "auditor", "technical_administrator")


def require_nobody_with_two(apps, schema_editor):
    """Which of two duties somebody gives up is for people to say: the older version ends it, then this one comes."""
    held = apps.get_model("cells", "Appointment").objects.filter(
        office__in=DUTIES, voided_at=None, valid__upper_inf=True
    )
    beside = held.filter(holder=models.OuterRef("holder")).exclude(office=models.OuterRef("office"))
    names = sorted(set(held.filter(models.Exists(beside)).values_list("holder__name", flat=True)))
    if names:
        raise RuntimeError(
            "Held by one person at a time: two of association staff, technical administrator and auditor. "
            f"End one of them with the version before, then migrate: {', '.join(names)}"
        )


class Migration(migrations.Migration):

    dependencies = [
        ('cells', '0008_mask_numbers_in_filters'),
    ]

    operations = [
        migrations.RunPython(require_nobody_with_two, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='appointment',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('office__in', DUTIES), ('valid__upper_inf', True), ('voided_at__isnull', True)), expressions=[('holder', '='), ('office', '<>')], name='business_system_and_audit_are_held_apart'),
        ),
    ]
