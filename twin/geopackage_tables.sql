CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE brought_layer (
	name TEXT NOT NULL,
	title TEXT NOT NULL,
	columns TEXT NOT NULL,
	PRIMARY KEY (name)
);

CREATE TABLE city (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	srid INTEGER NOT NULL,
	longitude DOUBLE NOT NULL,
	latitude DOUBLE NOT NULL,
	state TEXT,
	PRIMARY KEY (id)
);

CREATE TABLE scenario (
	id INTEGER NOT NULL,
	title TEXT NOT NULL, description text not null default '', state text not null default 'draft', project_id integer references project (id), parent_id integer references scenario (id), made_by integer references person (id), made_at DATETIME, published_at DATETIME,
	PRIMARY KEY (id)
);

CREATE TABLE source (
	id INTEGER NOT NULL,
	path TEXT NOT NULL,
	kind TEXT NOT NULL,
	layer TEXT NOT NULL,
	crs TEXT,
	delivered DATE,
	read_at DATETIME NOT NULL,
	licence TEXT,
	notes TEXT,
	PRIMARY KEY (id)
);

CREATE TABLE blocks (
	number TEXT,
	name TEXT,
	inhabitants INTEGER,
	inhabitants_0_5 INTEGER,
	inhabitants_6_17 INTEGER,
	inhabitants_18_64 INTEGER,
	inhabitants_65_79 INTEGER,
	inhabitants_80 INTEGER,
	households INTEGER,
	dwellings INTEGER,
	empty_dwellings INTEGER,
	id INTEGER NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom GEOMETRY NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE buildings (
	name TEXT,
	address TEXT,
	function TEXT,
	use TEXT,
	storeys INTEGER,
	storeys_below INTEGER,
	height DOUBLE,
	eaves_height DOUBLE,
	base_height DOUBLE,
	roof_type TEXT,
	roof_pitch DOUBLE,
	year INTEGER,
	dwellings INTEGER,
	parts INTEGER,
	surfaces BLOB,
	surface_kinds TEXT,
	id INTEGER NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom GEOMETRY NOT NULL, storey_height DOUBLE, storey_uses TEXT, condition TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE facilities (
	name TEXT,
	kind TEXT,
	detail TEXT,
	operator TEXT,
	address TEXT,
	places INTEGER,
	opening_hours TEXT,
	id INTEGER NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom GEOMETRY NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE lines (
	number TEXT,
	name TEXT,
	kind TEXT,
	operator TEXT,
	color TEXT,
	trips INTEGER,
	id INTEGER NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom GEOMETRY NOT NULL, headways TEXT, calls TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE parcels (
	number TEXT,
	"key" TEXT,
	district TEXT,
	section TEXT,
	area DOUBLE,
	use TEXT,
	address TEXT,
	owner_kind TEXT,
	id INTEGER NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom GEOMETRY NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE service_day (
	id INTEGER NOT NULL,
	source_id INTEGER NOT NULL,
	service TEXT NOT NULL,
	day DATE NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(source_id) REFERENCES source (id)
);

CREATE INDEX ix_service_day_day ON service_day (day);

CREATE INDEX ix_service_day_source_id ON service_day (source_id);

CREATE TABLE stop_time (
	id INTEGER NOT NULL,
	source_id INTEGER NOT NULL,
	trip TEXT NOT NULL,
	place INTEGER NOT NULL,
	stop TEXT NOT NULL,
	arrival INTEGER NOT NULL,
	departure INTEGER NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(source_id) REFERENCES source (id)
);

CREATE INDEX ix_stop_time_source_id ON stop_time (source_id);

CREATE INDEX ix_stop_time_stop ON stop_time (stop);

CREATE INDEX ix_stop_time_trip ON stop_time (trip, place);

CREATE TABLE stops (
	name TEXT,
	code TEXT,
	kind TEXT,
	platform TEXT,
	station TEXT,
	wheelchair BOOLEAN,
	departures INTEGER,
	id INTEGER NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom POINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE streets (
	name TEXT,
	kind TEXT,
	speed DOUBLE,
	width DOUBLE,
	lanes INTEGER,
	oneway BOOLEAN,
	surface TEXT,
	daily_traffic DOUBLE,
	slope_percent DOUBLE,
	id INTEGER NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom GEOMETRY NOT NULL, cycling TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE surfaces (
	kind TEXT,
	name TEXT,
	sealed_percent DOUBLE,
	id INTEGER NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom GEOMETRY NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE trees (
	species TEXT,
	height DOUBLE,
	crown DOUBLE,
	trunk DOUBLE,
	year INTEGER,
	place TEXT,
	id INTEGER NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom POINT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE trip (
	id INTEGER NOT NULL,
	source_id INTEGER NOT NULL,
	uid TEXT NOT NULL,
	line TEXT NOT NULL,
	service TEXT NOT NULL,
	headsign TEXT,
	direction INTEGER,
	headway INTEGER,
	first INTEGER,
	last INTEGER,
	PRIMARY KEY (id),
	FOREIGN KEY(source_id) REFERENCES source (id)
);

CREATE INDEX ix_trip_line ON trip (line);

CREATE INDEX ix_trip_service ON trip (service);

CREATE INDEX ix_trip_source_id ON trip (source_id);

CREATE INDEX ix_trip_uid ON trip (uid);

CREATE TABLE vacancies (
	kind TEXT,
	name TEXT,
	address TEXT,
	parcel TEXT,
	building TEXT,
	since DATE,
	until DATE,
	area DOUBLE,
	use TEXT,
	dwellings INTEGER,
	owner_kind TEXT,
	condition TEXT,
	broadband DOUBLE,
	price DOUBLE,
	contact_role TEXT,
	remark TEXT,
	id INTEGER NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom GEOMETRY NOT NULL, status TEXT, checked_on DATE, storey TEXT, step_free BOOLEAN, offer TEXT,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE water (
	name TEXT,
	kind TEXT,
	width DOUBLE,
	id INTEGER NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom GEOMETRY NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE zones (
	"plan" TEXT,
	plan_kind TEXT,
	name TEXT,
	kind TEXT,
	grz DOUBLE,
	gfz DOUBLE,
	bmz DOUBLE,
	storeys INTEGER,
	height DOUBLE,
	roof_type TEXT,
	building_method TEXT,
	state_of_law TEXT,
	in_force DATE,
	id INTEGER NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom GEOMETRY NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE VIRTUAL TABLE "rtree_surfaces_geom" using rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER "rtree_surfaces_geom_insert" after insert on "surfaces"
when (new.geom not null and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_surfaces_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_surfaces_geom_update1" after update of geom on "surfaces"
when old.id = new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_surfaces_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_surfaces_geom_update2" after update of geom on "surfaces"
when old.id = new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_surfaces_geom" where id = old.id; end;

CREATE TRIGGER "rtree_surfaces_geom_update3" after update on "surfaces"
when old.id != new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin delete from "rtree_surfaces_geom" where id = old.id;
insert or replace into "rtree_surfaces_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_surfaces_geom_update4" after update on "surfaces"
when old.id != new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_surfaces_geom" where id in (old.id, new.id); end;

CREATE TRIGGER "rtree_surfaces_geom_delete" after delete on "surfaces"
when old.geom not null
begin delete from "rtree_surfaces_geom" where id = old.id; end;

CREATE VIRTUAL TABLE "rtree_water_geom" using rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER "rtree_water_geom_insert" after insert on "water"
when (new.geom not null and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_water_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_water_geom_update1" after update of geom on "water"
when old.id = new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_water_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_water_geom_update2" after update of geom on "water"
when old.id = new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_water_geom" where id = old.id; end;

CREATE TRIGGER "rtree_water_geom_update3" after update on "water"
when old.id != new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin delete from "rtree_water_geom" where id = old.id;
insert or replace into "rtree_water_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_water_geom_update4" after update on "water"
when old.id != new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_water_geom" where id in (old.id, new.id); end;

CREATE TRIGGER "rtree_water_geom_delete" after delete on "water"
when old.geom not null
begin delete from "rtree_water_geom" where id = old.id; end;

CREATE VIRTUAL TABLE "rtree_blocks_geom" using rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER "rtree_blocks_geom_insert" after insert on "blocks"
when (new.geom not null and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_blocks_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_blocks_geom_update1" after update of geom on "blocks"
when old.id = new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_blocks_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_blocks_geom_update2" after update of geom on "blocks"
when old.id = new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_blocks_geom" where id = old.id; end;

CREATE TRIGGER "rtree_blocks_geom_update3" after update on "blocks"
when old.id != new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin delete from "rtree_blocks_geom" where id = old.id;
insert or replace into "rtree_blocks_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_blocks_geom_update4" after update on "blocks"
when old.id != new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_blocks_geom" where id in (old.id, new.id); end;

CREATE TRIGGER "rtree_blocks_geom_delete" after delete on "blocks"
when old.geom not null
begin delete from "rtree_blocks_geom" where id = old.id; end;

CREATE VIRTUAL TABLE "rtree_zones_geom" using rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER "rtree_zones_geom_insert" after insert on "zones"
when (new.geom not null and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_zones_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_zones_geom_update1" after update of geom on "zones"
when old.id = new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_zones_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_zones_geom_update2" after update of geom on "zones"
when old.id = new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_zones_geom" where id = old.id; end;

CREATE TRIGGER "rtree_zones_geom_update3" after update on "zones"
when old.id != new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin delete from "rtree_zones_geom" where id = old.id;
insert or replace into "rtree_zones_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_zones_geom_update4" after update on "zones"
when old.id != new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_zones_geom" where id in (old.id, new.id); end;

CREATE TRIGGER "rtree_zones_geom_delete" after delete on "zones"
when old.geom not null
begin delete from "rtree_zones_geom" where id = old.id; end;

CREATE VIRTUAL TABLE "rtree_parcels_geom" using rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER "rtree_parcels_geom_insert" after insert on "parcels"
when (new.geom not null and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_parcels_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_parcels_geom_update1" after update of geom on "parcels"
when old.id = new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_parcels_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_parcels_geom_update2" after update of geom on "parcels"
when old.id = new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_parcels_geom" where id = old.id; end;

CREATE TRIGGER "rtree_parcels_geom_update3" after update on "parcels"
when old.id != new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin delete from "rtree_parcels_geom" where id = old.id;
insert or replace into "rtree_parcels_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_parcels_geom_update4" after update on "parcels"
when old.id != new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_parcels_geom" where id in (old.id, new.id); end;

CREATE TRIGGER "rtree_parcels_geom_delete" after delete on "parcels"
when old.geom not null
begin delete from "rtree_parcels_geom" where id = old.id; end;

CREATE VIRTUAL TABLE "rtree_streets_geom" using rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER "rtree_streets_geom_insert" after insert on "streets"
when (new.geom not null and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_streets_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_streets_geom_update1" after update of geom on "streets"
when old.id = new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_streets_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_streets_geom_update2" after update of geom on "streets"
when old.id = new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_streets_geom" where id = old.id; end;

CREATE TRIGGER "rtree_streets_geom_update3" after update on "streets"
when old.id != new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin delete from "rtree_streets_geom" where id = old.id;
insert or replace into "rtree_streets_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_streets_geom_update4" after update on "streets"
when old.id != new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_streets_geom" where id in (old.id, new.id); end;

CREATE TRIGGER "rtree_streets_geom_delete" after delete on "streets"
when old.geom not null
begin delete from "rtree_streets_geom" where id = old.id; end;

CREATE VIRTUAL TABLE "rtree_lines_geom" using rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER "rtree_lines_geom_insert" after insert on "lines"
when (new.geom not null and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_lines_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_lines_geom_update1" after update of geom on "lines"
when old.id = new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_lines_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_lines_geom_update2" after update of geom on "lines"
when old.id = new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_lines_geom" where id = old.id; end;

CREATE TRIGGER "rtree_lines_geom_update3" after update on "lines"
when old.id != new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin delete from "rtree_lines_geom" where id = old.id;
insert or replace into "rtree_lines_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_lines_geom_update4" after update on "lines"
when old.id != new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_lines_geom" where id in (old.id, new.id); end;

CREATE TRIGGER "rtree_lines_geom_delete" after delete on "lines"
when old.geom not null
begin delete from "rtree_lines_geom" where id = old.id; end;

CREATE VIRTUAL TABLE "rtree_stops_geom" using rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER "rtree_stops_geom_insert" after insert on "stops"
when (new.geom not null and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_stops_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_stops_geom_update1" after update of geom on "stops"
when old.id = new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_stops_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_stops_geom_update2" after update of geom on "stops"
when old.id = new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_stops_geom" where id = old.id; end;

CREATE TRIGGER "rtree_stops_geom_update3" after update on "stops"
when old.id != new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin delete from "rtree_stops_geom" where id = old.id;
insert or replace into "rtree_stops_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_stops_geom_update4" after update on "stops"
when old.id != new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_stops_geom" where id in (old.id, new.id); end;

CREATE TRIGGER "rtree_stops_geom_delete" after delete on "stops"
when old.geom not null
begin delete from "rtree_stops_geom" where id = old.id; end;

CREATE VIRTUAL TABLE "rtree_facilities_geom" using rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER "rtree_facilities_geom_insert" after insert on "facilities"
when (new.geom not null and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_facilities_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_facilities_geom_update1" after update of geom on "facilities"
when old.id = new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_facilities_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_facilities_geom_update2" after update of geom on "facilities"
when old.id = new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_facilities_geom" where id = old.id; end;

CREATE TRIGGER "rtree_facilities_geom_update3" after update on "facilities"
when old.id != new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin delete from "rtree_facilities_geom" where id = old.id;
insert or replace into "rtree_facilities_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_facilities_geom_update4" after update on "facilities"
when old.id != new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_facilities_geom" where id in (old.id, new.id); end;

CREATE TRIGGER "rtree_facilities_geom_delete" after delete on "facilities"
when old.geom not null
begin delete from "rtree_facilities_geom" where id = old.id; end;

CREATE VIRTUAL TABLE "rtree_trees_geom" using rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER "rtree_trees_geom_insert" after insert on "trees"
when (new.geom not null and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_trees_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_trees_geom_update1" after update of geom on "trees"
when old.id = new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_trees_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_trees_geom_update2" after update of geom on "trees"
when old.id = new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_trees_geom" where id = old.id; end;

CREATE TRIGGER "rtree_trees_geom_update3" after update on "trees"
when old.id != new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin delete from "rtree_trees_geom" where id = old.id;
insert or replace into "rtree_trees_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_trees_geom_update4" after update on "trees"
when old.id != new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_trees_geom" where id in (old.id, new.id); end;

CREATE TRIGGER "rtree_trees_geom_delete" after delete on "trees"
when old.geom not null
begin delete from "rtree_trees_geom" where id = old.id; end;

CREATE VIRTUAL TABLE "rtree_buildings_geom" using rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER "rtree_buildings_geom_insert" after insert on "buildings"
when (new.geom not null and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_buildings_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_buildings_geom_update1" after update of geom on "buildings"
when old.id = new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_buildings_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_buildings_geom_update2" after update of geom on "buildings"
when old.id = new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_buildings_geom" where id = old.id; end;

CREATE TRIGGER "rtree_buildings_geom_update3" after update on "buildings"
when old.id != new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin delete from "rtree_buildings_geom" where id = old.id;
insert or replace into "rtree_buildings_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_buildings_geom_update4" after update on "buildings"
when old.id != new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_buildings_geom" where id in (old.id, new.id); end;

CREATE TRIGGER "rtree_buildings_geom_delete" after delete on "buildings"
when old.geom not null
begin delete from "rtree_buildings_geom" where id = old.id; end;

CREATE VIRTUAL TABLE "rtree_vacancies_geom" using rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER "rtree_vacancies_geom_insert" after insert on "vacancies"
when (new.geom not null and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_vacancies_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_vacancies_geom_update1" after update of geom on "vacancies"
when old.id = new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_vacancies_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_vacancies_geom_update2" after update of geom on "vacancies"
when old.id = new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_vacancies_geom" where id = old.id; end;

CREATE TRIGGER "rtree_vacancies_geom_update3" after update on "vacancies"
when old.id != new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin delete from "rtree_vacancies_geom" where id = old.id;
insert or replace into "rtree_vacancies_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_vacancies_geom_update4" after update on "vacancies"
when old.id != new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_vacancies_geom" where id in (old.id, new.id); end;

CREATE TRIGGER "rtree_vacancies_geom_delete" after delete on "vacancies"
when old.geom not null
begin delete from "rtree_vacancies_geom" where id = old.id; end;

CREATE TABLE terrain (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	zoom_level INTEGER NOT NULL,
	tile_column INTEGER NOT NULL,
	tile_row INTEGER NOT NULL,
	tile_data BLOB NOT NULL,
	UNIQUE (zoom_level, tile_column, tile_row)
);

CREATE TABLE terrain_level (
	zoom_level INTEGER NOT NULL,
	min_x DOUBLE NOT NULL,
	min_y DOUBLE NOT NULL,
	max_x DOUBLE NOT NULL,
	max_y DOUBLE NOT NULL,
	PRIMARY KEY (zoom_level)
);

CREATE TABLE person (
	id INTEGER NOT NULL,
	login TEXT NOT NULL,
	name TEXT NOT NULL,
	email TEXT,
	password TEXT,
	subject TEXT,
	is_administrator BOOLEAN DEFAULT 0 NOT NULL,
	is_active BOOLEAN DEFAULT 1 NOT NULL,
	must_change BOOLEAN DEFAULT 0 NOT NULL,
	session TEXT DEFAULT '' NOT NULL,
	made_at DATETIME NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (login),
	UNIQUE (subject)
);

CREATE TABLE attempt (
	"key" TEXT NOT NULL,
	failures INTEGER NOT NULL,
	last DATETIME NOT NULL,
	PRIMARY KEY ("key")
);

CREATE TABLE project (
	id INTEGER NOT NULL,
	title TEXT NOT NULL,
	brief TEXT DEFAULT '' NOT NULL,
	geom GEOMETRY,
	made_by INTEGER,
	made_at DATETIME NOT NULL,
	archived_at DATETIME,
	PRIMARY KEY (id),
	FOREIGN KEY(made_by) REFERENCES person (id)
);

CREATE VIRTUAL TABLE "rtree_project_geom" using rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER "rtree_project_geom_insert" after insert on "project"
when (new.geom not null and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_project_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_project_geom_update1" after update of geom on "project"
when old.id = new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_project_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_project_geom_update2" after update of geom on "project"
when old.id = new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_project_geom" where id = old.id; end;

CREATE TRIGGER "rtree_project_geom_update3" after update on "project"
when old.id != new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin delete from "rtree_project_geom" where id = old.id;
insert or replace into "rtree_project_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_project_geom_update4" after update on "project"
when old.id != new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_project_geom" where id in (old.id, new.id); end;

CREATE TRIGGER "rtree_project_geom_delete" after delete on "project"
when old.geom not null
begin delete from "rtree_project_geom" where id = old.id; end;

CREATE TABLE membership (
	id INTEGER NOT NULL,
	project_id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	role TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (project_id, person_id),
	FOREIGN KEY(project_id) REFERENCES project (id),
	FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_membership_person_id ON membership (person_id);

CREATE INDEX ix_scenario_project_id ON scenario (project_id);

CREATE TABLE change (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	scenario_id INTEGER NOT NULL,
	step INTEGER NOT NULL,
	verb TEXT NOT NULL,
	what TEXT NOT NULL,
	undoes INTEGER,
	layer TEXT NOT NULL,
	uid TEXT NOT NULL,
	version INTEGER NOT NULL,
	row_id INTEGER,
	"before" TEXT,
	"after" TEXT,
	min_x DOUBLE,
	min_y DOUBLE,
	max_x DOUBLE,
	max_y DOUBLE,
	person_id INTEGER,
	made_at DATETIME NOT NULL,
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_change_scenario_id ON change (scenario_id, id);

CREATE INDEX ix_change_step ON change (step);

CREATE INDEX ix_change_row ON change (layer, row_id);

CREATE INDEX ix_change_feature ON change (scenario_id, layer, uid, id);

CREATE TABLE assumption (
	id INTEGER NOT NULL,
	project_id INTEGER,
	name TEXT NOT NULL,
	value DOUBLE NOT NULL,
	reason TEXT DEFAULT '' NOT NULL,
	person_id INTEGER,
	made_at DATETIME NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (project_id, name),
	FOREIGN KEY(project_id) REFERENCES project (id),
	FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE viewpoint (
	id INTEGER NOT NULL,
	project_id INTEGER NOT NULL,
	scenario_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	title TEXT NOT NULL,
	text TEXT DEFAULT '' NOT NULL,
	"view" TEXT NOT NULL,
	person_id INTEGER,
	made_at DATETIME NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(project_id) REFERENCES project (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_viewpoint_project_id ON viewpoint (project_id);

CREATE INDEX "ix_blocks_planned" on "blocks" (scenario_id) where scenario_id <> 0;

CREATE INDEX "ix_buildings_planned" on "buildings" (scenario_id) where scenario_id <> 0;

CREATE INDEX "ix_facilities_planned" on "facilities" (scenario_id) where scenario_id <> 0;

CREATE INDEX "ix_lines_planned" on "lines" (scenario_id) where scenario_id <> 0;

CREATE INDEX "ix_parcels_planned" on "parcels" (scenario_id) where scenario_id <> 0;

CREATE INDEX "ix_stops_planned" on "stops" (scenario_id) where scenario_id <> 0;

CREATE INDEX "ix_streets_planned" on "streets" (scenario_id) where scenario_id <> 0;

CREATE INDEX "ix_surfaces_planned" on "surfaces" (scenario_id) where scenario_id <> 0;

CREATE INDEX "ix_trees_planned" on "trees" (scenario_id) where scenario_id <> 0;

CREATE INDEX "ix_vacancies_planned" on "vacancies" (scenario_id) where scenario_id <> 0;

CREATE INDEX "ix_water_planned" on "water" (scenario_id) where scenario_id <> 0;

CREATE INDEX "ix_zones_planned" on "zones" (scenario_id) where scenario_id <> 0;

CREATE TABLE participation (
	id INTEGER NOT NULL,
	project_id INTEGER NOT NULL,
	title TEXT NOT NULL,
	text TEXT DEFAULT '' NOT NULL,
	geom GEOMETRY,
	state TEXT DEFAULT 'draft' NOT NULL,
	formal TEXT DEFAULT 'informal' NOT NULL,
	moderation TEXT DEFAULT 'before' NOT NULL,
	code TEXT DEFAULT '' NOT NULL,
	contact TEXT DEFAULT '' NOT NULL,
	privacy TEXT DEFAULT '' NOT NULL,
	made_by INTEGER,
	made_at DATETIME NOT NULL, title_en TEXT DEFAULT '' NOT NULL, text_en TEXT DEFAULT '' NOT NULL, simple TEXT DEFAULT '' NOT NULL, invited BOOLEAN DEFAULT 0 NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(project_id) REFERENCES project (id),
	FOREIGN KEY(made_by) REFERENCES person (id)
);

CREATE INDEX ix_participation_project_id ON participation (project_id);

CREATE VIRTUAL TABLE "rtree_participation_geom" using rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER "rtree_participation_geom_insert" after insert on "participation"
when (new.geom not null and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_participation_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_participation_geom_update1" after update of geom on "participation"
when old.id = new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_participation_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_participation_geom_update2" after update of geom on "participation"
when old.id = new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_participation_geom" where id = old.id; end;

CREATE TRIGGER "rtree_participation_geom_update3" after update on "participation"
when old.id != new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin delete from "rtree_participation_geom" where id = old.id;
insert or replace into "rtree_participation_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_participation_geom_update4" after update on "participation"
when old.id != new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_participation_geom" where id in (old.id, new.id); end;

CREATE TRIGGER "rtree_participation_geom_delete" after delete on "participation"
when old.geom not null
begin delete from "rtree_participation_geom" where id = old.id; end;

CREATE TABLE participation_scenario (
	participation_id INTEGER NOT NULL,
	scenario_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (participation_id, scenario_id),
	FOREIGN KEY(participation_id) REFERENCES participation (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id)
);

CREATE TABLE phase (
	id INTEGER NOT NULL,
	participation_id INTEGER NOT NULL,
	kind TEXT NOT NULL,
	begins DATE NOT NULL,
	ends DATE NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (participation_id, kind),
	FOREIGN KEY(participation_id) REFERENCES participation (id)
);

CREATE INDEX ix_phase_participation_id ON phase (participation_id);

CREATE TABLE category (
	id INTEGER NOT NULL,
	participation_id INTEGER NOT NULL,
	title TEXT NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(participation_id) REFERENCES participation (id)
);

CREATE INDEX ix_category_participation_id ON category (participation_id);

CREATE TABLE question (
	id INTEGER NOT NULL,
	participation_id INTEGER NOT NULL,
	title TEXT NOT NULL,
	choices TEXT DEFAULT '' NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(participation_id) REFERENCES participation (id)
);

CREATE INDEX ix_question_participation_id ON question (participation_id);

CREATE TABLE contribution (
	id INTEGER NOT NULL,
	participation_id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	scenario INTEGER NOT NULL,
	category_id INTEGER,
	text TEXT NOT NULL,
	geom GEOMETRY,
	layer TEXT,
	uid TEXT,
	place TEXT DEFAULT '' NOT NULL,
	pseudonym TEXT NOT NULL,
	ticket TEXT NOT NULL,
	way TEXT DEFAULT 'online' NOT NULL,
	state TEXT NOT NULL,
	checked BOOLEAN DEFAULT 0 NOT NULL,
	status TEXT DEFAULT 'new' NOT NULL,
	reason TEXT DEFAULT '' NOT NULL,
	office TEXT DEFAULT '' NOT NULL,
	merged_into INTEGER,
	change_step INTEGER,
	made_at DATETIME NOT NULL,
	changed_at DATETIME NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (participation_id, number),
	FOREIGN KEY(participation_id) REFERENCES participation (id),
	FOREIGN KEY(scenario) REFERENCES scenario (id),
	FOREIGN KEY(category_id) REFERENCES category (id),
	UNIQUE (ticket),
	FOREIGN KEY(merged_into) REFERENCES contribution (id)
);

CREATE INDEX ix_contribution_pseudonym ON contribution (pseudonym);

CREATE VIRTUAL TABLE "rtree_contribution_geom" using rtree(id, minx, maxx, miny, maxy);

CREATE TRIGGER "rtree_contribution_geom_insert" after insert on "contribution"
when (new.geom not null and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_contribution_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_contribution_geom_update1" after update of geom on "contribution"
when old.id = new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin insert or replace into "rtree_contribution_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_contribution_geom_update2" after update of geom on "contribution"
when old.id = new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_contribution_geom" where id = old.id; end;

CREATE TRIGGER "rtree_contribution_geom_update3" after update on "contribution"
when old.id != new.id and (new.geom notnull and not ST_IsEmpty(new.geom))
begin delete from "rtree_contribution_geom" where id = old.id;
insert or replace into "rtree_contribution_geom"
values (new.id, ST_MinX(new.geom), ST_MaxX(new.geom), ST_MinY(new.geom), ST_MaxY(new.geom)); end;

CREATE TRIGGER "rtree_contribution_geom_update4" after update on "contribution"
when old.id != new.id and (new.geom isnull or ST_IsEmpty(new.geom))
begin delete from "rtree_contribution_geom" where id in (old.id, new.id); end;

CREATE TRIGGER "rtree_contribution_geom_delete" after delete on "contribution"
when old.geom not null
begin delete from "rtree_contribution_geom" where id = old.id; end;

CREATE INDEX ix_contribution_feature ON contribution (layer, uid);

CREATE INDEX ix_contribution_step ON contribution (change_step);

CREATE TABLE reply (
	contribution_id INTEGER NOT NULL,
	question_id INTEGER NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (contribution_id, question_id),
	FOREIGN KEY(contribution_id) REFERENCES contribution (id),
	FOREIGN KEY(question_id) REFERENCES question (id)
);

CREATE TABLE photo (
	contribution_id INTEGER NOT NULL,
	jpeg BLOB NOT NULL,
	PRIMARY KEY (contribution_id),
	FOREIGN KEY(contribution_id) REFERENCES contribution (id)
);

CREATE TABLE rating (
	contribution_id INTEGER NOT NULL,
	pseudonym TEXT NOT NULL,
	value INTEGER NOT NULL,
	PRIMARY KEY (contribution_id, pseudonym),
	FOREIGN KEY(contribution_id) REFERENCES contribution (id)
);

CREATE TABLE comment (
	id INTEGER NOT NULL,
	contribution_id INTEGER NOT NULL,
	text TEXT NOT NULL,
	pseudonym TEXT NOT NULL,
	ticket TEXT NOT NULL,
	state TEXT NOT NULL,
	reason TEXT DEFAULT '' NOT NULL,
	made_at DATETIME NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(contribution_id) REFERENCES contribution (id),
	UNIQUE (ticket)
);

CREATE INDEX ix_comment_contribution_id ON comment (contribution_id);

CREATE TABLE answer (
	id INTEGER NOT NULL,
	contribution_id INTEGER NOT NULL,
	text TEXT NOT NULL,
	person_id INTEGER,
	made_at DATETIME NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(contribution_id) REFERENCES contribution (id),
	FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_answer_contribution_id ON answer (contribution_id);

CREATE TABLE assumption_change (
	id INTEGER NOT NULL,
	project_id INTEGER,
	name TEXT NOT NULL,
	"before" DOUBLE NOT NULL,
	"after" DOUBLE NOT NULL,
	is_reset BOOLEAN DEFAULT 0 NOT NULL,
	reason TEXT DEFAULT '' NOT NULL,
	person_id INTEGER,
	made_at DATETIME NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(project_id) REFERENCES project (id),
	FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_assumption_change_project_id ON assumption_change (project_id);

CREATE INDEX ix_contribution_changed ON contribution (participation_id, changed_at);

CREATE TABLE session_picture (
	id INTEGER NOT NULL,
	participation_id INTEGER NOT NULL,
	jpeg BLOB NOT NULL,
	caption TEXT NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(participation_id) REFERENCES participation (id)
);

CREATE INDEX ix_session_picture_participation_id ON session_picture (participation_id);

CREATE TABLE invitation (
	code TEXT NOT NULL,
	participation_id INTEGER NOT NULL,
	pseudonym TEXT,
	PRIMARY KEY (code),
	FOREIGN KEY(participation_id) REFERENCES participation (id)
);

CREATE INDEX ix_invitation_participation_id ON invitation (participation_id);

CREATE TABLE personal (
	id INTEGER NOT NULL,
	participation_id INTEGER NOT NULL,
	contribution_id INTEGER,
	secret TEXT NOT NULL,
	address TEXT,
	confirmed_at DATETIME,
	delete_on DATE NOT NULL,
	x DOUBLE,
	y DOUBLE,
	metres DOUBLE,
	site TEXT,
	told_at DATETIME,
	PRIMARY KEY (id),
	FOREIGN KEY(participation_id) REFERENCES participation (id),
	UNIQUE (contribution_id),
	FOREIGN KEY(contribution_id) REFERENCES contribution (id),
	UNIQUE (secret)
);

CREATE INDEX ix_personal_participation_id ON personal (participation_id);

CREATE TABLE vacancy_private (
	uid TEXT NOT NULL,
	owner TEXT DEFAULT '' NOT NULL,
	contact TEXT DEFAULT '' NOT NULL,
	note TEXT DEFAULT '' NOT NULL,
	PRIMARY KEY (uid)
);

CREATE TABLE vacancy_file (
	id INTEGER NOT NULL,
	uid TEXT NOT NULL,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	content BLOB NOT NULL,
	person_id INTEGER,
	made_at DATETIME NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_vacancy_file_uid ON vacancy_file (uid);

CREATE TABLE vacancy_list (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	content BLOB NOT NULL,
	person_id INTEGER,
	made_at DATETIME NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE enquiry (
	id INTEGER NOT NULL,
	uid TEXT NOT NULL,
	name TEXT NOT NULL,
	contact TEXT NOT NULL,
	text TEXT NOT NULL,
	made_at DATETIME NOT NULL,
	delete_on DATE NOT NULL,
	PRIMARY KEY (id)
);

CREATE INDEX ix_enquiry_uid ON enquiry (uid);

CREATE TABLE token (
	id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	digest TEXT NOT NULL,
	mark TEXT NOT NULL,
	made_at DATETIME NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(person_id) REFERENCES person (id),
	UNIQUE (digest)
);

CREATE INDEX ix_token_person_id ON token (person_id);

insert into gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) values ('source', 'attributes', 'source', '', NULL, NULL, NULL, NULL, NULL);

insert into gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) values ('surfaces', 'features', 'surfaces', 'Bodenbedeckung', NULL, NULL, NULL, NULL, {srid});

insert into gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) values ('water', 'features', 'water', 'Gewässer', NULL, NULL, NULL, NULL, {srid});

insert into gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) values ('blocks', 'features', 'blocks', 'Blöcke', NULL, NULL, NULL, NULL, {srid});

insert into gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) values ('zones', 'features', 'zones', 'Bauleitpläne', NULL, NULL, NULL, NULL, {srid});

insert into gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) values ('parcels', 'features', 'parcels', 'Flurstücke', NULL, NULL, NULL, NULL, {srid});

insert into gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) values ('streets', 'features', 'streets', 'Straßen und Wege', NULL, NULL, NULL, NULL, {srid});

insert into gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) values ('lines', 'features', 'lines', 'Linien', NULL, NULL, NULL, NULL, {srid});

insert into gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) values ('stops', 'features', 'stops', 'Haltestellen', NULL, NULL, NULL, NULL, {srid});

insert into gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) values ('facilities', 'features', 'facilities', 'Einrichtungen', NULL, NULL, NULL, NULL, {srid});

insert into gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) values ('trees', 'features', 'trees', 'Bäume', NULL, NULL, NULL, NULL, {srid});

insert into gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) values ('buildings', 'features', 'buildings', 'Gebäude', NULL, NULL, NULL, NULL, {srid});

insert into gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) values ('vacancies', 'features', 'vacancies', 'Leerstand', NULL, NULL, NULL, NULL, {srid});

insert into gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) values ('project', 'features', 'project', 'Projekte', NULL, NULL, NULL, NULL, {srid});

insert into gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) values ('participation', 'features', 'participation', 'Beteiligungen', NULL, NULL, NULL, NULL, {srid});

insert into gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) values ('contribution', 'features', 'contribution', 'Beiträge', NULL, NULL, NULL, NULL, {srid});

insert into gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) values ('surfaces', 'geom', 'GEOMETRY', {srid}, 0, 0);

insert into gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) values ('water', 'geom', 'GEOMETRY', {srid}, 0, 0);

insert into gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) values ('blocks', 'geom', 'GEOMETRY', {srid}, 0, 0);

insert into gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) values ('zones', 'geom', 'GEOMETRY', {srid}, 0, 0);

insert into gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) values ('parcels', 'geom', 'GEOMETRY', {srid}, 0, 0);

insert into gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) values ('streets', 'geom', 'GEOMETRY', {srid}, 0, 0);

insert into gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) values ('lines', 'geom', 'GEOMETRY', {srid}, 0, 0);

insert into gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) values ('stops', 'geom', 'POINT', {srid}, 0, 0);

insert into gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) values ('facilities', 'geom', 'GEOMETRY', {srid}, 0, 0);

insert into gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) values ('trees', 'geom', 'POINT', {srid}, 0, 0);

insert into gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) values ('buildings', 'geom', 'GEOMETRY', {srid}, 0, 0);

insert into gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) values ('vacancies', 'geom', 'GEOMETRY', {srid}, 0, 0);

insert into gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) values ('project', 'geom', 'GEOMETRY', {srid}, 0, 0);

insert into gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) values ('participation', 'geom', 'GEOMETRY', {srid}, 0, 0);

insert into gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) values ('contribution', 'geom', 'GEOMETRY', {srid}, 0, 0);

insert into gpkg_extensions (table_name, column_name, extension_name, definition, scope) values ('surfaces', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

insert into gpkg_extensions (table_name, column_name, extension_name, definition, scope) values ('water', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

insert into gpkg_extensions (table_name, column_name, extension_name, definition, scope) values ('blocks', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

insert into gpkg_extensions (table_name, column_name, extension_name, definition, scope) values ('zones', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

insert into gpkg_extensions (table_name, column_name, extension_name, definition, scope) values ('parcels', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

insert into gpkg_extensions (table_name, column_name, extension_name, definition, scope) values ('streets', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

insert into gpkg_extensions (table_name, column_name, extension_name, definition, scope) values ('lines', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

insert into gpkg_extensions (table_name, column_name, extension_name, definition, scope) values ('stops', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

insert into gpkg_extensions (table_name, column_name, extension_name, definition, scope) values ('facilities', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

insert into gpkg_extensions (table_name, column_name, extension_name, definition, scope) values ('trees', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

insert into gpkg_extensions (table_name, column_name, extension_name, definition, scope) values ('buildings', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

insert into gpkg_extensions (table_name, column_name, extension_name, definition, scope) values ('vacancies', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

insert into gpkg_extensions (table_name, column_name, extension_name, definition, scope) values ('project', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

insert into gpkg_extensions (table_name, column_name, extension_name, definition, scope) values ('participation', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

insert into gpkg_extensions (table_name, column_name, extension_name, definition, scope) values ('contribution', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');

insert into alembic_version (version_num) values ('0013');
