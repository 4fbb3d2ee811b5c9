"""What PostgreSQL's catalogue says of a database: one line a fact, so that two schemas compare as sets."""

import asyncpg

FACTS = {
    "schema": """
        SELECT n.nspname, pg_get_userbyid(n.nspowner), pg_get_userbyid(g.grantee), g.privilege_type
        FROM pg_namespace n, aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) g
        WHERE n.nspname = ANY($1) AND n.nspname <> 'public'
    """,
    "table": """
        SELECT c.oid::regclass, c.relkind, pg_get_userbyid(c.relowner), c.relrowsecurity,
               c.relforcerowsecurity, c.reloptions
        FROM pg_class c WHERE c.relnamespace::regnamespace::text = ANY($1)
    """,
    "column": """
        SELECT c.oid::regclass, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
               a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace::regnamespace::text = ANY($1) AND NOT a.attisdropped
    """,
    "index": "SELECT indexdef FROM pg_indexes WHERE schemaname = ANY($1)",
    "constraint": """
        SELECT conrelid::regclass, conname, contype, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace::regnamespace::text = ANY($1)
    """,
    "policy": "SELECT * FROM pg_policies WHERE schemaname = ANY($1)",
    "grant": """
        SELECT c.oid::regclass, pg_get_userbyid(g.grantee), g.privilege_type, g.is_grantable
        FROM pg_class c, aclexplode(c.relacl) g
        WHERE c.relnamespace::regnamespace::text = ANY($1)
    """,
    "function": """
        SELECT p.oid::regprocedure, md5(p.prosrc)
        FROM pg_proc p WHERE p.pronamespace::regnamespace::text = ANY($1)
    """,
}
ALEMBIC = "alembic_version"

Facts = set[str]


async def facts(url: str) -> Facts:
    """All that migrations make; not Alembic's own table, nor who may use `public`: that comes with the database."""
    connection = await asyncpg.connect(url)
    try:
        schemas = [row["name"] for row in await connection.fetch(SCHEMAS)]
        found = {
            f"{kind}: {row['fact']}"
            for kind, statement in FACTS.items()
            for row in await connection.fetch(
                f"SELECT fact::text AS fact FROM ({statement}) AS fact", schemas
            )
        }
    finally:
        await connection.close()
    return {fact for fact in found if ALEMBIC not in fact}


SCHEMAS = """
    SELECT nspname::text AS name FROM pg_namespace
    WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
"""
