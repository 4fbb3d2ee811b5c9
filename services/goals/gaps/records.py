"""What a role asks beside skills, and what somebody's records of experience and credentials hold against it.

Experience. A record counts when it has begun by the day, nobody has objected to it (DECLARED or VERIFIED), and it is of
the kind that is asked for (`rules.EXPERIENCE_KINDS`; any other word is looked for in its title), with a team as large
as asked. Days that several records share count once, and a day counts whole whatever the hours of its week:

    spans        = the union of [startedOn, endedOn], cut at the day of the gap
    wholeMonths  = over the spans, the calendar months that fit in;   days = the days that are left over
    months       = rounded(wholeMonths + days / DAYS_A_MONTH);        verifiedMonths the same over VERIFIED records
    missing      = rounded(max(0, minMonths - months))

MET: verifiedMonths reach minMonths. UNVERIFIED: months do, with what is only declared. PARTLY: some do. MISSING: none.

Credentials. One counts by its name, and its issuer where one is asked for, whatever the case; it is valid from its
issue until the day before it expires or is taken back. MET: a valid one is verified. UNVERIFIED: it is only declared.
Else MISSING.

Both are the copies as they are known now, also in a gap of a past day.
"""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB

from services.goals.gaps import rules
from services.goals.roles.models import RoleVersion

EXPERIENCE, CREDENTIALS = "wanted_experience", "wanted_credentials"
"""Columns of a gap against a list that is no role's."""


class Asked(NamedTuple):
    """Whose records against what (JSON arrays as in a role's version), on which day."""

    person_id: ColumnElement[Any]
    as_of: ColumnElement[Any]
    experience: ColumnElement[Any]
    credentials: ColumnElement[Any]


def of_gap(gap: Any) -> Asked:
    """Of a row of the gap: what it brings along itself (`custom`), else what the version of the role asks."""
    if EXPERIENCE in gap:
        return Asked(gap.person_id, gap.as_of, gap[EXPERIENCE], gap[CREDENTIALS])
    rows: FromClause = gap.person_id.table

    def wanted(column: Any) -> ColumnElement[Any]:
        found = select(column).where(RoleVersion.id == gap.role_version_id).correlate(rows)
        return found.scalar_subquery()

    return Asked(
        gap.person_id, gap.as_of, wanted(RoleVersion.experience), wanted(RoleVersion.credentials)
    )


def experience_gaps(asked: Asked) -> ColumnElement[Any]:
    return _evaluated(_EXPERIENCE, asked, asked.experience)


def credential_gaps(asked: Asked) -> ColumnElement[Any]:
    return _evaluated(_CREDENTIALS, asked, asked.credentials)


def _evaluated(text: str, asked: Asked, wanted: ColumnElement[Any]) -> ColumnElement[Any]:
    """The text reads `asked`: one row with the person, the day and what is wanted."""
    rows = [each.table for each in (asked.person_id, asked.as_of) if _column(each)]
    given = select(
        asked.person_id.label("person_id"), asked.as_of.label("as_of"), wanted.label("wanted")
    )
    row = given.correlate(*rows).lateral("asked") if rows else given.subquery("asked")
    found = select(literal_column(f"({text})", JSONB())).select_from(row)
    return (found.correlate(*rows) if rows else found).scalar_subquery()


def _column(expression: Any) -> bool:
    return getattr(expression, "table", None) is not None


def _words(words: Any) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


def _rounded(expression: str) -> str:
    return f"round(({expression}) * {rules.SCALE!r}::float8) / {rules.SCALE!r}::float8"


_KIND = "upper(translate(btrim(want.value ->> 'type'), ' -', '__'))"
_MONTHS = f"{rules.DAYS_A_MONTH!r}::float8"

