"""Squares of the map in the database: the same rules as `cases.cells`."""

from django.db import migrations

SQL = """
CREATE OR REPLACE FUNCTION bihuan_wgs84(lat double precision, lon double precision, datum text)
RETURNS double precision[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    a CONSTANT double precision := 6378245.0;
    e CONSTANT double precision := 0.00669342162296594323;
    baidu CONSTANT double precision := pi() * 3000.0 / 180.0;
    x double precision; y double precision; far double precision; turn double precision;
    waves double precision; north double precision; east double precision; rad double precision; bent double precision;
BEGIN
    IF lat IS NULL OR lon IS NULL THEN
        RETURN NULL;
    END IF;
    IF datum = 'bd09' THEN
        x := lon - 0.0065; y := lat - 0.006;
        far := sqrt(x * x + y * y) - 0.00002 * sin(y * baidu);
        turn := atan2(y, x) - 0.000003 * cos(x * baidu);
        lat := far * sin(turn); lon := far * cos(turn);
    END IF;
    IF datum NOT IN ('bd09', 'gcj02') OR NOT (lon BETWEEN 72.004 AND 137.8347 AND lat BETWEEN 0.8293 AND 55.8271) THEN
        RETURN ARRAY[lat, lon];
    END IF;
    x := lon - 105.0; y := lat - 35.0;
    waves := (20.0 * sin(6.0 * x * pi()) + 20.0 * sin(2.0 * x * pi())) * 2.0 / 3.0;
    north := -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
        + (20.0 * sin(y * pi()) + 40.0 * sin(y / 3.0 * pi())) * 2.0 / 3.0
        + (160.0 * sin(y / 12.0 * pi()) + 320.0 * sin(y * pi() / 30.0)) * 2.0 / 3.0;
    east := 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
        + (20.0 * sin(x * pi()) + 40.0 * sin(x / 3.0 * pi())) * 2.0 / 3.0
        + (150.0 * sin(x / 12.0 * pi()) + 300.0 * sin(x / 30.0 * pi())) * 2.0 / 3.0;
    rad := lat / 180.0 * pi();
    bent := 1.0 - e * sin(rad) ^ 2;
    RETURN ARRAY[
        lat - north * 180.0 / (a * (1.0 - e) / (bent * sqrt(bent)) * pi()),
        lon - east * 180.0 / (a / sqrt(bent) * cos(rad) * pi())
    ];
END $$;

CREATE OR REPLACE FUNCTION bihuan_cell(lat double precision, lon double precision, datum text, n integer)
RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    spot double precision[] := bihuan_wgs84(lat, lon, datum);
BEGIN
    RETURN n || '.' || floor(spot[1] * n)::integer || '.' || floor(spot[2] * n)::integer;
END $$;
"""
UNDO = """
DROP FUNCTION bihuan_cell(double precision, double precision, text, integer);
DROP FUNCTION bihuan_wgs84(double precision, double precision, text);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_helping")]
    operations = [migrations.RunSQL(SQL, UNDO)]
