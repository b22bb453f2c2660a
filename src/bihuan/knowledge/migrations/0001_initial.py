"""Articles, their versions, uses and judgements."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.TextField(choices=[('script', '服务脚本'), ('typical', '典型案例'), ('procedure', '处理规范'), ('module', '文本模块')])),
                ('owner_id', models.BigIntegerField()),
                ('review_on', models.DateField()),
                ('latest', models.IntegerField(default=1)),
                ('published', models.IntegerField(null=True)),
                ('retired_at', models.DateTimeField(null=True)),
                ('retired_by_id', models.BigIntegerField(null=True)),
                ('retired_why', models.TextField(default='')),
                ('from_case_id', models.BigIntegerField(null=True, unique=True)),
                ('made_at', models.DateTimeField()),
                ('made_by_id', models.BigIntegerField()),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Feedback',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.IntegerField()),
                ('verdict', models.TextField(choices=[('helpful', '有用'), ('outdated', '过时')])),
                ('note', models.TextField(default='')),
                ('by_id', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='feedback', to='knowledge.article')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('article', 'version', 'by_id'), name='knowledge_feedback_once')],
            },
        ),
        migrations.CreateModel(
            name='Use',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.IntegerField()),
                ('case_id', models.BigIntegerField(null=True)),
                ('by_id', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='knowledge.article')),
            ],
            options={
                'indexes': [models.Index(fields=['article', '-at'], name='knowledge_use_article')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('state', models.TextField(choices=[('draft', '草稿'), ('submitted', '待审核'), ('approved', '已发布'), ('retired', '已停用')], default='draft')),
                ('title', models.TextField()),
                ('body', models.TextField()),
                ('shortcut', models.TextField(default='')),
                ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('products', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('note', models.TextField(default='')),
                ('made_at', models.DateTimeField()),
                ('made_by_id', models.BigIntegerField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('submitted_by_id', models.BigIntegerField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by_id', models.BigIntegerField(null=True)),
                ('decision', models.TextField(default='')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='knowledge.article')),
            ],
            options={
                'indexes': [models.Index(fields=['state'], name='knowledge_version_state')],
                'constraints': [models.UniqueConstraint(fields=('article', 'number'), name='knowledge_version_once')],
            },
        ),
    ]