_EXPERIENCE = f"""
SELECT coalesce(jsonb_agg(jsonb_build_object(
    'type', want.value ->> 'type', 'text', want.value ->> 'text', 'minMonths', need.months,
    'minTeamSize', need.team, 'mandatory', need.mandatory, 'months', reached.months,
    'verifiedMonths', reached.verified_months,
    'missingMonths', {_rounded("greatest(0::float8, need.months - reached.months)")},
    'status', CASE
        WHEN counted.any_verified AND reached.verified_months >= need.months THEN 'MET'
        WHEN counted.records IS NOT NULL AND reached.months >= need.months THEN 'UNVERIFIED'
        WHEN reached.months > 0 THEN 'PARTLY' ELSE 'MISSING' END,
    'trace', jsonb_build_object(
        'matchedBy', need.matched_by, 'wholeMonths', spent.whole, 'days', spent.days,
        'verifiedWholeMonths', spent.verified_whole, 'verifiedDays', spent.verified_days,
        'records', coalesce(counted.records, '[]'))
    ) ORDER BY want.place), '[]')
FROM jsonb_array_elements(asked.wanted) WITH ORDINALITY AS want(value, place)
CROSS JOIN LATERAL (
    SELECT (want.value ->> 'minMonths')::int AS months, (want.value ->> 'minTeamSize')::int AS team,
           coalesce((want.value ->> 'mandatory')::boolean, false) AS mandatory, {_KIND} AS kind,
           CASE WHEN {_KIND} IN ({_words(rules.EXPERIENCE_KINDS)}) THEN 'TYPE'
                WHEN {_KIND} IN ({_words(rules.ANY_WORK)}) THEN 'WORK'
                WHEN {_KIND} IN ({_words(rules.LEADING)}) THEN 'LEADING'
                ELSE 'TITLE' END AS matched_by
) AS need
CROSS JOIN LATERAL (
    SELECT range_agg(span) AS spans, range_agg(span) FILTER (WHERE verified) AS verified_spans,
           coalesce(bool_or(verified), false) AS any_verified,
           jsonb_agg(jsonb_build_object(
               'recordId', id, 'type', type, 'title', title, 'organisation', organisation,
               'startedOn', started_on, 'endedOn', ended_on, 'hoursPerWeek', hours_per_week,
               'teamSizeLed', team_size_led, 'verification', verification
           ) ORDER BY started_on, id) AS records
    FROM (
        SELECT done.*, done.verification = 'VERIFIED' AS verified,
               daterange(done.started_on, least(done.ended_on, asked.as_of) + 1) AS span
        FROM people_experience AS done
        WHERE done.person_id = asked.person_id AND done.started_on <= asked.as_of
          AND coalesce(done.ended_on, asked.as_of) >= done.started_on
          AND done.verification IN ('DECLARED', 'VERIFIED')
          AND (need.team IS NULL OR done.team_size_led >= need.team)
          AND CASE need.matched_by
              WHEN 'TYPE' THEN done.type = need.kind
                  OR (need.kind = 'EMPLOYMENT' AND done.type = 'PART_TIME')
              WHEN 'WORK' THEN done.type NOT IN ({_words(rules.NOT_WORK)})
              WHEN 'LEADING' THEN done.type NOT IN ({_words(rules.NOT_WORK)}) AND done.team_size_led >= 1
              ELSE strpos(lower(done.title), lower(btrim(want.value ->> 'type'))) > 0 END
    ) AS fitting
) AS counted
CROSS JOIN LATERAL (
    SELECT coalesce(sum(whole) FILTER (WHERE NOT verified), 0)::int AS whole,
           coalesce(sum(days) FILTER (WHERE NOT verified), 0)::int AS days,
           coalesce(sum(whole) FILTER (WHERE verified), 0)::int AS verified_whole,
           coalesce(sum(days) FILTER (WHERE verified), 0)::int AS verified_days
    FROM (
        SELECT verified, fits.whole,
               upper(span) - (lower(span) + make_interval(months => fits.whole))::date AS days
        FROM (VALUES (false, counted.spans), (true, counted.verified_spans)) AS each(verified, spans)
        CROSS JOIN LATERAL unnest(each.spans) AS span
        CROSS JOIN LATERAL (
            SELECT ((extract(year FROM upper(span)) - extract(year FROM lower(span))) * 12
                    + extract(month FROM upper(span)) - extract(month FROM lower(span)))::int
                   - (extract(day FROM upper(span)) < extract(day FROM lower(span)))::int AS whole
        ) AS fits
    ) AS stretch
) AS spent
CROSS JOIN LATERAL (
    SELECT {_rounded(f"spent.whole + spent.days / {_MONTHS}")} AS months,
           {_rounded(f"spent.verified_whole + spent.verified_days / {_MONTHS}")} AS verified_months
) AS reached
"""  # noqa: S608 - constants of this module

_CREDENTIALS = """
SELECT coalesce(jsonb_agg(jsonb_build_object(
    'name', want.value ->> 'name', 'issuer', want.value ->> 'issuer',
    'mandatory', coalesce((want.value ->> 'mandatory')::boolean, false),
    'status', CASE WHEN held.verified THEN 'MET' WHEN held.declared THEN 'UNVERIFIED' ELSE 'MISSING' END,
    'expiresOn', held.expires_on, 'trace', jsonb_build_object('records', coalesce(held.records, '[]'))
    ) ORDER BY want.place), '[]')
FROM jsonb_array_elements(asked.wanted) WITH ORDINALITY AS want(value, place)
CROSS JOIN LATERAL (
    SELECT bool_or(stands = 'VALID' AND verification <> 'DECLARED') AS verified,
           bool_or(stands = 'VALID') AS declared,
           CASE WHEN bool_or(stands = 'VALID' AND expires_on IS NULL AND verification <> 'DECLARED') THEN NULL
                ELSE coalesce(max(expires_on) FILTER (WHERE stands = 'VALID' AND verification <> 'DECLARED'),
                              max(expires_on) FILTER (WHERE stands = 'VALID')) END AS expires_on,
           jsonb_agg(jsonb_build_object(
               'credentialId', id, 'name', name, 'issuer', issuer, 'issuedOn', issued_on,
               'expiresOn', expires_on, 'revokedOn', revoked_on, 'verification', verification,
               'stands', stands
           ) ORDER BY issued_on NULLS FIRST, id) AS records
    FROM (
        SELECT had.*, CASE
            WHEN had.verification = 'REVOKED' AND coalesce(had.revoked_on <= asked.as_of, true) THEN 'REVOKED'
            WHEN had.expires_on <= asked.as_of THEN 'EXPIRED'
            ELSE 'VALID' END AS stands
        FROM people_credential AS had
        WHERE had.person_id = asked.person_id AND had.verification <> 'NONE'
          AND coalesce(had.issued_on <= asked.as_of, true)
          AND lower(btrim(had.name)) = lower(btrim(want.value ->> 'name'))
          AND (want.value ->> 'issuer' IS NULL
               OR lower(btrim(had.issuer)) = lower(btrim(want.value ->> 'issuer')))
    ) AS fitting
) AS held
"""
