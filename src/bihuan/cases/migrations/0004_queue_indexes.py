"""Let the queues read indexes alone: what they ask beside the order stands in the index too."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0003_statistics'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='case',
            name='case_open_due',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_unit_due',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_mine_due',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_city_due',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_district_due',
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('status__in', ('registered', 'accepted', 'dispatched', 'received', 'in_handling', 'waiting', 'returned', 'recalled', 'replied', 'in_revisit', 'reopened'))), fields=['next_due_at', 'id', 'status', 'province_id', 'area_id'], name='case_due_open'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('status__in', ('registered', 'accepted', 'dispatched', 'received', 'in_handling', 'waiting', 'returned', 'recalled', 'replied', 'in_revisit', 'reopened'))), fields=['holder_unit_id', 'next_due_at', 'id', 'status'], name='case_due_unit'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('status__in', ('registered', 'accepted', 'dispatched', 'received', 'in_handling', 'waiting', 'returned', 'recalled', 'replied', 'in_revisit', 'reopened'))), fields=['handler_id', 'next_due_at', 'id', 'status'], name='case_due_mine'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('status__in', ('registered', 'accepted', 'dispatched', 'received', 'in_handling', 'waiting', 'returned', 'recalled', 'replied', 'in_revisit', 'reopened'))), fields=['city_id', 'next_due_at', 'id', 'status'], name='case_due_city'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('status__in', ('registered', 'accepted', 'dispatched', 'received', 'in_handling', 'waiting', 'returned', 'recalled', 'replied', 'in_revisit', 'reopened'))), fields=['district_id', 'next_due_at', 'id', 'status'], name='case_due_district'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('status__in', ('replied', 'in_revisit'))), fields=['replied_at', 'id', 'province_id', 'district_id', 'area_id'], name='case_revisit_all'),
        ),
    ]
