-- People who do one role of O*NET, eight to a leader, with estimates of four in five of its skills and of ten others.
CREATE TEMP TABLE wanted AS
SELECT need.skill_id, row_number() OVER (ORDER BY need.skill_id) AS place
FROM roles_role AS role JOIN roles_requirement AS need ON need.version_id = role.version_id
WHERE role.id = :role;
CREATE TEMP TABLE other AS
SELECT skill_id, row_number() OVER (ORDER BY skill_id) AS place
FROM (SELECT DISTINCT skill_id FROM roles_requirement EXCEPT SELECT skill_id FROM wanted) AS rest LIMIT 100;

INSERT INTO people_person (tenant_id, id, subject, display_name, status, manager_id, reports_to_id, org_unit_id,
    role_id, grants, external_ids, sequence)
SELECT :'tenant', pg_temp.person(n), pg_temp.mail(n), pg_temp.full_name(n), 'ACTIVE',
    pg_temp.person(pg_temp.manager(n)), pg_temp.person(pg_temp.manager(n)),
    pg_temp.unit(coalesce(pg_temp.manager(n), 1)), :role, '[]', '[]', 1
FROM generate_series(1, :people) AS n;

INSERT INTO people_org_unit (tenant_id, id, name, type, parent_id, below_id, leader_id, sequence)
SELECT :'tenant', pg_temp.unit(n), pg_temp.unit_name(n), pg_temp.unit_type(n), pg_temp.unit(pg_temp.manager(n)),
    pg_temp.unit(pg_temp.manager(n)), pg_temp.person(n), 1
FROM generate_series(1, pg_temp.manager(:people)) AS n;

INSERT INTO people_org_unit_tree (tenant_id, descendant_id, ancestor_id, depth)
WITH RECURSIVE up(n, above, depth) AS (
    SELECT n, n, 0 FROM generate_series(1, pg_temp.manager(:people)) AS n
    UNION ALL
    SELECT n, pg_temp.manager(above), depth + 1 FROM up WHERE above > 1)
SELECT :'tenant', pg_temp.unit(n), pg_temp.unit(above), depth FROM up;

INSERT INTO people_skill_level (tenant_id, person_id, skill_id, level, mass, variance, interval_low, interval_high,
    confidence, self_level, as_of, half_life_months, rule, contributions, sequence)
SELECT :'tenant', pg_temp.person(n), skill_id, level, 0.7, 0.25, greatest(level - 1, 0), least(level + 1, 5), 0.41,
    NULL, current_date - ((n + place) % 400)::int, 36, 'EVIDENCE_WEIGHTED',
    jsonb_build_array(jsonb_build_object('decay', 1, 'level', level, 'source', 'MANAGER', 'weight', 0.7,
        'occurredOn', current_date, 'assertionId', pg_temp.assertion(n * 200 + place))), 1
FROM (
    SELECT n, skill_id, place, (abs(hashint8(n * 211 + place)) % 5001) / 1000.0::float8 AS level
    FROM generate_series(1, :people) AS n, wanted WHERE (n * 7 + place) % 5 < 4
    UNION ALL
    SELECT n, skill_id, 100 + place, (abs(hashint8(n * 223 + place)) % 5001) / 1000.0::float8
    FROM generate_series(1, :people) AS n, other WHERE place % 10 = n % 10
) AS known;

DROP TABLE wanted, other;
