"""SQL shared by the rooms' migrations: append-only tables and the history of settings rows."""

FUNCTIONS = """
CREATE SEQUENCE IF NOT EXISTS bihuan_settings_version START 2;
CREATE OR REPLACE FUNCTION bihuan_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE OR REPLACE FUNCTION bihuan_keep_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    key bigint := CASE WHEN TG_OP = 'DELETE' THEN (to_jsonb(OLD)->>'id')::bigint
        ELSE (to_jsonb(NEW)->>'id')::bigint END;
    secret text[] := ARRAY['password', 'digest', 'last_login', 'failed_logins', 'locked_until'];
    old_row jsonb := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) - secret END;
    new_row jsonb := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) - secret END;
BEGIN
    IF old_row IS DISTINCT FROM new_row THEN
        INSERT INTO kernel_settingchange ("table", row_id, version, at, actor_id, before, after)
        SELECT TG_TABLE_NAME, key,
               coalesce((SELECT max(version) FROM kernel_settingchange c
                          WHERE c."table" = TG_TABLE_NAME AND c.row_id = key), 0) + 1,
               clock_timestamp(), nullif(current_setting('bihuan.actor', true), '')::bigint, old_row, new_row;
        -- from a sequence, because a number handed out by an edit that is then rolled back must never come again:
        -- a process that read its snapshot inside that transaction would take the next edit for the one it knows
        INSERT INTO kernel_settingsversion ("table", number)
        VALUES (TG_TABLE_NAME, nextval('bihuan_settings_version'))
        ON CONFLICT ("table") DO UPDATE SET number = excluded.number;
    END IF;
    RETURN NULL;
END $$;
"""


def append_only(table: str) -> str:
    """SQL that refuses UPDATE, DELETE and TRUNCATE on `table`."""
    return f"""
    CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION bihuan_append_only();
    CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION bihuan_append_only();
    """


def keep_history(table: str) -> str:
    """SQL that writes every change of a settings row of `table` (it has an integer `id`) to the history."""
    return f"""
    CREATE TRIGGER {table}_history AFTER INSERT OR UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION bihuan_keep_history();
    """
