insert into gpkg_extensions values ('{table}', 'geom', 'gpkg_rtree_index',
    'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

create virtual table "rtree_{table}_geom" using rtree(id, minx, maxx, miny, maxy);

create trigger "rtree_{table}_geom_insert" after insert on "{table}"
when (new.geom not null and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_{table}_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

create trigger "rtree_{table}_geom_update1" after update of geom on "{table}"
when old.id = new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_{table}_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

create trigger "rtree_{table}_geom_update2" after update of geom on "{table}"
when old.id = new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_{table}_geom" where id = old.id; end;

create trigger "rtree_{table}_geom_update3" after update on "{table}"
when old.id != new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin delete from "rtree_{table}_geom" where id = old.id;
insert or replace into "rtree_{table}_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

create trigger "rtree_{table}_geom_update4" after update on "{table}"
when old.id != new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_{table}_geom" where id in (old.id, new.id); end;

create trigger "rtree_{table}_geom_delete" after delete on "{table}"
when old.geom not null
begin delete from "rtree_{table}_geom" where id = old.id; end;
