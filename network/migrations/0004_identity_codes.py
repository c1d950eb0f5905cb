from django.db import migrations

# The rule of network/guards.py as it was when this was written; a test compares the two.
MAKE = """
CREATE OR REPLACE FUNCTION holds_identity_code(typed text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT EXISTS (
        SELECT FROM regexp_matches(
            normalize(typed, NFKC),
            '(?<![0-9])'
            '((?:0[1-9]|1[0-9]|2[0-9])(?:0[1-9]|1[0-2])[0-9]{2}|30(?:0[13-9]|1[0-2])[0-9]{2}|31(?:0[13578]|1[02])[0-9]{2})'
            ' ?[-+‐‒–—−A-FU-Y] ?'
            '([0-9]{3})'
            '([0-9](?![0-9])|[A-FHJ-NPR-Y])',
            'gi'
        ) AS found
        WHERE substr('0123456789ABCDEFHJKLMNPRSTUVWXY', (found[1] || found[2])::integer % 31 + 1, 1) = upper(found[3])
    )
$$
"""


class Migration(migrations.Migration):
    dependencies = [("network", "0003_messages")]

    operations = [migrations.RunSQL(MAKE, "DROP FUNCTION holds_identity_code(text)")]
