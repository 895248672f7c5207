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
	id SERIAL NOT NULL,
	name TEXT NOT NULL,
	srid INTEGER NOT NULL,
	longitude DOUBLE PRECISION NOT NULL,
	latitude DOUBLE PRECISION NOT NULL,
	state TEXT,
	PRIMARY KEY (id)
);

CREATE TABLE scenario (
	id SERIAL NOT NULL,
	title TEXT NOT NULL,
	PRIMARY KEY (id)
);

CREATE TABLE source (
	id SERIAL NOT NULL,
	path TEXT NOT NULL,
	kind TEXT NOT NULL,
	layer TEXT NOT NULL,
	crs TEXT,
	delivered DATE,
	read_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
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
	id SERIAL NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom geometry(GEOMETRY,{srid}) NOT NULL,
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
	height DOUBLE PRECISION,
	eaves_height DOUBLE PRECISION,
	base_height DOUBLE PRECISION,
	roof_type TEXT,
	roof_pitch DOUBLE PRECISION,
	year INTEGER,
	dwellings INTEGER,
	parts INTEGER,
	surfaces BYTEA,
	surface_kinds TEXT,
	id SERIAL NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom geometry(GEOMETRY,{srid}) NOT NULL,
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
	id SERIAL NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom geometry(GEOMETRY,{srid}) NOT NULL,
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
	id SERIAL NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom geometry(GEOMETRY,{srid}) NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE parcels (
	number TEXT,
	key TEXT,
	district TEXT,
	section TEXT,
	area DOUBLE PRECISION,
	use TEXT,
	address TEXT,
	owner_kind TEXT,
	id SERIAL NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom geometry(GEOMETRY,{srid}) NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE service_day (
	id SERIAL NOT NULL,
	source_id INTEGER NOT NULL,
	service TEXT NOT NULL,
	day DATE NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(source_id) REFERENCES source (id)
);

CREATE INDEX ix_service_day_day ON service_day (day);

CREATE INDEX ix_service_day_source_id ON service_day (source_id);

CREATE TABLE stop_time (
	id SERIAL NOT NULL,
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
	id SERIAL NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom geometry(POINT,{srid}) NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE streets (
	name TEXT,
	kind TEXT,
	speed DOUBLE PRECISION,
	width DOUBLE PRECISION,
	lanes INTEGER,
	oneway BOOLEAN,
	surface TEXT,
	daily_traffic DOUBLE PRECISION,
	slope_percent DOUBLE PRECISION,
	id SERIAL NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom geometry(GEOMETRY,{srid}) NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE surfaces (
	kind TEXT,
	name TEXT,
	sealed_percent DOUBLE PRECISION,
	id SERIAL NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom geometry(GEOMETRY,{srid}) NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE trees (
	species TEXT,
	height DOUBLE PRECISION,
	crown DOUBLE PRECISION,
	trunk DOUBLE PRECISION,
	year INTEGER,
	place TEXT,
	id SERIAL NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom geometry(POINT,{srid}) NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE trip (
	id SERIAL NOT NULL,
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
	area DOUBLE PRECISION,
	use TEXT,
	dwellings INTEGER,
	owner_kind TEXT,
	condition TEXT,
	broadband DOUBLE PRECISION,
	price DOUBLE PRECISION,
	contact_role TEXT,
	remark TEXT,
	id SERIAL NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom geometry(GEOMETRY,{srid}) NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE water (
	name TEXT,
	kind TEXT,
	width DOUBLE PRECISION,
	id SERIAL NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom geometry(GEOMETRY,{srid}) NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

CREATE TABLE zones (
	plan TEXT,
	plan_kind TEXT,
	name TEXT,
	kind TEXT,
	grz DOUBLE PRECISION,
	gfz DOUBLE PRECISION,
	bmz DOUBLE PRECISION,
	storeys INTEGER,
	height DOUBLE PRECISION,
	roof_type TEXT,
	building_method TEXT,
	state_of_law TEXT,
	in_force DATE,
	id SERIAL NOT NULL,
	uid TEXT NOT NULL,
	scenario_id INTEGER NOT NULL,
	gone BOOLEAN NOT NULL,
	version INTEGER NOT NULL,
	source_id INTEGER,
	estimated TEXT,
	geom geometry(GEOMETRY,{srid}) NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(source_id) REFERENCES source (id),
	UNIQUE (scenario_id, uid)
);

create index "ix_surfaces_geom" on "surfaces" using gist (geom);

create index "ix_water_geom" on "water" using gist (geom);

create index "ix_blocks_geom" on "blocks" using gist (geom);

create index "ix_zones_geom" on "zones" using gist (geom);

create index "ix_parcels_geom" on "parcels" using gist (geom);

create index "ix_streets_geom" on "streets" using gist (geom);

create index "ix_lines_geom" on "lines" using gist (geom);

create index "ix_stops_geom" on "stops" using gist (geom);

create index "ix_facilities_geom" on "facilities" using gist (geom);

create index "ix_trees_geom" on "trees" using gist (geom);

create index "ix_buildings_geom" on "buildings" using gist (geom);

create index "ix_vacancies_geom" on "vacancies" using gist (geom);

INSERT INTO alembic_version (version_num) VALUES ('0001') RETURNING alembic_version.version_num;

CREATE TABLE terrain (
	id SERIAL NOT NULL,
	zoom_level INTEGER NOT NULL,
	tile_column INTEGER NOT NULL,
	tile_row INTEGER NOT NULL,
	tile_data BYTEA NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (zoom_level, tile_column, tile_row)
);

CREATE TABLE terrain_level (
	zoom_level INTEGER NOT NULL,
	min_x DOUBLE PRECISION NOT NULL,
	min_y DOUBLE PRECISION NOT NULL,
	max_x DOUBLE PRECISION NOT NULL,
	max_y DOUBLE PRECISION NOT NULL,
	PRIMARY KEY (zoom_level)
);

UPDATE alembic_version SET version_num='0002' WHERE alembic_version.version_num = '0001';

CREATE TABLE person (
	id SERIAL NOT NULL,
	login TEXT NOT NULL,
	name TEXT NOT NULL,
	email TEXT,
	password TEXT,
	subject TEXT,
	is_administrator BOOLEAN DEFAULT false NOT NULL,
	is_active BOOLEAN DEFAULT true NOT NULL,
	must_change BOOLEAN DEFAULT false NOT NULL,
	session TEXT DEFAULT '' NOT NULL,
	made_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (login),
	UNIQUE (subject)
);

CREATE TABLE attempt (
	key TEXT NOT NULL,
	failures INTEGER NOT NULL,
	last TIMESTAMP WITHOUT TIME ZONE NOT NULL,
	PRIMARY KEY (key)
);

CREATE TABLE project (
	id SERIAL NOT NULL,
	title TEXT NOT NULL,
	brief TEXT DEFAULT '' NOT NULL,
	geom geometry(GEOMETRY,{srid}),
	made_by INTEGER,
	made_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
	archived_at TIMESTAMP WITHOUT TIME ZONE,
	PRIMARY KEY (id),
	FOREIGN KEY(made_by) REFERENCES person (id)
);

create index "ix_project_geom" on "project" using gist (geom);

CREATE TABLE membership (
	id SERIAL NOT NULL,
	project_id INTEGER NOT NULL,
	person_id INTEGER NOT NULL,
	role TEXT NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (project_id, person_id),
	FOREIGN KEY(project_id) REFERENCES project (id),
	FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_membership_person_id ON membership (person_id);

alter table scenario add column description text not null default '';

alter table scenario add column state text not null default 'draft';

alter table scenario add column project_id integer references project (id);

alter table scenario add column parent_id integer references scenario (id);

alter table scenario add column made_by integer references person (id);

alter table scenario add column made_at TIMESTAMP WITHOUT TIME ZONE;

alter table scenario add column published_at TIMESTAMP WITHOUT TIME ZONE;

update scenario set state = 'published' where id = 0;

CREATE INDEX ix_scenario_project_id ON scenario (project_id);

CREATE TABLE change (
	id SERIAL NOT NULL,
	scenario_id INTEGER NOT NULL,
	step INTEGER NOT NULL,
	verb TEXT NOT NULL,
	what TEXT NOT NULL,
	undoes INTEGER,
	layer TEXT NOT NULL,
	uid TEXT NOT NULL,
	version INTEGER NOT NULL,
	row_id INTEGER,
	before TEXT,
	after TEXT,
	min_x DOUBLE PRECISION,
	min_y DOUBLE PRECISION,
	max_x DOUBLE PRECISION,
	max_y DOUBLE PRECISION,
	person_id INTEGER,
	made_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_change_scenario_id ON change (scenario_id, id);

CREATE INDEX ix_change_step ON change (step);

CREATE INDEX ix_change_row ON change (layer, row_id);

CREATE INDEX ix_change_feature ON change (scenario_id, layer, uid, id);

CREATE TABLE assumption (
	id SERIAL NOT NULL,
	project_id INTEGER,
	name TEXT NOT NULL,
	value DOUBLE PRECISION NOT NULL,
	reason TEXT DEFAULT '' NOT NULL,
	person_id INTEGER,
	made_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (project_id, name),
	FOREIGN KEY(project_id) REFERENCES project (id),
	FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE viewpoint (
	id SERIAL NOT NULL,
	project_id INTEGER NOT NULL,
	scenario_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	title TEXT NOT NULL,
	text TEXT DEFAULT '' NOT NULL,
	view TEXT NOT NULL,
	person_id INTEGER,
	made_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(project_id) REFERENCES project (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id),
	FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_viewpoint_project_id ON viewpoint (project_id);

UPDATE alembic_version SET version_num='0003' WHERE alembic_version.version_num = '0002';

ALTER TABLE buildings ADD COLUMN storey_height DOUBLE PRECISION;

ALTER TABLE buildings ADD COLUMN storey_uses TEXT;

ALTER TABLE buildings ADD COLUMN condition TEXT;

ALTER TABLE streets ADD COLUMN cycling TEXT;

ALTER TABLE lines ADD COLUMN headways TEXT;

ALTER TABLE lines ADD COLUMN calls TEXT;

UPDATE alembic_version SET version_num='0004' WHERE alembic_version.version_num = '0003';

create index if not exists "ix_blocks_planned" on "blocks" (scenario_id) where scenario_id <> 0;

alter table "blocks" drop constraint "blocks_scenario_id_uid_key";

alter table "blocks" add unique (uid, scenario_id);

create index if not exists "ix_buildings_planned" on "buildings" (scenario_id) where scenario_id <> 0;

alter table "buildings" drop constraint "buildings_scenario_id_uid_key";

alter table "buildings" add unique (uid, scenario_id);

create index if not exists "ix_facilities_planned" on "facilities" (scenario_id) where scenario_id <> 0;

alter table "facilities" drop constraint "facilities_scenario_id_uid_key";

alter table "facilities" add unique (uid, scenario_id);

create index if not exists "ix_lines_planned" on "lines" (scenario_id) where scenario_id <> 0;

alter table "lines" drop constraint "lines_scenario_id_uid_key";

alter table "lines" add unique (uid, scenario_id);

create index if not exists "ix_parcels_planned" on "parcels" (scenario_id) where scenario_id <> 0;

alter table "parcels" drop constraint "parcels_scenario_id_uid_key";

alter table "parcels" add unique (uid, scenario_id);

create index if not exists "ix_stops_planned" on "stops" (scenario_id) where scenario_id <> 0;

alter table "stops" drop constraint "stops_scenario_id_uid_key";

alter table "stops" add unique (uid, scenario_id);

create index if not exists "ix_streets_planned" on "streets" (scenario_id) where scenario_id <> 0;

alter table "streets" drop constraint "streets_scenario_id_uid_key";

alter table "streets" add unique (uid, scenario_id);

create index if not exists "ix_surfaces_planned" on "surfaces" (scenario_id) where scenario_id <> 0;

alter table "surfaces" drop constraint "surfaces_scenario_id_uid_key";

alter table "surfaces" add unique (uid, scenario_id);

create index if not exists "ix_trees_planned" on "trees" (scenario_id) where scenario_id <> 0;

alter table "trees" drop constraint "trees_scenario_id_uid_key";

alter table "trees" add unique (uid, scenario_id);

create index if not exists "ix_vacancies_planned" on "vacancies" (scenario_id) where scenario_id <> 0;

alter table "vacancies" drop constraint "vacancies_scenario_id_uid_key";

alter table "vacancies" add unique (uid, scenario_id);

create index if not exists "ix_water_planned" on "water" (scenario_id) where scenario_id <> 0;

alter table "water" drop constraint "water_scenario_id_uid_key";

alter table "water" add unique (uid, scenario_id);

create index if not exists "ix_zones_planned" on "zones" (scenario_id) where scenario_id <> 0;

alter table "zones" drop constraint "zones_scenario_id_uid_key";

alter table "zones" add unique (uid, scenario_id);

UPDATE alembic_version SET version_num='0005' WHERE alembic_version.version_num = '0004';

CREATE TABLE participation (
	id SERIAL NOT NULL,
	project_id INTEGER NOT NULL,
	title TEXT NOT NULL,
	text TEXT DEFAULT '' NOT NULL,
	geom geometry(GEOMETRY,{srid}),
	state TEXT DEFAULT 'draft' NOT NULL,
	formal TEXT DEFAULT 'informal' NOT NULL,
	moderation TEXT DEFAULT 'before' NOT NULL,
	code TEXT DEFAULT '' NOT NULL,
	contact TEXT DEFAULT '' NOT NULL,
	privacy TEXT DEFAULT '' NOT NULL,
	made_by INTEGER,
	made_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(project_id) REFERENCES project (id),
	FOREIGN KEY(made_by) REFERENCES person (id)
);

CREATE INDEX ix_participation_project_id ON participation (project_id);

create index "ix_participation_geom" on "participation" using gist (geom);

CREATE TABLE participation_scenario (
	participation_id INTEGER NOT NULL,
	scenario_id INTEGER NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (participation_id, scenario_id),
	FOREIGN KEY(participation_id) REFERENCES participation (id),
	FOREIGN KEY(scenario_id) REFERENCES scenario (id)
);

CREATE TABLE phase (
	id SERIAL NOT NULL,
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
	id SERIAL NOT NULL,
	participation_id INTEGER NOT NULL,
	title TEXT NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(participation_id) REFERENCES participation (id)
);

CREATE INDEX ix_category_participation_id ON category (participation_id);

CREATE TABLE question (
	id SERIAL NOT NULL,
	participation_id INTEGER NOT NULL,
	title TEXT NOT NULL,
	choices TEXT DEFAULT '' NOT NULL,
	position INTEGER NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(participation_id) REFERENCES participation (id)
);

CREATE INDEX ix_question_participation_id ON question (participation_id);

CREATE TABLE contribution (
	id SERIAL NOT NULL,
	participation_id INTEGER NOT NULL,
	number INTEGER NOT NULL,
	scenario INTEGER NOT NULL,
	category_id INTEGER,
	text TEXT NOT NULL,
	geom geometry(GEOMETRY,{srid}),
	layer TEXT,
	uid TEXT,
	place TEXT DEFAULT '' NOT NULL,
	pseudonym TEXT NOT NULL,
	ticket TEXT NOT NULL,
	way TEXT DEFAULT 'online' NOT NULL,
	state TEXT NOT NULL,
	checked BOOLEAN DEFAULT false NOT NULL,
	status TEXT DEFAULT 'new' NOT NULL,
	reason TEXT DEFAULT '' NOT NULL,
	office TEXT DEFAULT '' NOT NULL,
	merged_into INTEGER,
	change_step INTEGER,
	made_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
	changed_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
	PRIMARY KEY (id),
	UNIQUE (participation_id, number),
	FOREIGN KEY(participation_id) REFERENCES participation (id),
	FOREIGN KEY(scenario) REFERENCES scenario (id),
	FOREIGN KEY(category_id) REFERENCES category (id),
	UNIQUE (ticket),
	FOREIGN KEY(merged_into) REFERENCES contribution (id)
);

CREATE INDEX ix_contribution_pseudonym ON contribution (pseudonym);

create index "ix_contribution_geom" on "contribution" using gist (geom);

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
	jpeg BYTEA NOT NULL,
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
	id SERIAL NOT NULL,
	contribution_id INTEGER NOT NULL,
	text TEXT NOT NULL,
	pseudonym TEXT NOT NULL,
	ticket TEXT NOT NULL,
	state TEXT NOT NULL,
	reason TEXT DEFAULT '' NOT NULL,
	made_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(contribution_id) REFERENCES contribution (id),
	UNIQUE (ticket)
);

CREATE INDEX ix_comment_contribution_id ON comment (contribution_id);

CREATE TABLE answer (
	id SERIAL NOT NULL,
	contribution_id INTEGER NOT NULL,
	text TEXT NOT NULL,
	person_id INTEGER,
	made_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(contribution_id) REFERENCES contribution (id),
	FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_answer_contribution_id ON answer (contribution_id);

CREATE TABLE personal (
	contribution_id INTEGER NOT NULL,
	secret TEXT NOT NULL,
	address TEXT,
	confirmed_at TIMESTAMP WITHOUT TIME ZONE,
	delete_on DATE NOT NULL,
	PRIMARY KEY (contribution_id),
	FOREIGN KEY(contribution_id) REFERENCES contribution (id),
	UNIQUE (secret)
);

UPDATE alembic_version SET version_num='0008' WHERE alembic_version.version_num = '0005';

CREATE TABLE assumption_change (
	id SERIAL NOT NULL,
	project_id INTEGER,
	name TEXT NOT NULL,
	before DOUBLE PRECISION NOT NULL,
	after DOUBLE PRECISION NOT NULL,
	is_reset BOOLEAN DEFAULT false NOT NULL,
	reason TEXT DEFAULT '' NOT NULL,
	person_id INTEGER,
	made_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(project_id) REFERENCES project (id),
	FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_assumption_change_project_id ON assumption_change (project_id);

UPDATE alembic_version SET version_num='0009' WHERE alembic_version.version_num = '0008';

ALTER TABLE participation ADD COLUMN title_en TEXT DEFAULT '' NOT NULL;

ALTER TABLE participation ADD COLUMN text_en TEXT DEFAULT '' NOT NULL;

ALTER TABLE participation ADD COLUMN simple TEXT DEFAULT '' NOT NULL;

ALTER TABLE participation ADD COLUMN invited BOOLEAN DEFAULT false NOT NULL;

CREATE INDEX ix_contribution_changed ON contribution (participation_id, changed_at);

CREATE TABLE session_picture (
	id SERIAL NOT NULL,
	participation_id INTEGER NOT NULL,
	jpeg BYTEA NOT NULL,
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

create table personal_before as select * from personal;

DROP TABLE personal;

CREATE TABLE personal (
	id SERIAL NOT NULL,
	participation_id INTEGER NOT NULL,
	contribution_id INTEGER,
	secret TEXT NOT NULL,
	address TEXT,
	confirmed_at TIMESTAMP WITHOUT TIME ZONE,
	delete_on DATE NOT NULL,
	x DOUBLE PRECISION,
	y DOUBLE PRECISION,
	metres DOUBLE PRECISION,
	site TEXT,
	told_at TIMESTAMP WITHOUT TIME ZONE,
	PRIMARY KEY (id),
	FOREIGN KEY(participation_id) REFERENCES participation (id),
	UNIQUE (contribution_id),
	FOREIGN KEY(contribution_id) REFERENCES contribution (id),
	UNIQUE (secret)
);

CREATE INDEX ix_personal_participation_id ON personal (participation_id);

insert into personal (participation_id, contribution_id, secret, address, confirmed_at, delete_on) select c.participation_id, p.contribution_id, p.secret, p.address, p.confirmed_at, p.delete_on from personal_before p join contribution c on c.id = p.contribution_id;

DROP TABLE personal_before;

UPDATE alembic_version SET version_num='0010' WHERE alembic_version.version_num = '0009';

ALTER TABLE vacancies ADD COLUMN status TEXT;

ALTER TABLE vacancies ADD COLUMN checked_on DATE;

ALTER TABLE vacancies ADD COLUMN storey TEXT;

ALTER TABLE vacancies ADD COLUMN step_free BOOLEAN;

ALTER TABLE vacancies ADD COLUMN offer TEXT;

CREATE TABLE vacancy_private (
	uid TEXT NOT NULL,
	owner TEXT DEFAULT '' NOT NULL,
	contact TEXT DEFAULT '' NOT NULL,
	note TEXT DEFAULT '' NOT NULL,
	PRIMARY KEY (uid)
);

CREATE TABLE vacancy_file (
	id SERIAL NOT NULL,
	uid TEXT NOT NULL,
	kind TEXT NOT NULL,
	name TEXT NOT NULL,
	content BYTEA NOT NULL,
	person_id INTEGER,
	made_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE INDEX ix_vacancy_file_uid ON vacancy_file (uid);

CREATE TABLE vacancy_list (
	id SERIAL NOT NULL,
	name TEXT NOT NULL,
	content BYTEA NOT NULL,
	person_id INTEGER,
	made_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(person_id) REFERENCES person (id)
);

CREATE TABLE enquiry (
	id SERIAL NOT NULL,
	uid TEXT NOT NULL,
	name TEXT NOT NULL,
	contact TEXT NOT NULL,
	text TEXT NOT NULL,
	made_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
	delete_on DATE NOT NULL,
	PRIMARY KEY (id)
);

CREATE INDEX ix_enquiry_uid ON enquiry (uid);

UPDATE alembic_version SET version_num='0012' WHERE alembic_version.version_num = '0010';

CREATE TABLE token (
	id SERIAL NOT NULL,
	person_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	digest TEXT NOT NULL,
	mark TEXT NOT NULL,
	made_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
	PRIMARY KEY (id),
	FOREIGN KEY(person_id) REFERENCES person (id),
	UNIQUE (digest)
);

CREATE INDEX ix_token_person_id ON token (person_id);

UPDATE alembic_version SET version_num='0013' WHERE alembic_version.version_num = '0012';
