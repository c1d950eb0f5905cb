from django.db import migrations

from network.triggers import WatchTables

FORGET = "DROP TRIGGER IF EXISTS catalogue_changed ON meetings_meeting"
# Hundreds register for a webinar one by one: only who was there is told on an open page.
ATTENDANCE = """
CREATE OR REPLACE FUNCTION attendance_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added WHERE attendance <> '') THEN
        INSERT INTO network_cataloguechange (mark) VALUES ((random() * 9007199254740992)::bigint);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER catalogue_changed AFTER UPDATE OF attendance, meeting_id OR DELETE OR TRUNCATE ON meetings_participation
    FOR EACH STATEMENT EXECUTE FUNCTION catalogue_changed();
CREATE TRIGGER attendance_added AFTER INSERT ON meetings_participation REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION attendance_added();
"""
NO_ATTENDANCE = """
DROP TRIGGER IF EXISTS catalogue_changed ON meetings_participation;
DROP TRIGGER IF EXISTS attendance_added ON meetings_participation;
DROP FUNCTION IF EXISTS attendance_added();
"""


class Migration(migrations.Migration):
    """The archive and the pages of public meetings are kept for visitors: what they show changes the catalogue's number."""

    dependencies = [
        ('meetings', '0003_bulletins_to_groups'),
        ('network', '0014_catalogue_version'),
    ]

    operations = [
        # Of a meeting more columns than the front page shows.
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        WatchTables(
            'meetings_meeting',
            columns=(
                'title', 'description', 'kind', 'form', 'precision', 'starts_at', 'ends_at', 'first_day', 'last_day', 'time_text',
                'municipality_id', 'is_public', 'published_at', 'cancelled_at', 'cancel_reason', 'group_id', 'venue', 'address',
                'accessibility', 'catering', 'travel', 'audience', 'open_to_non_members', 'capacity', 'registration_until',
                'proposals_until', 'headcount', 'decision_makers', 'experts', 'source',
            ),
        ),
        WatchTables(
            'meetings_group',
            columns=('name', 'name_sv', 'name_en', 'slug', 'is_public'),
        ),
        WatchTables(
            'meetings_agendaitem',
            columns=(
                'meeting_id', 'status', 'position', 'kind', 'title', 'description', 'minutes', 'presenter', 'organisation_id',
                'publicity', 'ground', 'link', 'carried_from_id',
            ),
        ),
        WatchTables(
            'meetings_meetingguest',
            columns=('meeting_id', 'name', 'organisation', 'role', 'topic', 'name_may_be_published', 'slides_may_be_published'),
        ),
        WatchTables(
            'meetings_minutes',
            columns=('status', 'number'),
        ),
        WatchTables(
            'meetings_meetingtheme', 'meetings_meeting_themes', 'meetings_meetingsession', 'meetings_headcount',
            'meetings_workshoptable', 'meetings_attachment', 'meetings_agendaitem_services', 'meetings_agendaitem_organisations',
        ),
        migrations.RunSQL(ATTENDANCE, NO_ATTENDANCE),
    ]
