INSERT INTO people_person (tenant_id, id, subject, display_name, work_email, status, manager_id, reports_to_id,
    org_unit_id, role_id, role_title, assignment_since, grants, external_ids, sequence)
SELECT :'tenant', pg_temp.person(n), pg_temp.mail(n), pg_temp.full_name(n), pg_temp.mail(n), 'ACTIVE',
    pg_temp.person(pg_temp.manager(n)), pg_temp.person(pg_temp.manager(n)),
    pg_temp.unit(coalesce(pg_temp.manager(n), 1)), pg_temp.role(pg_temp.role_of(n)),
    pg_temp.title(pg_temp.role_of(n)), current_date - (30 + n % 300)::int,
    CASE WHEN n = 2 THEN '[{"role": "HR_PARTNER", "org_unit_id": null}]' ELSE '[]' END::jsonb,
    jsonb_build_array(jsonb_build_object('system', 'bench-hris', 'type', 'WORKER', 'value', 'worker-' || n)), 1
FROM generate_series(1, :people) AS n;

INSERT INTO people_person_identifier (tenant_id, value, system, type, person_id)
SELECT :'tenant', pg_temp.mail(n), 'email', 'WORK', pg_temp.person(n) FROM generate_series(1, :people) AS n
UNION ALL
SELECT :'tenant', 'worker-' || n, 'bench-hris', 'WORKER', pg_temp.person(n) FROM generate_series(1, :people) AS n;

INSERT INTO people_org_unit (tenant_id, id, name, type, parent_id, below_id, leader_id, sequence)
SELECT :'tenant', pg_temp.unit(n), pg_temp.unit_name(n), pg_temp.unit_type(n), pg_temp.unit(pg_temp.manager(n)),
    pg_temp.unit(pg_temp.manager(n)), pg_temp.person(n), 1
FROM generate_series(1, pg_temp.manager(:people)) AS n;

INSERT INTO people_person_tree (tenant_id, descendant_id, ancestor_id, depth)
WITH RECURSIVE up(n, above, depth) AS (
    SELECT n, n, 0 FROM generate_series(1, :people) AS n
    UNION ALL
    SELECT n, pg_temp.manager(above), depth + 1 FROM up WHERE above > 1)
SELECT :'tenant', pg_temp.person(n), pg_temp.person(above), depth FROM up;

INSERT INTO people_org_unit_tree (tenant_id, descendant_id, ancestor_id, depth)
WITH RECURSIVE up(n, above, depth) AS (
    SELECT n, n, 0 FROM generate_series(1, pg_temp.manager(:people)) AS n
    UNION ALL
    SELECT n, pg_temp.manager(above), depth + 1 FROM up WHERE above > 1)
SELECT :'tenant', pg_temp.unit(n), pg_temp.unit(above), depth FROM up;

INSERT INTO people_skill (tenant_id, id, framework_id, framework_key, code, statement, type, parent_id,
    half_life_months, sequence)
SELECT :'tenant', pg_temp.skill(n), pg_temp.uuid_of('0011', 1), 'bench', 'skill-' || n, pg_temp.statement(n),
    'TECHNICAL', CASE WHEN n >= 10 THEN pg_temp.skill(n % 10) END, pg_temp.half_life(n), 1
FROM generate_series(0, 199) AS n;

INSERT INTO people_skill_level (tenant_id, person_id, skill_id, level, mass, variance, interval_low, interval_high,
    confidence, self_level, as_of, half_life_months, rule, contributions, sequence)
SELECT :'tenant', person_id, skill_id, level, mass, variance, interval_low, interval_high, confidence, self_level,
    current_date, half_life, 'EVIDENCE_WEIGHTED', contributions, 1
FROM pg_temp.estimate;

INSERT INTO roles_family (tenant_id, id, catalogue, name)
SELECT :'tenant', pg_temp.uuid_of('0020', n), 'bench', 'Family ' || n FROM generate_series(0, 9) AS n;

INSERT INTO roles_role (tenant_id, id, catalogue, code, family_id, family_name, title, stem, level, track, description,
    experience, credentials, content_hash, version, version_id, published_at)
SELECT :'tenant', pg_temp.role(n), 'bench', 'role-' || n, pg_temp.uuid_of('0020', n % 10), 'Family ' || n % 10,
    pg_temp.title(n), lower(regexp_replace(pg_temp.title(n), ' \d+$', '')), n / 10 + 1, 'INDIVIDUAL_CONTRIBUTOR',
    'Plans and builds what others rely on.', '[]', '[]', sha256(('role-' || n)::bytea), 1,
    pg_temp.uuid_of('0021', n), now()
