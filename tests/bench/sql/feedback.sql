INSERT INTO people_person (tenant_id, id, subject, display_name, status, manager_id, placed_under, org_unit_id, grants)
SELECT :'tenant', pg_temp.person(n), pg_temp.mail(n), pg_temp.full_name(n), 'ACTIVE',
    pg_temp.person(pg_temp.manager(n)), pg_temp.person(pg_temp.manager(n)),
    pg_temp.unit(coalesce(pg_temp.manager(n), 1)),
    CASE WHEN n = 2 THEN '[{"role": "HR_PARTNER", "org_unit_id": null}]' ELSE '[]' END::jsonb
FROM generate_series(1, :people) AS n;

INSERT INTO people_org_unit (tenant_id, id, name, parent_id, placed_under, leader_id)
SELECT :'tenant', pg_temp.unit(n), pg_temp.unit_name(n), pg_temp.unit(pg_temp.manager(n)),
    pg_temp.unit(pg_temp.manager(n)), pg_temp.person(n)
FROM generate_series(1, pg_temp.manager(:people)) AS n;

INSERT INTO people_reporting (tenant_id, descendant_id, ancestor_id, depth)
WITH RECURSIVE up(n, above, depth) AS (
    SELECT n, n, 0 FROM generate_series(1, :people) AS n
    UNION ALL
    SELECT n, pg_temp.manager(above), depth + 1 FROM up WHERE above > 1)
SELECT :'tenant', pg_temp.person(n), pg_temp.person(above), depth FROM up;

INSERT INTO people_unit_tree (tenant_id, descendant_id, ancestor_id, depth)
WITH RECURSIVE up(n, above, depth) AS (
    SELECT n, n, 0 FROM generate_series(1, pg_temp.manager(:people)) AS n
    UNION ALL
    SELECT n, pg_temp.manager(above), depth + 1 FROM up WHERE above > 1)
SELECT :'tenant', pg_temp.unit(n), pg_temp.unit(above), depth FROM up;

INSERT INTO checkins_skill_name (tenant_id, id, statement)
SELECT :'tenant', pg_temp.skill(n), pg_temp.statement(n) FROM generate_series(0, 199) AS n;

-- Four a person who has a manager: three that were held and the next one.
INSERT INTO checkins_check_in (tenant_id, id, employee_id, manager_id, previous_id, cadence, scheduled_for, state,
    priorities, goal_refs, employee_notes, manager_notes, employee_seen_at, manager_seen_at, held_at, closed_at,
    created_at, updated_at, version)
SELECT :'tenant', pg_temp.uuid_of('0030', n * 4 + place), pg_temp.person(n), pg_temp.person(pg_temp.manager(n)),
    CASE WHEN place > 0 THEN pg_temp.uuid_of('0030', n * 4 + place - 1) END, 'BIWEEKLY', at,
    CASE WHEN held THEN 'COMPLETED' ELSE 'SCHEDULED' END, '["Keep an hour a week for learning"]', '[]',
    CASE WHEN held THEN 'The new task went well.' END,
    CASE WHEN held THEN 'Hand over the planning next.' END, CASE WHEN held THEN at END, CASE WHEN held THEN at END,
    CASE WHEN held THEN at END, CASE WHEN held THEN at END, at - interval '14 days', at - interval '1 day',
    CASE WHEN held THEN 7 ELSE 2 END
FROM (
    SELECT n, place, place < 3 AS held, current_date - interval '42 days' + place * interval '17 days' AS at
    FROM generate_series(2, :people) AS n, generate_series(0, 3) AS place
) AS planned;

INSERT INTO checkins_agenda_item (tenant_id, id, check_in_id, author_id, text, created_at)
SELECT :'tenant', pg_temp.uuid_of('0031', n * 8 + place), pg_temp.uuid_of('0030', n * 4 + place / 2),
    pg_temp.person(CASE WHEN place % 2 = 0 THEN n ELSE pg_temp.manager(n) END),
    CASE WHEN place % 2 = 0 THEN 'Is your load right?' ELSE 'What would you like to learn next?' END,
    now() - interval '10 days'
FROM generate_series(2, :people) AS n, generate_series(0, 7) AS place;

-- Two that each held check-in took, and six that wait for the next one.
INSERT INTO checkins_change (tenant_id, id, person_id, kind, subject_id, title, from_value, to_value, occurred_at,
    check_in_id)
SELECT :'tenant', pg_temp.uuid_of('0032', n * 12 + place), pg_temp.person(n), 'SKILL_CHANGED', pg_temp.skill(skill),
    pg_temp.statement(skill), CASE WHEN place % 2 = 0 THEN 2.5 END, 3, now() - interval '5 days',
    CASE WHEN place < 6 THEN pg_temp.uuid_of('0030', n * 4 + place / 2) END
FROM (
    SELECT n, place, pg_temp.skill_at(pg_temp.role_of(n), place + n % 7) AS skill
    FROM generate_series(2, :people) AS n, generate_series(0, 11) AS place
) AS changed;
