"""What a worker says to `queue.job`. Every change of a taken job names its holder: a lost lease changes nothing."""

from sqlalchemy import text

# The oldest due jobs of each lane, but of one tenant no more than its share: the rest of its slots stay for others.
TAKE = text(
    """
    WITH lane AS (
        SELECT * FROM jsonb_to_recordset(CAST(:lanes AS jsonb))
            AS lane(name text, room integer, share integer, held jsonb, full_up uuid[])
    ), candidate AS (
        SELECT lane.name, lane.room, lane.share, lane.held, job.*
        FROM lane CROSS JOIN LATERAL (
            SELECT id, tenant_id, due_at FROM queue.job AS job
            WHERE job.name = lane.name AND job.failed_at IS NULL AND job.due_at <= now()
              AND (job.tenant_id IS NULL OR job.tenant_id <> ALL (lane.full_up))
            ORDER BY job.due_at, job.id LIMIT 4 * lane.room
        ) AS job
    ), fair AS (
        SELECT id, room, row_number() OVER (PARTITION BY name ORDER BY due_at, id) AS place
        FROM (SELECT *, row_number() OVER (PARTITION BY name, tenant_id ORDER BY due_at, id) AS turn
              FROM candidate) AS candidate
        WHERE tenant_id IS NULL OR turn + coalesce((held ->> tenant_id::text)::integer, 0) <= share
    ), due AS MATERIALIZED (
        SELECT job.id FROM queue.job AS job
        WHERE job.id IN (SELECT id FROM fair WHERE place <= room)
          AND job.failed_at IS NULL AND job.due_at <= now()
        FOR UPDATE SKIP LOCKED
    )
    UPDATE queue.job AS job SET holder = :holder, attempts = attempts + 1, due_at = now() + :lease
    FROM due WHERE job.id = due.id
    RETURNING job.id, job.name, job.tenant_id, job.arguments, job.attempts
    """
)

FINISH = text("DELETE FROM queue.job WHERE id = ANY(:ids) AND holder = :holder")

RENEW = text(
    "UPDATE queue.job SET due_at = now() + :lease WHERE id = ANY(:ids) AND holder = :holder"
)

RETRY = text(
    """
    UPDATE queue.job SET holder = NULL, due_at = now() + :delay, reason = :reason
    WHERE id = ANY(:ids) AND holder = :holder
    """
)

POSTPONE = text(
    """
    UPDATE queue.job
    SET holder = NULL, attempts = 0, reason = NULL, due_at = now() + :delay, wanted_at = now() + :delay
    WHERE id = ANY(:ids) AND holder = :holder
    """
)

GIVE_UP = text(
    """
    UPDATE queue.job SET holder = NULL, failed_at = now(), reason = :reason
    WHERE id = ANY(:ids) AND holder = :holder
    """
)

GIVE_BACK = text(
    """
    UPDATE queue.job SET holder = NULL, attempts = GREATEST(attempts - 1, 1), due_at = now()
    WHERE holder = :holder
    """
)

PLAN = text(
    """
    INSERT INTO queue.job AS job (id, name, arguments, due_at, wanted_at)
    VALUES (:id, :name, '{}', now() + :delay, now() + :delay)
    ON CONFLICT (id) DO UPDATE
    SET due_at = excluded.due_at, wanted_at = excluded.wanted_at
    WHERE job.holder IS NULL AND job.due_at > excluded.due_at
    """
)
