import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import rapport.accounts.validators
import rapport.kit.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Role",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rapport.kit.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", models.SlugField(max_length=40, unique=True)),
                ("name", models.JSONField(default=dict)),
                ("is_builtin", models.BooleanField(default=False)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position", "key"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=rapport.kit.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        error_messages={"unique": "Somebody with this address is here already."},
                        max_length=254,
                        unique=True,
                        verbose_name="E-mail address",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="Name")),
                (
                    "language",
                    models.CharField(
                        default="en",
                        max_length=10,
                        validators=[rapport.accounts.validators.is_language],
                    ),
                ),
                ("locale", models.CharField(blank=True, default="", max_length=20)),
                (
                    "timezone",
                    models.CharField(
                        default="UTC",
                        max_length=64,
                        validators=[rapport.accounts.validators.is_zone],
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "manager",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="users",
                        to="accounts.role",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rapport.kit.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("prefix", models.CharField(max_length=12)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("may_write", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rapport.kit.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OneTimeLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rapport.kit.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("invitation", "Invitation"), ("reset", "New password")],
                        max_length=10,
                    ),
                ),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("binding", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SecurityEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rapport.kit.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("owner_created", "Workspace set up"),
                            ("user_created", "User created"),
                            ("signed_in", "Signed in"),
                            ("sign_in_failed", "Sign-in failed"),
                            ("signed_out", "Signed out"),
                            ("session_ended", "Session ended"),
                            ("password_changed", "Password changed"),
                            ("reset_requested", "New password asked for"),
                            ("invited", "Invited"),
                            ("invitation_accepted", "Invitation accepted"),
                            ("role_changed", "Role changed"),
                            ("grants_changed", "Rights of a role changed"),
                            ("team_changed", "Team changed"),
                            ("deactivated", "Deactivated"),
                            ("reactivated", "Reactivated"),
                            ("token_created", "Token created"),
                            ("token_revoked", "Token revoked"),
                            ("settings_changed", "Workspace settings changed"),
                            ("exported", "Records exported"),
                        ],
                        max_length=24,
                    ),
                ),
                ("ip", models.GenericIPAddressField(null=True)),
                ("detail", models.JSONField(default=dict)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="security_events",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("data", models.TextField()),
                ("ip", models.GenericIPAddressField(null=True)),
                ("user_agent", models.CharField(blank=True, default="", max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("seen_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sessions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-seen_at"],
            },
        ),
        migrations.CreateModel(
            name="SignInAttempt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rapport.kit.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("purpose", models.CharField(max_length=10)),
                ("email_digest", models.CharField(max_length=64)),
                ("network", models.CharField(max_length=45)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["purpose", "email_digest", "network", "at"], name="attempt_by_pair"
                    ),
                    models.Index(fields=["purpose", "network", "at"], name="attempt_by_network"),
                    models.Index(fields=["at"], name="attempt_by_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rapport.kit.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        error_messages={"unique": "There is a team of that name already."},
                        max_length=100,
                        unique=True,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "members",
                    models.ManyToManyField(
                        related_name="teams",
                        through="accounts.Membership",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.AddField(
            model_name="membership",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="memberships",
                to="accounts.team",
            ),
        ),
        migrations.CreateModel(
            name="Workspace",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(blank=True, default="", max_length=200)),
                (
                    "public_address",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=300,
                        validators=[rapport.accounts.validators.is_site],
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        default="EUR",
                        max_length=3,
                        validators=[rapport.accounts.validators.is_currency],
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        default="en",
                        max_length=10,
                        validators=[rapport.accounts.validators.is_language],
                    ),
                ),
                (
                    "timezone",
                    models.CharField(
                        default="UTC",
                        max_length=64,
                        validators=[rapport.accounts.validators.is_zone],
                    ),
                ),
                (
                    "country",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=2,
                        validators=[rapport.accounts.validators.is_country],
                    ),
                ),
                (
                    "fiscal_year_start",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(12),
                        ],
                    ),
                ),
                (
                    "first_day_of_week",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(7),
                        ],
                    ),
                ),
                ("mail_host", models.CharField(blank=True, default="", max_length=253)),
                (
                    "mail_port",
                    models.PositiveIntegerField(
                        default=587,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(65535),
                        ],
                    ),
                ),
                (
                    "mail_security",
                    models.CharField(
                        choices=[
                            ("tls", "TLS from the start (usual port 465)"),
                            ("starttls", "STARTTLS (usual port 587)"),
                            ("none", "None (only inside your own network)"),
                        ],
                        default="starttls",
                        max_length=8,
                    ),
                ),
                ("mail_user", models.CharField(blank=True, default="", max_length=254)),
                ("mail_password_sealed", models.TextField(blank=True, default="")),
                ("mail_from", models.EmailField(blank=True, default="", max_length=254)),
                ("metadata_version", models.PositiveBigIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="workspace_is_the_only_one"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=rapport.kit.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("object_name", models.CharField(default="*", max_length=63)),
                (
                    "view_scope",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("own", "Own"),
                            ("team", "Team"),
                            ("all", "All"),
                        ],
                        default="none",
                        max_length=4,
                    ),
                ),
                (
                    "create_scope",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("own", "Own"),
                            ("team", "Team"),
                            ("all", "All"),
                        ],
                        default="none",
                        max_length=4,
                    ),
                ),
                (
                    "edit_scope",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("own", "Own"),
                            ("team", "Team"),
                            ("all", "All"),
                        ],
                        default="none",
                        max_length=4,
                    ),
                ),
                (
                    "delete_scope",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("own", "Own"),
                            ("team", "Team"),
                            ("all", "All"),
                        ],
                        default="none",
                        max_length=4,
                    ),
                ),
                (
                    "export_scope",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("own", "Own"),
                            ("team", "Team"),
                            ("all", "All"),
                        ],
                        default="none",
                        max_length=4,
                    ),
                ),
                (
                    "import_scope",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("own", "Own"),
                            ("team", "Team"),
                            ("all", "All"),
                        ],
                        default="none",
                        max_length=4,
                    ),
                ),
                (
                    "bulk_scope",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("own", "Own"),
                            ("team", "Team"),
                            ("all", "All"),
                        ],
                        default="none",
                        max_length=4,
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="accounts.role",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("role", "object_name"), name="grant_once_per_object"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="user_email_in_lower_case",
            ),
        ),
        migrations.AddIndex(
            model_name="securityevent",
            index=models.Index(fields=["-at", "-id"], name="security_event_newest"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                fields=("team", "user"), name="membership_once_per_team"
            ),
        ),
    ]
