"""Rows that filters and suggestions look up, kept by statement triggers in the transaction of any change."""
# ruff: noqa: S608  names of our own tables

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

from network.triggers import WatchTables

NORMAL = """
CREATE FUNCTION search_normal(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT btrim(regexp_replace(
        lower(translate(name, 'ÅÄÁÀÂÃåäáàâãÖØÓÒÔÕöøóòôõÉÈÊËéèêëÜÚÙÛüúùûÍÌÎÏíìîïŠšŽž',
                              'AAAAAAaaaaaaOOOOOOooooooEEEEeeeeUUUUuuuuIIIIiiiiSsZz')),
        '[[:punct:][:space:]–—“”’]+', ' ', 'g'))
$$;
CREATE FUNCTION search_starts(names text[]) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    SELECT DISTINCT left(array_to_string(words[n:], ' '), 60)
    FROM (SELECT string_to_array(search_normal(name), ' ') AS words FROM unnest(names) AS name) AS split,
         generate_series(1, least(cardinality(words), 10)) AS n
    WHERE words[n] <> ''
$$;
CREATE FUNCTION organisation_sector(pk bigint) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE coalesce(c.kind, b.kind, a.kind)
        WHEN 'wellbeing-county' THEN 'public' WHEN 'municipality' THEN 'public' WHEN 'state' THEN 'public'
        WHEN 'association' THEN 'ngo' WHEN 'foundation' THEN 'ngo'
        WHEN 'parish' THEN 'parish' WHEN 'company' THEN 'private' ELSE 'other' END
    FROM network_organisation a
    LEFT JOIN network_organisation b ON a.kind = 'project' AND b.id = a.parent_id
    LEFT JOIN network_organisation c ON b.kind = 'project' AND c.id = b.parent_id
    WHERE a.id = pk
$$;
"""
# Filter → table of the relation and of the words, and the column that points at them.
RELATIONS = {
    "type": ("further_types", "servicetype"),
    "audience": ("audiences", "audience"),
    "addiction": ("addictions", "addiction"),
    "stage": ("stages", "stage"),
    "setting": ("settings", "setting"),
    "aim": ("aims", "aim"),
    "content": ("components", "component"),
    "channel": ("channels", "channel"),
    "language": ("languages", "language"),
}
OF_RELATIONS = "\n".join(
    f"UNION SELECT '{name}=' || t.code FROM services_service_{relation} r"
    f" JOIN services_{term} t ON t.id = r.{term}_id WHERE r.service_id = s.id"
    for name, (relation, term) in RELATIONS.items()
)
ACCESS = {
    "no-referral": "no_referral",
    "no-appointment": "no_appointment",
    "free": "free",
    "anonymous": "anonymous",
    "intoxicated-ok": "intoxicated_ok",
    "no-diagnosis-excluded": "no_diagnosis_excluded",
}
OF_ACCESS = "\n".join(
    f"UNION SELECT 'access={code}' || CASE WHEN s.{column} THEN '' ELSE '?' END WHERE s.{column} IS NOT FALSE"
    for code, column in ACCESS.items()
)
# Rows are locked first: what another transaction has just committed is then read by the statement that follows.
FILL = f"""
CREATE FUNCTION services_fill_facets(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM services_servicefacets WHERE service_id = ANY(ids) ORDER BY service_id FOR UPDATE;
    INSERT INTO services_servicefacets (service_id, codes, reach)
    SELECT s.id,
        ARRAY(
            SELECT 'type=' || t.code FROM services_servicetype t WHERE t.id = s.main_type_id
            {OF_RELATIONS}
            UNION SELECT 'municipality=' || r.municipality_id FROM services_service_municipalities r
                WHERE r.service_id = s.id
            UNION SELECT 'municipality=' WHERE NOT EXISTS (
                SELECT FROM services_service_municipalities r WHERE r.service_id = s.id)
            UNION SELECT 'sector=' || organisation_sector(s.organisation_id) WHERE s.organisation_id IS NOT NULL
            UNION SELECT 'sector=' || organisation_sector(r.organisation_id) FROM services_service_producers r
                WHERE r.service_id = s.id
            {OF_ACCESS}
            UNION SELECT 'access=low-threshold' || CASE WHEN s.no_referral AND s.no_appointment THEN '' ELSE '?' END
                WHERE s.no_referral IS NOT FALSE AND s.no_appointment IS NOT FALSE
            ORDER BY 1
        ),
        CASE WHEN s.outside_region THEN 3
            WHEN EXISTS (SELECT FROM services_service_municipalities r WHERE r.service_id = s.id) THEN 0
            WHEN EXISTS (SELECT FROM services_service_channels r JOIN services_channel t ON t.id = r.channel_id
                WHERE r.service_id = s.id AND t.code NOT IN ('phone', 'online', 'chat')) THEN 1
            WHEN EXISTS (SELECT FROM services_service_channels r WHERE r.service_id = s.id) THEN 2
            ELSE 1 END
    FROM services_service s WHERE ids IS NULL OR s.id = ANY(ids) ORDER BY s.id
    ON CONFLICT (service_id) DO UPDATE SET codes = excluded.codes, reach = excluded.reach
    WHERE (services_servicefacets.codes, services_servicefacets.reach) IS DISTINCT FROM (excluded.codes, excluded.reach);
END $$;

CREATE FUNCTION services_fill_starts(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM services_service WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    DELETE FROM services_searchstart WHERE service_id IS NOT NULL AND (ids IS NULL OR service_id = ANY(ids));
    INSERT INTO services_searchstart (service_id, starts)
    SELECT s.id, starts FROM services_service s, search_starts(
        ARRAY(SELECT s.name UNION SELECT t.name FROM services_servicetext t WHERE t.service_id = s.id)) AS starts
    WHERE (ids IS NULL OR s.id = ANY(ids)) AND s.published_at IS NOT NULL AND s.archived_at IS NULL;
END $$;

CREATE FUNCTION services_fill_organisations(ids bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM network_organisation WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    DELETE FROM services_searchstart WHERE organisation_id IS NOT NULL AND (ids IS NULL OR organisation_id = ANY(ids));
    INSERT INTO services_searchstart (organisation_id, starts)
    SELECT o.id, starts FROM network_organisation o, search_starts(ARRAY[o.name, o.name_sv, o.name_en]) AS starts
    WHERE ids IS NULL OR o.id = ANY(ids);
END $$;
"""
UNFILL = """
DROP FUNCTION services_fill_facets(bigint[]); DROP FUNCTION services_fill_starts(bigint[]);
DROP FUNCTION services_fill_organisations(bigint[]); DROP FUNCTION organisation_sector(bigint);
DROP FUNCTION search_starts(text[]); DROP FUNCTION search_normal(text);
"""

