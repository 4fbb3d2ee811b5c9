INSERT INTO skills_scale (tenant_id, id, name, levels)
SELECT :'tenant', pg_temp.uuid_of('0010', 1), 'Five steps', jsonb_agg(jsonb_build_object(
    'ordinal', n, 'value', n::float8, 'label', 'Step ' || n, 'description', 'What step ' || n || ' looks like.'))
FROM generate_series(1, 5) AS n;

INSERT INTO skills_framework (tenant_id, id, key, title, creator, source, licence, version, status, rule, scale_id,
    sequence)
VALUES (:'tenant', pg_temp.uuid_of('0011', 1), 'bench', 'Framework of the benchmark', 'Waymark', 'LOCAL', 'Apache-2.0',
    '1', 'PUBLISHED', 'EVIDENCE_WEIGHTED', pg_temp.uuid_of('0010', 1), 1);

INSERT INTO skills_skill (tenant_id, id, framework_id, parent_id, code, statement, description, type, half_life_months,
    alignments, sequence)
SELECT :'tenant', pg_temp.skill(n), pg_temp.uuid_of('0011', 1), CASE WHEN n >= 10 THEN pg_temp.skill(n % 10) END,
    'skill-' || n, pg_temp.statement(n), 'Does known tasks of it dependably, and asks when it becomes unfamiliar.',
    'TECHNICAL', pg_temp.half_life(n), '[]', 1
FROM generate_series(0, 199) AS n;

INSERT INTO people_org_unit (tenant_id, id, name, type, parent_id, leader_id, sequence)
SELECT :'tenant', pg_temp.unit(n), pg_temp.unit_name(n), pg_temp.unit_type(n), pg_temp.unit(pg_temp.manager(n)),
    pg_temp.person(n), 1
FROM generate_series(1, pg_temp.manager(:people)) AS n;

INSERT INTO people_person (tenant_id, id, subject, display_name, work_email, status, hire_date, assignment_id,
    manager_id, org_unit_id, role_id, role_title, level, employment_type, assignment_since, sequence)
SELECT :'tenant', pg_temp.person(n), pg_temp.mail(n), pg_temp.full_name(n), pg_temp.mail(n), 'ACTIVE',
    current_date - (400 + n % 3000)::int, pg_temp.uuid_of('0012', n), pg_temp.person(pg_temp.manager(n)),
    pg_temp.unit(coalesce(pg_temp.manager(n), 1)), pg_temp.role(pg_temp.role_of(n)),
    pg_temp.title(pg_temp.role_of(n)), NULL, 'FULL_TIME', current_date - (30 + n % 300)::int, 1
FROM generate_series(1, :people) AS n;

INSERT INTO people_assignment (tenant_id, id, person_id, manager_id, org_unit_id, role_id, role_title, employment_type,
    is_primary, change_reason, valid_from)
SELECT tenant_id, assignment_id, id, manager_id, org_unit_id, role_id, role_title, employment_type, true, 'HIRE',
    assignment_since
FROM people_person;

INSERT INTO people_external_identifier (tenant_id, id, system, type, value, person_id)
SELECT :'tenant', pg_temp.uuid_of('0013', n), 'bench-hris', 'WORKER', 'worker-' || n, pg_temp.person(n)
FROM generate_series(1, :people) AS n;

INSERT INTO people_grant (tenant_id, id, person_id, role, org_unit_id)
VALUES (:'tenant', pg_temp.uuid_of('0014', 1), pg_temp.person(2), 'HR_PARTNER', NULL);

INSERT INTO people_reporting_line (tenant_id, descendant_id, ancestor_id, depth)
WITH RECURSIVE up(n, above, depth) AS (
    SELECT n, n, 0 FROM generate_series(1, :people) AS n
    UNION ALL
    SELECT n, pg_temp.manager(above), depth + 1 FROM up WHERE above > 1)
SELECT :'tenant', pg_temp.person(n), pg_temp.person(above), depth FROM up;

INSERT INTO people_org_tree (tenant_id, descendant_id, ancestor_id, depth)
WITH RECURSIVE up(n, above, depth) AS (
    SELECT n, n, 0 FROM generate_series(1, pg_temp.manager(:people)) AS n
    UNION ALL
    SELECT n, pg_temp.manager(above), depth + 1 FROM up WHERE above > 1)
SELECT :'tenant', pg_temp.unit(n), pg_temp.unit(above), depth FROM up;

INSERT INTO skills_estimate (tenant_id, id, person_id, skill_id, level, mass, variance, interval_low, interval_high,
    confidence, self_level, as_of, half_life_months, rule, engine_version, contributions, sequence)
SELECT :'tenant', pg_temp.uuid_of('0015', n * 30 + place), person_id, skill_id, level, mass, variance, interval_low,
    interval_high, confidence, self_level, current_date, half_life, 'EVIDENCE_WEIGHTED', '1', contributions, 1
FROM pg_temp.estimate;