FROM generate_series(0, 99) AS n;

INSERT INTO roles_version (tenant_id, id, role_id, number, title, family_id, level, track, description, experience,
    credentials, content_hash, valid_from, published_by)
SELECT tenant_id, version_id, id, 1, title, family_id, level, track, description, experience, credentials,
    content_hash, published_at, 'waymark-bench'
FROM roles_role;

INSERT INTO roles_requirement (tenant_id, version_id, skill_id, required_level, importance, mandatory)
SELECT :'tenant', pg_temp.uuid_of('0021', n), pg_temp.skill(pg_temp.skill_at(n, place)), 2 + (n + place) % 3,
    1 + place % 5, place % 6 = 0
FROM generate_series(0, 99) AS n, generate_series(0, 29) AS place
WHERE place < 20 + n % 11;

INSERT INTO goals_goal (tenant_id, id, person_id, title, description, kind, horizon, specific, metric, unit,
    amount_type, start_value, target_value, current_value, rationale, effort_hours, why, alignment, start_on, due_on,
    smart_verdict, weight, priority, visibility, blockers, progress, state, health, proposed_by, activated_by,
    activated_at, evidence, last_update_at, created_by, created_at, updated_at, version)
SELECT :'tenant', pg_temp.uuid_of('0022', n * 5 + place), pg_temp.person(n),
    (ARRAY['Talk with a harbour every week', 'Data that arrives before breakfast', 'Every lead a coach',
        'Cut the waiting time of callers', 'Write so that nobody asks back'])[(n + place) % 5 + 1],
    'Decisions rest on few voices.', 'DEVELOPMENT', 'MEDIUM',
    'Hold twenty conversations with the crews and share the notes with the team.', 'Conversations held',
    'conversations', 'NUMBER', 0, 20, 4 * ((n + place) % 5), 'One conversation a week fits in beside the planning.',
    50, 'We plan the next year for people whom we know.', '[]', current_date - 120, current_date + 60,
    verdict.letters, 1, 1 + place, 'MANAGER', '[]', ((n + place) % 5) * 0.2, 'ACTIVE',
    (ARRAY['ON_TRACK', 'AT_RISK', 'OFF_TRACK'])[(n + place) % 3 + 1], pg_temp.person(n), pg_temp.person(n),
    now() - interval '100 days', '[]', now() - interval '3 days', pg_temp.person(n), now() - interval '110 days',
    now() - interval '3 days', 7
FROM generate_series(1, :people) AS n, generate_series(0, 4) AS place,
    (SELECT jsonb_build_object('passes', true, 'engineVersion', 'smart-1', 'letters', jsonb_agg(jsonb_build_object(
        'letter', letter, 'passed', true, 'verdict', 'PASS', 'reason', 'It says what will be reached.'))) AS letters
     FROM unnest('{S,M,A,R,T}'::text[]) AS letter) AS verdict;

INSERT INTO goals_milestone (tenant_id, id, goal_id, title, due_on, weight, depends_on, state, evidence_ids,
    completed_at, completed_source, created_at)
SELECT :'tenant', pg_temp.uuid_of('0023', n * 20 + place), pg_temp.uuid_of('0022', n * 5 + place / 4),
    (ARRAY['Agree what is wanted', 'Ask the last ten newcomers', 'Check the result with the same crews',
        'Share the notes'])[place % 4 + 1],
    current_date - 60 + 30 * (place % 4)::int, 1,
    CASE WHEN place % 4 = 0 THEN '{}'::uuid[] ELSE ARRAY[pg_temp.uuid_of('0023', n * 20 + place - 1)] END,
    CASE WHEN place % 4 < 2 THEN 'DONE' ELSE 'PENDING' END, '[]',
    CASE WHEN place % 4 < 2 THEN now() - interval '20 days' END, CASE WHEN place % 4 < 2 THEN 'MANUAL' END,
    now() - interval '109 days'
FROM generate_series(1, :people) AS n, generate_series(0, 19) AS place;

INSERT INTO goals_update (tenant_id, id, goal_id, at, progress, source, reported_by, milestone_id)
SELECT :'tenant', pg_temp.uuid_of('0024', n * 5 + place), pg_temp.uuid_of('0022', n * 5 + place),
    now() - interval '20 days', 0.5, 'MANUAL', pg_temp.person(n), pg_temp.uuid_of('0023', n * 20 + place * 4)
FROM generate_series(1, :people) AS n, generate_series(0, 4) AS place;