FACTS = ("main_type_id", "organisation_id", "outside_region", *ACCESS.values())
# Of what is no listing yet, or none any more, no name is offered.
NAMES = ("name", "published_at", "archived_at")


def differing(*columns: str) -> str:
    new, old = (", ".join(f"{side}.{column}" for column in columns) for side in ("n", "o"))
    return f"SELECT n.id FROM new_rows n JOIN old_rows o USING (id) WHERE ({new}) IS DISTINCT FROM ({old})"


def fill(what: str, ids: str) -> str:
    """Fill rows of the ids that a query gives, if there are any."""
    return f"""
    changed := ARRAY({ids});
    IF cardinality(changed) > 0 THEN PERFORM services_fill_{what}(changed); END IF;"""


def trigger(table: str, event: str, *work: str) -> migrations.RunSQL:
    name = f"keep_facets_{event.lower()}_{table}"
    seen = {
        "INSERT": "NEW TABLE AS new_rows",
        "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "DELETE": "OLD TABLE AS old_rows",
    }[event]
    return migrations.RunSQL(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE changed bigint[]; BEGIN"
        f" {''.join(work)} RETURN NULL; END $$;"
        f" CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {seen} FOR EACH STATEMENT"
        f" EXECUTE FUNCTION {name}();",
        f"DROP TRIGGER IF EXISTS {name} ON {table}; DROP FUNCTION IF EXISTS {name}();",
    )


def rows_of(table: str, what: str) -> list[migrations.RunSQL]:
    """Triggers for a table whose every row tells something of one service."""
    new, old = "SELECT DISTINCT service_id FROM new_rows", "SELECT DISTINCT service_id FROM old_rows"
    return [
        trigger(table, "INSERT", fill(what, new)),
        trigger(table, "UPDATE", fill(what, f"{new} UNION {old}")),
        trigger(table, "DELETE", fill(what, old)),
    ]


