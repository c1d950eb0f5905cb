"""Whoever changes a text, a fact or a name leaves a row for each service whose words are to be made anew.

The triggers are the database's own, one a statement: a person at the database, an import and a form leave the same rows
in the transaction of their change. Rows are only added (see `StaleService`).
"""

from django.db import migrations

TEXTS = (
    "name", "summary", "description", "how_to_get", "keywords", "organisation_id", "main_type_id", "no_referral",
    "no_appointment", "anonymous", "free", "intoxicated_ok", "no_diagnosis_excluded", "first_visit", "who_cannot_come",
)  # fmt: skip
RELATIONS = (
    "producers", "further_types", "audiences", "addictions", "stages", "settings", "aims", "components", "channels",
    "languages",
)  # fmt: skip
NAMES = ("name", "name_sv", "name_en")
TERMS = {
    "servicetype": "SELECT id FROM services_service WHERE main_type_id IN ({changed})"
    " UNION SELECT service_id FROM services_service_further_types WHERE servicetype_id IN ({changed})",
    **{
        table: f"SELECT service_id FROM services_service_{relation} WHERE {table}_id IN ({{changed}})"
        for table, relation in (
            ("audience", "audiences"), ("addiction", "addictions"), ("stage", "stages"), ("setting", "settings"),
            ("aim", "aims"), ("component", "components"), ("channel", "channels"), ("language", "languages"),
        )
    },
}  # fmt: skip
ORGANISATION = (
    "SELECT id FROM services_service WHERE organisation_id IN ({changed})"
    " UNION SELECT service_id FROM services_service_producers WHERE organisation_id IN ({changed})"
)
STALE = "INSERT INTO services_staleservice (service_id) "


def differing(columns, changed="new_rows", before="old_rows"):
    """Rows of an update in which one of the columns has another value."""
    new, old = (", ".join(f"{side}.{column}" for column in columns) for side in ("n", "o"))
    return f"SELECT n.id FROM {changed} n JOIN {before} o USING (id) WHERE ({new}) IS DISTINCT FROM ({old})"


def trigger(table, event, body):
    """Function and trigger for one event of one table; both are replaced when they are there."""
    name = f"stale_words_{event.lower()}_{table}"
    seen = {
        "INSERT": "NEW TABLE AS new_rows",
        "UPDATE": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "DELETE": "OLD TABLE AS old_rows",
    }[event]
    return migrations.RunSQL(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NULL; END $$;"
        f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {seen} FOR EACH STATEMENT EXECUTE FUNCTION {name}();",
        f"DROP TRIGGER IF EXISTS {name} ON {table}; DROP FUNCTION IF EXISTS {name}();",
    )


def rows_of(table):
    """Triggers for a table whose every row tells something of one service."""
    return [
        trigger(table, "INSERT", STALE + "SELECT DISTINCT service_id FROM new_rows"),
        trigger(
            table, "UPDATE", STALE + "SELECT service_id FROM new_rows UNION SELECT service_id FROM old_rows"
        ),
        trigger(table, "DELETE", STALE + "SELECT DISTINCT service_id FROM old_rows"),
    ]


RAISE_VERSION = (
    "INSERT INTO services_searchversion (id, number) VALUES (1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)"
    " ON CONFLICT (id) DO UPDATE SET number = greatest(excluded.number, services_searchversion.number + 1)"
)


def raising(table):
    name = f"search_version_{table}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH STATEMENT"
        " EXECUTE FUNCTION search_version();",
        f"DROP TRIGGER IF EXISTS {name} ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("services", "0010_search_words"), ("network", "0013_periodic_work")]

    operations = [
        trigger("services_service", "INSERT", STALE + "SELECT id FROM new_rows"),
        trigger("services_service", "UPDATE", STALE + differing(TEXTS)),
        *rows_of("services_servicetext"),
        *[one for relation in RELATIONS for one in rows_of(f"services_service_{relation}")],
        *[
            trigger(f"services_{table}", "UPDATE", STALE + services.format(changed=differing(NAMES)))
            for table, services in TERMS.items()
        ],
        trigger("network_organisation", "UPDATE", STALE + ORGANISATION.format(changed=differing(NAMES))),
        # What every process remembers of synonyms and of the names of facts and places.
        migrations.RunSQL(
            f"CREATE FUNCTION search_version() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {RAISE_VERSION};"
            " RETURN NULL; END $$;",
            "DROP FUNCTION IF EXISTS search_version();",
        ),
        *[
            raising(table)
            for table in ("services_synonym", "network_municipality", *(f"services_{table}" for table in TERMS))
        ],
        migrations.RunSQL(RAISE_VERSION, migrations.RunSQL.noop),
        # What is there already is indexed by the next search, the worker, or `manage.py reindex`.
        migrations.RunSQL(STALE + "SELECT id FROM services_service", migrations.RunSQL.noop),
    ]
