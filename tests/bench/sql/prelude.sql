-- Foreign keys are not checked row by row: what is written is consistent by construction.
SET session_replication_role = replica;
SET synchronous_commit = off;

CREATE FUNCTION pg_temp.uuid_of(kind text, n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS
$$ SELECT ('01a2' || kind || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;

CREATE FUNCTION pg_temp.person(n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS
$$ SELECT pg_temp.uuid_of('0001', n) $$;

CREATE FUNCTION pg_temp.unit(n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS
$$ SELECT pg_temp.uuid_of('0002', n) $$;

CREATE FUNCTION pg_temp.skill(n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS
$$ SELECT pg_temp.uuid_of('0003', n) $$;

CREATE FUNCTION pg_temp.role(n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS
$$ SELECT pg_temp.uuid_of('0004', n) $$;

CREATE FUNCTION pg_temp.assertion(n bigint) RETURNS uuid IMMUTABLE LANGUAGE sql AS
$$ SELECT pg_temp.uuid_of('0005', n) $$;

-- Person 1 leads 2 to 9, person 2 leads 10 to 17, and so on; each leader leads a unit of the same number.
CREATE FUNCTION pg_temp.manager(n bigint) RETURNS bigint IMMUTABLE LANGUAGE sql AS
$$ SELECT CASE WHEN n > 1 THEN (n - 2) / 8 + 1 END $$;

CREATE FUNCTION pg_temp.given_name(n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS
$$ SELECT ('{Amara,Bruno,Camille,Dario,Elena,Farid,Greta,Hugo,Ingrid,Jonas,Kaveh,Leila,Mateo,Nils,Oksana,
    Priya,Quentin,Rosa,Stellan,Tomoko,Ulla,Vera,Wanjiru,Xenia,Yuto,Zofia}'::text[])[n % 26 + 1] $$;

CREATE FUNCTION pg_temp.family_name(n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS
$$ SELECT ('{Abara,Bianchi,Castellanos,Drewniak,Eklund,Ferreira,Gustafsson,Hussain,Ivanov,Jansen,Kowalski,
    Lindqvist,Mbeki,Nakamura,Ortiz,Petrov,Quispe,Rossi,Sato,Tanaka,Usman,Vargas,Weber,Yilmaz,Zhang}'::text[])
    [(n / 26 + n) % 25 + 1] $$;

CREATE FUNCTION pg_temp.full_name(n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS
$$ SELECT pg_temp.given_name(n) || ' ' || pg_temp.family_name(n) $$;

CREATE FUNCTION pg_temp.mail(n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS
$$ SELECT lower(pg_temp.given_name(n) || '.' || pg_temp.family_name(n)) || '.' || n || '@example.org' $$;

CREATE FUNCTION pg_temp.title(role bigint) RETURNS text IMMUTABLE LANGUAGE sql AS
$$ SELECT ('{Software engineer,Data analyst,Product designer,Account executive,Support specialist,People partner,
    Harbour planner,Finance controller,Site reliability engineer,Research scientist}'::text[])[role % 10 + 1]
    || ' ' || (role / 10 + 1) $$;

CREATE FUNCTION pg_temp.statement(skill bigint) RETURNS text IMMUTABLE LANGUAGE sql AS
$$ SELECT ('{Clear writing,Statistical reasoning,Facilitating a meeting,Reading a balance sheet,Testing software,
    Interviewing users,Negotiating,Modelling data,Coaching,Planning the workforce}'::text[])[skill % 10 + 1]
    || ', part ' || (skill / 10 + 1) $$;

CREATE FUNCTION pg_temp.unit_name(n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS
$$ SELECT CASE WHEN n = 1 THEN 'The company'
    ELSE ('{Sales,Support,Design,Data,Platform,Finance,Research,Harbours}'::text[])[n % 8 + 1] || ' ' || n END $$;

CREATE FUNCTION pg_temp.unit_type(n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS
$$ SELECT CASE WHEN n = 1 THEN 'COMPANY' WHEN n <= 9 THEN 'DIVISION' WHEN n <= 73 THEN 'DEPARTMENT' ELSE 'TEAM' END $$;

-- Both copies of an estimate: every fifth skill has the person's own word only, every tenth two testimonies.
CREATE FUNCTION pg_temp.level_of(person bigint, place bigint) RETURNS float8 IMMUTABLE LANGUAGE sql AS
$$ SELECT CASE WHEN place % 5 < 4 THEN (10 + (person * 7 + place * 3) % 9 * 5) / 10.0::float8 END $$;

CREATE FUNCTION pg_temp.age_of(person bigint, place bigint) RETURNS int IMMUTABLE LANGUAGE sql AS
$$ SELECT (20 + (person * 13 + place * 29) % 600)::int $$;

CREATE FUNCTION pg_temp.decay(days int, half_life int) RETURNS float8 IMMUTABLE LANGUAGE sql AS
$$ SELECT power(0.5::float8, days / (30.4375::float8 * half_life)) $$;

CREATE FUNCTION pg_temp.half_life(skill bigint) RETURNS int IMMUTABLE LANGUAGE sql AS
$$ SELECT (ARRAY[24, 36, 48, 60])[skill % 4 + 1] $$;

-- The 30 skills of a person and the 20 to 30 of a role overlap, as they do where people work in their roles.
CREATE FUNCTION pg_temp.role_of(person bigint) RETURNS bigint IMMUTABLE LANGUAGE sql AS
$$ SELECT person % 100 $$;

CREATE FUNCTION pg_temp.skill_at(role bigint, place bigint) RETURNS bigint IMMUTABLE LANGUAGE sql AS
$$ SELECT (role * 11 + place * 13) % 200 $$;

CREATE VIEW pg_temp.estimate AS
SELECT *, mass / (mass + 1) AS confidence,
    greatest(level - 1.64 * sqrt(variance / (mass + 1e-6)), 0) AS interval_low,
    least(level + 1.64 * sqrt(variance / (mass + 1e-6)), 5) AS interval_high
FROM (
    SELECT n, place, pg_temp.person(n) AS person_id, skill AS skill_number, pg_temp.skill(skill) AS skill_id, level,
        CASE WHEN level IS NULL THEN 0 ELSE (0.7 + testimony * 0.5) * decay END::float8 AS mass,
        CASE WHEN level IS NOT NULL THEN 0.25::float8 END AS variance,
        CASE WHEN place % 5 = 4 OR place % 3 = 0 THEN (2 + n % 3)::float8 END AS self_level,
        half_life,
        CASE WHEN level IS NULL THEN '[]'::jsonb
            WHEN testimony = 0 THEN jsonb_build_array(manager_said)
            ELSE jsonb_build_array(manager_said, manager_said || jsonb_build_object(
                'source', 'PEER', 'weight', 0.5, 'assertionId', pg_temp.assertion(n * 60 + place + 30)))
        END AS contributions
    FROM (
        SELECT *, jsonb_build_object('decay', decay, 'level', level, 'source', 'MANAGER', 'weight', 0.7,
            'occurredOn', current_date - age, 'assertionId', pg_temp.assertion(n * 60 + place)) AS manager_said
        FROM (
            SELECT n, place, skill, level, age, half_life, (place % 10 = 0)::int AS testimony,
                pg_temp.decay(age, half_life) AS decay
            FROM (
                SELECT n, place, skill, pg_temp.level_of(n, place) AS level, pg_temp.age_of(n, place) AS age,
                    pg_temp.half_life(skill) AS half_life
                FROM (
                    SELECT n, place, pg_temp.skill_at(pg_temp.role_of(n), place + n % 7) AS skill
                    FROM generate_series(1, :people) AS n, generate_series(0, 29) AS place
                ) AS had
            ) AS told
        ) AS aged
    ) AS said
) AS weighed;