# A project counts as its parent does, two projects deep.
BELOW = f"""
WITH moved AS ({differing("kind", "parent_id")}), below AS (
    SELECT id FROM moved
    UNION SELECT c.id FROM network_organisation c JOIN moved ON c.parent_id = moved.id
    UNION SELECT g.id FROM network_organisation g JOIN network_organisation c ON g.parent_id = c.id
        JOIN moved ON c.parent_id = moved.id
)
SELECT s.id FROM services_service s JOIN below ON s.organisation_id = below.id
UNION SELECT r.service_id FROM services_service_producers r JOIN below ON r.organisation_id = below.id"""
CODES = {
    f"services_{term}": f"SELECT service_id FROM services_service_{relation} WHERE {term}_id IN ({differing('code')})"
    for relation, term in RELATIONS.values()
}
CODES["services_servicetype"] += f" UNION SELECT id FROM services_service WHERE main_type_id IN ({differing('code')})"

TRIGGERS = [
    trigger(
        "services_service", "INSERT",
        fill("facets", "SELECT id FROM new_rows"),
        fill("starts", "SELECT id FROM new_rows WHERE published_at IS NOT NULL"),
    ),
    trigger("services_service", "UPDATE", fill("facets", differing(*FACTS)), fill("starts", differing(*NAMES))),
    trigger(
        "services_service", "DELETE",
        "DELETE FROM services_servicefacets WHERE service_id IN (SELECT id FROM old_rows);"
        " DELETE FROM services_searchstart WHERE service_id IN (SELECT id FROM old_rows);",
    ),
    *rows_of("services_servicetext", "starts"),
    *[
        one
        for relation in (*(relation for relation, _term in RELATIONS.values()), "producers", "municipalities")
        for one in rows_of(f"services_service_{relation}", "facets")
    ],
    trigger("network_organisation", "INSERT", fill("organisations", "SELECT id FROM new_rows")),
    trigger(
        "network_organisation", "UPDATE",
        fill("facets", BELOW), fill("organisations", differing("name", "name_sv", "name_en")),
    ),
    trigger(
        "network_organisation", "DELETE",
        "DELETE FROM services_searchstart WHERE organisation_id IN (SELECT id FROM old_rows);",
    ),
    *[trigger(table, "UPDATE", fill("facets", ids)) for table, ids in CODES.items()],
]  # fmt: skip
NOW = "SELECT services_fill_facets(NULL), services_fill_starts(NULL), services_fill_organisations(NULL)"


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0014_catalogue_version'),
        ('services', '0010_catalogue_version'),
        ('services', '0011_search_triggers'),
        ('services', '0011_services_by_type'),
    ]

    operations = [
        migrations.CreateModel(
            name='ServiceFacets',
            fields=[
                ('service', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='facets', serialize=False, to='services.service', verbose_name='service')),
                ('codes', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None, verbose_name='facts')),
                ('reach', models.SmallIntegerField(verbose_name='how near it comes')),
            ],
            options={
                'verbose_name': 'facts of a service',
                'verbose_name_plural': 'facts of services',
                'default_permissions': (),
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['codes'], name='facets_by_code')],
            },
        ),
        migrations.CreateModel(
            name='SearchCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=100, verbose_name='words')),
                ('day', models.DateField(verbose_name='day')),
                ('count', models.PositiveIntegerField(default=1, verbose_name='times')),
                ('found', models.PositiveIntegerField(help_text='The last time it was asked.', verbose_name='services found')),
                ('step', models.CharField(blank=True, max_length=10, verbose_name='answered by')),
                ('municipality', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='network.municipality', verbose_name='municipality')),
            ],
            options={
                'verbose_name': 'search that was made',
                'verbose_name_plural': 'searches that were made',
                'ordering': ('-day', 'words', 'pk'),
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('words', 'municipality', 'day'), name='words_are_counted_once_a_day', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('words__regex', '[0-9@]'), _negated=True), name='counted_words_have_no_digits_and_no_at')],
            },
        ),
        migrations.CreateModel(
            name='SearchStart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts', models.TextField(db_collation='C', verbose_name='beginning')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='network.organisation', verbose_name='organisation')),
                ('service', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='services.service', verbose_name='service')),
            ],
            options={
                'verbose_name': 'beginning of a name',
                'verbose_name_plural': 'beginnings of names',
                'default_permissions': (),
                'indexes': [models.Index(condition=models.Q(('service__isnull', False)), fields=['starts'], name='starts_of_services'), models.Index(condition=models.Q(('organisation__isnull', False)), fields=['starts'], name='starts_of_organisations')],
                'constraints': [models.CheckConstraint(condition=models.Q(('service__isnull', True), ('organisation__isnull', True), _connector='XOR'), name='a_beginning_is_of_one_name')],
            },
        ),
        migrations.RunSQL(NORMAL + FILL, UNFILL),
        *TRIGGERS,
        WatchTables('services_synonym', 'services_servicewords'),
        migrations.RunSQL(NOW, migrations.RunSQL.noop),
    ]
