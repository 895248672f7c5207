create view "planned_{table}" as
select (cast(s.id as bigint) << 32) + f.id as fid, s.id as scenario_id, s.title as scenario,
       f.uid, f.version, f.source_id, f.estimated{fields}, f.geom
from scenario s join "{table}" f on f.scenario_id in (0, s.id)
where not f.gone and not exists (
    select 1 from "{table}" newer
    where newer.scenario_id = s.id and newer.uid = f.uid and newer.id <> f.id);
